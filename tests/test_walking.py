"""What locked gates do to a plan: longer ways, moved stops, zones left out and said."""

from datetime import date
from types import ModuleType
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner.allocate.legs import legs_between, place_at
from planner.allocate.plan import Plan
from planner.allocate.planning import make_plan
from planner.allocate.scenario import scenario_from
from planner.allocate.walking import far_warnings, gate_warnings, walking_in
from planner.clock import Shift, shift_on
from planner.errors import ScenarioError
from planner.estate.streets import network
from planner.picture import Picture
from planner.settings import USUAL_SHIFTS, Settings
from planner.travel_modes import TravelMode

DAY, NIGHT = (
    shift_on(date(2025, 7, 8), name, USUAL_SHIFTS[name], "Europe/London")
    for name in ("early", "night")
)
AT_A_METRE = TravelMode("foot", 1.0, 1.0)
LOCKED = "Mo-Su 06:00-18:00"
# South Lane is open; Park Walk leads to Gamma, Short Cut from Park Walk back to South Lane, and
# Beta Yard up to Beta.
WAYS = {
    "South Lane": [(-50, -50), (150, -50), (250, -50), (350, -50)],
    "Park Walk": [(-50, -50), (-50, 350), (100, 350)],
    "Short Cut": [(-50, 350), (150, -50)],
    "Beta Yard": [(250, -50), (250, -10)],
}


def walked(build: ModuleType, hours: dict[str, str], **settings: Any) -> Picture:
    """The small estate with the ways above, of which some close."""
    lines = gpd.GeoDataFrame(
        {
            "name": list(WAYS),
            "highway": "footway",
            "opening_hours": [hours.get(name, "") for name in WAYS],
            "controller": "City Parks",
        },
        geometry=[
            shapely.LineString([build.metres(*place) for place in way]) for way in WAYS.values()
        ],
        crs=build.CRS,
    )
    zones = ["alpha-college", "beta-museum", "gamma-library"] * 4
    incidents = build.located([{"zone": zone} for zone in zones])
    spans = build.periods(("2025-06-01", "2025-07-08"))
    estate = build.estate(streets=network(lines))
    return Picture(Settings(crs=build.CRS, **settings), estate, incidents, spans)


def plan_of(picture: Picture, shift: str, **patrols: object) -> Plan:
    wanted = {"teams": 1, **patrols}
    solver = {"tries": 1, "iterations": 60}
    shift_wanted = {"date": "2025-07-08", "name": shift}
    return make_plan(
        picture, scenario_from({"shift": shift_wanted, "patrols": wanted, "solver": solver})
    )


def metres_between(picture: Picture, shift: Shift, start: tuple[int, int], end: int) -> float:
    """Walk from a post at a place (in metres of the estate) to the stop of a zone."""
    walking = walking_in(picture, shift)
    post, _ = place_at(walking.streets, "Post", shapely.Point(start))
    points = np.vstack([post.point, walking.stops.points[end]])
    nodes = np.array([post.node, walking.stops.nodes[end]])
    return float(legs_between(walking.streets, points, nodes, AT_A_METRE).metres[0, 1])


def test_a_locked_gate_lengthens_the_legs_of_its_shift(build: ModuleType) -> None:
    picture = walked(build, {"Short Cut": LOCKED})
    start = build.metres(150, -50)
    through = metres_between(picture, DAY, start, 2)
    assert metres_between(picture, NIGHT, start, 2) > through + 100
    keyed = walked(build, {"Short Cut": LOCKED}, keys=["City Parks"])
    assert metres_between(keyed, NIGHT, start, 2) == pytest.approx(through)


def test_a_stop_behind_a_locked_gate_moves_to_the_nearest_open_street(build: ModuleType) -> None:
    picture = walked(build, {"Beta Yard": LOCKED})
    by_day, by_night = (walking_in(picture, shift).stops for shift in (DAY, NIGHT))
    assert by_day.points[1].tolist() == pytest.approx(build.metres(250, -10))
    assert by_night.points[1].tolist() == pytest.approx(build.metres(250, -50))
    assert by_night.reachable.all()
    assert gate_warnings(picture.estate, walking_in(picture, NIGHT)) == ()


def test_where_nothing_is_locked_stops_are_those_of_the_estate(build: ModuleType) -> None:
    picture = walked(build, {"Beta Yard": LOCKED})
    stops = walking_in(picture, DAY).stops
    assert stops.nodes.tolist() == picture.estate.stops.nodes.tolist()


