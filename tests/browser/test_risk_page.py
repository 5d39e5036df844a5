"""The page of risk in a browser: map, intervals, and the track record when it is asked for."""

import pytest

SOON, LATER = 20_000, 90_000
FRAME = 'iframe[title*="folium"]'


def open_page(watched, address):
    watched.page.goto(f"{address}risk")
    frame = watched.page.frame_locator(FRAME)
    frame.locator(".leaflet-risk-pane path").first.wait_for(timeout=LATER)
    return frame


def faults(watched) -> list[str]:
    """What went wrong in the page; Streamlit first asks below a page's own address for its host."""
    return [text for text in watched.errors if "404" not in text]


@pytest.mark.parametrize("width", [1280, 390])
def test_the_map_is_there_before_anything_is_judged_and_fits(watched, app_address, shots, width):
    watched.page.set_viewport_size({"width": width, "height": 900})
    frame, page = open_page(watched, app_address), watched.page
    assert frame.locator(".leaflet-risk-pane path").count() > 100
    assert page.locator(".banner").is_visible()
    page.get_by_text("incidents expected this shift").first.wait_for(timeout=SOON)
    page.get_by_text("4 shifts in 5").first.wait_for(timeout=SOON)
    assert page.locator("table.rivals").count() == 0
    page.get_by_role("button", name="Judge it on the past").click()
    page.locator("table.rivals").wait_for(timeout=LATER)
    page.get_by_role("button", name="Judge it on the past").wait_for(state="detached", timeout=SOON)
    assert page.locator("figure.plot img").count() == 2
    shown = page.locator("figure.plot img").evaluate_all("all => all.map(one => one.naturalWidth)")
    assert all(size > 0 for size in shown)
    page.get_by_text("each forecast from what was known when it began").wait_for(timeout=SOON)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.screenshot(path=shots / f"risk-{width}.png", full_page=True)
    assert watched.outside == []
    assert faults(watched) == []


def test_a_zone_says_what_it_is_made_of_and_the_map_can_show_certainty(watched, app_address):
    frame, page = open_page(watched, app_address), watched.page
    frame.locator(".leaflet-risk-pane path").nth(30).dispatch_event("mouseover")
    tip = frame.locator(".leaflet-tooltip")
    tip.wait_for(timeout=SOON)
    words = tip.inner_text()
    assert "of 169" in words and "in 20" in words and "from the whole history here" in words
    page.get_by_text("Upper end", exact=True).click()
    page.get_by_text("Most incidents in 19 shifts of 20").wait_for(timeout=SOON)
    page.get_by_text("What is uncertain", exact=True).click()
    page.get_by_text("fewer than 5: rests on little").wait_for(timeout=SOON)
    assert faults(watched) == []


def test_without_incidents_the_page_says_what_to_do(watched, app_for, build, tmp_path_factory):
    folder = tmp_path_factory.mktemp("none") / "nothing"
    build.new_workspace(folder)
    watched.page.goto(f"{app_for(folder)}risk")
    watched.page.get_by_text("No incidents are imported yet").wait_for(timeout=LATER)
