"""The map page opened from disk: no network, no error, and hostile names stay names."""

import dataclasses
import json
import re

import pytest

from planner.allocate.plan import Plan
from planner.allocate.planning import make_plan
from planner.allocate.scenario import scenario_from
from planner.publish.webmap import map_page
from planner.service.workspace import take_picture

HOSTILE = (
    "<img src=x onerror=window.hurt=1> ${window.hurt=1} `${window.hurt=1}` "
    "</script><script>window.hurt=1</script> <svg onload=window.hurt=1> {{window.hurt=1}}"
)
KEYS = ("name", "why", "top_category", "start", "finish", "warnings", "day", "stopped_by")


@pytest.fixture(scope="module")
def picture(demo):
    return take_picture(demo)


@pytest.fixture(scope="module")
def plan(picture):
    return make_plan(picture, scenario_from({"solver": {"tries": 1, "iterations": 60}}))


def open_page(watched, page: str, path):
    path.write_text(page, encoding="utf-8")
    watched.page.goto(path.as_uri())
    watched.page.locator(".chip.stop").first.wait_for(timeout=20_000)


def overlaps(page) -> int:
    """Count pairs of numbers on the map that cover each other."""
    return page.evaluate(
        """() => {
            const chips = [...document.querySelectorAll(".chip")];
            const boxes = chips.map(chip => chip.getBoundingClientRect());
            const covers = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
                && a.top < b.bottom - 1 && b.top < a.bottom - 1;
            return boxes.filter((a, i) => boxes.slice(i + 1).some(b => covers(a, b))).length;
        }"""
    )


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
def test_the_page_draws_the_plan_by_itself(picture, plan, watched, tmp_path, shots, width, height):
    watched.page.set_viewport_size({"width": width, "height": height})
    open_page(watched, map_page(picture, plan), tmp_path / "map.html")
    page = watched.page
    page.wait_for_timeout(300)
    routes = page.locator(".leaflet-routes-pane path.leaflet-interactive")
    assert routes.count() == len(plan.patrols.routes)
    assert page.locator(".leaflet-risk-pane path").count() == len(plan.risk.zones)
    labels = " ".join(page.locator(".chip.stop").all_inner_texts())
    for route in plan.patrols.routes:
        shown = re.findall(rf"\b{route.team}([\d·]+)", labels)
        assert sum(len(part.split("·")) for part in shown) == len(route.stops)
    assert overlaps(page) == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.screenshot(path=shots / f"map-{width}.png")
    assert watched.outside == []
    assert watched.errors == []


def test_a_stop_says_why_it_is_there(picture, plan, watched, tmp_path):
    open_page(watched, map_page(picture, plan), tmp_path / "map.html")
    watched.page.wait_for_timeout(300)
    watched.page.locator(".chip.stop").first.click()
    words = watched.page.locator(".leaflet-popup-content").inner_text()
    assert plan.patrols.routes[0].stops[0].name in words
    assert "expected incidents" in words


def test_hostile_names_do_not_run(picture, plan, watched, tmp_path):
    def spoil(value, key):
        if isinstance(value, dict):
            return {name: spoil(part, name) for name, part in value.items()}
        if isinstance(value, list):
            return [spoil(part, key) for part in value]
        return HOSTILE if key in KEYS and isinstance(value, str) else value

    bad = Plan.model_validate(spoil(json.loads(plan.to_json()), ""))
    cameras = picture.estate.cameras.assign(name=HOSTILE, controller=HOSTILE)
    estate = dataclasses.replace(picture.estate, cameras=cameras)
    content = map_page(dataclasses.replace(picture, estate=estate), bad)
    # Without its policy, so that only the escaping is tried.
    open_page(watched, re.sub("<meta http-equiv[^>]*>", "", content), tmp_path / "bad.html")
    page = watched.page
    page.wait_for_timeout(300)
    page.locator(".chip.stop").first.click()
    assert HOSTILE in page.locator(".leaflet-popup-content").inner_text()
    page.evaluate(
        """() => document.querySelectorAll("path.leaflet-interactive, .map-label").forEach(shape =>
            ["mouseover", "click"].forEach(kind => shape.dispatchEvent(
                new MouseEvent(kind, {bubbles: true, clientX: 500, clientY: 500}))))"""
    )
    page.locator(".leaflet-control-layers").hover()
    page.wait_for_timeout(500)
    assert page.evaluate("window.hurt === undefined")
    assert watched.outside == []
    assert watched.errors == []