def test_a_zone_that_gates_cut_off_is_left_out_and_said(build: ModuleType) -> None:
    picture = walked(build, {"Park Walk": LOCKED, "Short Cut": LOCKED})
    plans = {shift: plan_of(picture, shift) for shift in ("early", "night")}
    stops = {
        shift: {stop.zone for route in plan.patrols.routes for stop in route.stops}
        for shift, plan in plans.items()
    }
    assert "gamma-library" in stops["early"]
    assert stops["night"] == {"alpha-college", "beta-museum"}
    said = [text for text in plans["night"].warnings if "gates are locked" in text]
    assert len(said) == 1
    assert "Gamma Library" in said[0]
    assert not any("gates are locked" in text for text in plans["early"].warnings)


def test_no_route_leads_along_a_locked_way(build: ModuleType) -> None:
    picture = walked(build, {"Short Cut": LOCKED})
    locked = shapely.LineString([build.metres(*place) for place in WAYS["Short Cut"]])
    middle = shapely.transform(
        np.array([shapely.line_interpolate_point(locked, 0.5, normalized=True)]),
        lambda points: np.array([build.degrees(*(point - build.CORNER)) for point in points]),
    )[0]
    apart = {
        shift: min(
            shapely.LineString(route.path).distance(middle) * 100_000
            for route in plan_of(picture, shift, start="Control Post").patrols.routes
        )
        for shift in ("early", "night")
    }
    assert apart["early"] < 5 < apart["night"]


def test_a_zone_that_must_be_seen_behind_a_locked_gate_is_refused(build: ModuleType) -> None:
    picture = walked(build, {"Park Walk": LOCKED, "Short Cut": LOCKED})
    minimum = {"Gamma Library": 1}
    assert plan_of(picture, "early", minimum_visits=minimum).patrols.routes
    with pytest.raises(ScenarioError, match="open in this shift"):
        plan_of(picture, "night", minimum_visits=minimum)


def test_a_post_behind_a_locked_gate_is_refused_as_a_start(build: ModuleType) -> None:
    picture = walked(build, {"Park Walk": LOCKED, "Short Cut": LOCKED})
    with pytest.raises(ScenarioError, match=r"patrols\.start: 'Gamma Library'"):
        plan_of(picture, "night", start="Gamma Library")


def test_opening_hours_that_cannot_be_read_are_said(build: ModuleType) -> None:
    plan = plan_of(walked(build, {"Beta Yard": "ask the warden"}), "night")
    assert any("ask the warden" in text for text in plan.warnings)


def test_where_every_street_is_locked_no_zone_is_reached(build: ModuleType) -> None:
    picture = walked(build, dict.fromkeys(WAYS, LOCKED))
    walking = walking_in(picture, NIGHT)
    assert not walking.stops.reachable.any()
    assert "3 of 3 zones" in gate_warnings(picture.estate, walking)[0]
    with pytest.raises(ScenarioError, match="open in this shift"):
        plan_of(picture, "night", start="Control Post")


def test_without_streets_nothing_is_locked(build: ModuleType) -> None:
    picture = walked(build, {})
    straight = Picture(
        picture.settings, build.estate(streets=None), picture.incidents, picture.periods
    )
    walking = walking_in(straight, NIGHT)
    assert walking.stops.reachable.all()
    assert gate_warnings(straight.estate, walking) == ()
    place, metres = place_at(None, "Post", build.square(0, 0, 10))
    assert (place.node, metres) == (-1, 0)
    legs = legs_between(
        None, np.array([[0.0, 0.0], [30.0, 40.0]]), np.array([-1, -1]), TravelMode("foot", 2.0, 2.0)
    )
    assert legs.metres[0, 1] == 50
    assert legs.seconds[0, 1] == 25


@pytest.mark.parametrize(("kind", "reach", "said"), [
    ("streets", 150.0, 0), ("streets", 5.0, 1), ("catchments", 5.0, 0),
])  # fmt: skip
def test_sites_far_from_the_stretch_that_they_count_for_are_said(
    build: ModuleType, kind: str, reach: float, said: int
) -> None:
    estate = build.estate(zone_kind=kind, stop_reach_m=reach)
    texts = far_warnings(estate)
    assert len(texts) == said
    assert all("from a street" in text and "overstated" in text for text in texts)
