"""The demo: the whole job in one command."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gpxpy
import pytest
import shapely

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def demo(planner: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    out = tmp_path_factory.mktemp("demo") / "out"
    return out, planner("demo", "--out", out).stdout


def test_it_plans_and_says_how_good_the_plan_is(
    demo: tuple[Path, str], check_plan: Callable[[Path], dict[str, Any]]
) -> None:
    out, said = demo
    plan = check_plan(out)
    assert len(plan["patrols"]["routes"]) == 2
    assert len(plan["cameras"]["chosen"]) == 3
    assert plan["patrols"]["gap"] < 0.15
    assert "of the expected risk; no plan covers more than" in said
    assert "random stops" in said
    assert plan["shift"]["day"]


def test_illustrative_data_says_so_everywhere(demo: tuple[Path, str]) -> None:
    out, said = demo
    assert "invented" in said
    assert "ILLUSTRATIVE" in (out / "map.html").read_text(encoding="utf-8")
    assert "ILLUSTRATIVE" in (out / "routes.gpx").read_text(encoding="utf-8")


def test_routes_are_gpx(demo: tuple[Path, str]) -> None:
    out, _ = demo
    plan = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    document = gpxpy.parse((out / "routes.gpx").read_text(encoding="utf-8"))
    assert [track.name for track in document.tracks] == ["Team A", "Team B"]
    stops = [stop for route in plan["patrols"]["routes"] for stop in route["stops"]]
    assert len(document.waypoints) == len(stops)
    first = document.waypoints[0]
    assert (first.longitude, first.latitude) == (stops[0]["longitude"], stops[0]["latitude"])


def test_the_estate_knows_what_camera_planning_needs(demo: tuple[Path, str]) -> None:
    from planner.estate.surroundings import KINDS, private_places
    from planner.service.demo import bundled
    from planner.service.workspace import open_workspace

    _, estate = open_workspace(demo[0] / "workspace")
    source = bundled("geodata") / "oxford" / "surroundings.geojson"
    features = json.loads(source.read_text(encoding="utf-8"))["features"]
    assert all(feature["properties"]["illustrative"] is True for feature in features)
    # None is left out.
    assert len(estate.surroundings) == len(features)
    assert set(estate.surroundings["kind"]) == set(KINDS)
    cameras, walls = estate.cameras, shapely.union_all(estate.outlines)
    assert len(cameras) == 25
    assert cameras["kind"].value_counts().to_dict() == {
        "fixed": 20, "pan-tilt-zoom": 2, "relocatable": 2, "all-round": 1,
    }  # fmt: skip
    assert shapely.distance(cameras.geometry.to_numpy(), walls).min() > 0.5
    assert cameras["bearing"].notna().sum() == 22
    homes = private_places(estate.surroundings, estate.buildings)
    assert set(homes["kind"]) == {"private", "house"}
    around = estate.surroundings
    houses = shapely.union_all(around[around["kind"] == "building"].geometry.to_numpy())
    assert estate.streets is not None
    assert not estate.streets.lines.intersects(houses).any()
    assert not estate.sites.intersects(houses).any()


def test_again_in_the_same_place_gives_the_same_plan(demo: tuple[Path, str], planner: Run) -> None:
    out, _ = demo
    before = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    after = json.loads(planner("demo", "--out", out, "--json").stdout)
    assert after == before


def test_other_zones_and_a_site_that_must_be_seen(
    demo: tuple[Path, str],
    planner: Run,
    check_plan: Callable[[Path], dict[str, Any]],
    tmp_path: Path,
) -> None:
    from planner.service.demo import bundled

    oxford = bundled("geodata") / "oxford"
    workspace = tmp_path / "beats"
    planner(
        "init", "-w", workspace, oxford / "sites.geojson", oxford / "buildings.geojson",
        "--streets", oxford / "streets.geojson", "--zones", oxford / "beats.geojson",
        "--cameras", oxford / "cameras.geojson",
    )  # fmt: skip
    planner("import", "-w", workspace, demo[0] / "workspace" / "incidents.csv")
    scenario = tmp_path / "seen.toml"
    scenario.write_text(
        '[patrols]\nminimum_visits = ["LMH"]\nstart = "Old Road Campus post"\n', encoding="utf-8"
    )
    planner("plan", "-w", workspace, "--scenario", scenario, "--out", tmp_path / "out")
    plan = check_plan(tmp_path / "out")
    assert len(plan["risk"]["zones"]) == 15
    reasons = [stop["why"] for route in plan["patrols"]["routes"] for stop in route["stops"]]
    assert any("ust be seen" in why for why in reasons)
    assert plan["patrols"]["routes"][0]["start"] == "Old Road Campus post"
