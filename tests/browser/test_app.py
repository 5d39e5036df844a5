"""The app as a person meets it, in a browser that can reach nothing but this machine."""

FRAME = 'iframe[title*="folium"]'
SOON, LATER = 20_000, 60_000


def open_app(watched, address):
    watched.page.goto(address)
    frame = watched.page.frame_locator(FRAME)
    frame.locator(".chip.stop").first.wait_for(timeout=LATER)
    return frame


def team_lines(frame) -> int:
    return frame.locator(".leaflet-routes-pane path.leaflet-interactive").count()


def ask_for_teams(page, count: int) -> None:
    box = page.get_by_label("Patrol teams")
    box.fill(str(count))
    box.press("Enter")
    page.get_by_text("Press 'Plan' for a new one").wait_for(timeout=SOON)
    page.get_by_role("button", name="Plan", exact=True).click()


def test_a_plan_is_drawn_and_a_new_number_of_teams_draws_new_routes(watched, app_address, shots):
    frame, page = open_app(watched, app_address), watched.page
    assert team_lines(frame) == 2
    assert frame.locator(".leaflet-risk-pane path").count() > 50
    assert frame.locator(".chip.stop", has_text="C").count() == 0
    assert page.locator(".banner").is_visible()
    assert page.get_by_text("Risk covered by patrols").is_visible()
    page.screenshot(path=shots / "app.png")

    ask_for_teams(page, 3)
    frame.locator(".chip.stop", has_text="C").first.wait_for(timeout=LATER)
    assert team_lines(frame) == 3
    page.get_by_text("Team C").first.wait_for(timeout=SOON)
    page.screenshot(path=shots / "app-three-teams.png")
    assert watched.outside == []
    assert watched.errors == []


def test_the_app_fits_a_phone(watched, app_address, shots):
    watched.page.set_viewport_size({"width": 390, "height": 844})
    frame = open_app(watched, app_address)
    assert frame.locator("#map_div").bounding_box()["width"] <= 390
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 390
    watched.page.screenshot(path=shots / "app-phone.png")
    assert watched.outside == []


def test_the_map_can_be_zoomed_and_layers_switched_off(watched, app_address):
    frame = open_app(watched, app_address)
    zones = frame.locator(".leaflet-risk-pane path")
    assert zones.count() > 0
    frame.locator(".leaflet-control-layers").hover()
    frame.locator("label", has_text="Risk by zone").click()
    zones.first.wait_for(state="detached", timeout=SOON)
    frame.locator(".leaflet-control-zoom-in").click()
    assert frame.locator(".chip.stop").count() > 0
    assert watched.outside == []
