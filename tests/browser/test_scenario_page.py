"""The page of scenarios in a browser: table, maps of what changes, and it fits a phone."""

import pytest

SOON, LATER = 20_000, 180_000


@pytest.mark.parametrize("width", [1280, 390])
def test_scenarios_stand_side_by_side_with_maps_and_fit(watched, app_address, shots, width):
    watched.page.set_viewport_size({"width": width, "height": 900})
    page = watched.page
    page.goto(f"{app_address}scenarios")
    page.get_by_text("Side by side").wait_for(timeout=LATER)
    maps = page.locator("svg.change, img.change")
    maps.first.wait_for(timeout=SOON)
    assert maps.count() == 2
    box = maps.first.bounding_box()
    assert box is not None and box["height"] > 100
    assert page.locator(".wide td").count() > 20
    assert page.locator(".banner").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.screenshot(path=shots / f"scenarios-{width}.png", full_page=True)
    assert watched.outside == []
    assert [text for text in watched.errors if "404" not in text] == []
