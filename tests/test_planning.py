"""From a picture and a scenario to a plan, on the demo estate."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from planner.allocate.demand import risk_points
from planner.allocate.plan import Plan, gap_between
from planner.allocate.planning import make_plan, plan_id
from planner.allocate.question.teams import team_letter
from planner.allocate.scenario import resolve_shift, scenario_from
from planner.allocate.sightlines.walls import walls_of
from planner.errors import NoIncidents, ScenarioError
from planner.geo import to_metric
from planner.insight.risk.forecast import shift_risk
from planner.insight.risk.model import Risk
from planner.picture import Picture
from planner.service.demo import make_demo
from planner.service.workspace import take_picture

QUICK = {"tries": 1, "iterations": 150}


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Picture:
    workspace = tmp_path_factory.mktemp("planning") / "workspace"
    make_demo(workspace)
    return take_picture(workspace)


@pytest.fixture(scope="module")
def risk(picture: Picture) -> Risk:
    shift = resolve_shift(scenario_from({}).shift, picture.settings, picture.as_of)
    return shift_risk(picture.expectation, shift)


def plan_of(picture: Picture, **parts: object) -> Plan:
    return make_plan(picture, scenario_from({"solver": QUICK} | parts))


def test_same_picture_and_scenario_give_the_same_plan(picture: Picture) -> None:
    assert plan_of(picture) == plan_of(picture)


def test_the_plan_id_follows_what_the_plan_is_made_from(picture: Picture) -> None:
    same, other = scenario_from({}), scenario_from({"patrols": {"teams": 3}})
    fewer = dataclasses.replace(picture, incidents=picture.incidents.iloc[:-1])
    ids = {plan_id(picture, same), plan_id(picture, other), plan_id(fewer, same)}
    assert len(ids) == 3
    shuffled = dataclasses.replace(
        picture, incidents=picture.incidents.sample(frac=1.0, random_state=1)
    )
    assert plan_id(shuffled, same) == plan_id(picture, same)


def test_a_plan_reads_back_from_json(picture: Picture) -> None:
    plan = plan_of(picture)
    assert Plan.model_validate_json(plan.to_json()) == plan
    assert set(json.loads(plan.to_json())) >= {
        "id", "picture", "scenario", "version", "patrols", "cameras", "baselines", "warnings",
    }  # fmt: skip


def test_more_teams_cover_more(picture: Picture) -> None:
    one, four = (plan_of(picture, patrols={"teams": teams}).patrols for teams in (1, 4))
    assert one.risk_covered < four.risk_covered
    assert one.bound < four.bound


def test_a_smaller_reserve_covers_more(picture: Picture) -> None:
    most, least = (plan_of(picture, patrols={"reserve": share}).patrols for share in (0.0, 0.8))
    assert most.risk_covered > least.risk_covered


def test_start_and_finish_are_posts_or_sites_by_any_name(picture: Picture) -> None:
    wanted = {"start": "science area POST", "finish": "St Cat's"}
    plan = plan_of(picture, patrols=wanted)
    route = plan.patrols.routes[0]
    assert (route.start, route.finish) == ("Science Area post", "St Catherine's College")


def test_lodges_are_no_posts(picture: Picture) -> None:
    assert "Porters' Lodge" not in set(picture.estate.posts["name"])
    with pytest.raises(ScenarioError, match="no post, site or zone is called"):
        plan_of(picture, patrols={"start": "Porters' Lodge"})


def test_names_that_nothing_has(picture: Picture) -> None:
    with pytest.raises(ScenarioError, match=r"patrols.start.*did you mean Balliol College"):
        plan_of(picture, patrols={"start": "Baliol Colege"})
    with pytest.raises(ScenarioError, match=r"minimum_visits.*'Hogwarts'"):
        plan_of(picture, patrols={"minimum_visits": ["Hogwarts"]})


def test_a_shift_shorter_than_one_stop(picture: Picture) -> None:
    with pytest.raises(ScenarioError, match=r"shift: 22:00 to 22:20 is 20 minutes.*25"):
        plan_of(picture, shift={"start": "22:00", "end": "22:20"})


def test_a_shift_just_long_enough_may_leave_teams_with_nothing_to_do(picture: Picture) -> None:
    plan = plan_of(picture, shift={"start": "22:00", "end": "22:26"}, patrols={"teams": 3})
    assert len(plan.patrols.routes) < 3
    assert any("nothing to do" in text for text in plan.warnings)


def test_the_night_the_clocks_change_has_its_true_length(picture: Picture) -> None:
    spring = plan_of(picture, shift={"date": "2027-03-27", "name": "night"})
    autumn = plan_of(picture, shift={"date": "2026-10-24", "name": "night"})
    assert spring.shift.starts_at.endswith("+00:00")
    assert spring.shift.ends_at == "2027-03-28T06:00:00+01:00"
    assert autumn.shift.ends_at == "2026-10-25T06:00:00+00:00"
    assert spring.patrols.risk_covered > 0
    assert autumn.risk.expected > spring.risk.expected


def test_no_cameras_wanted(picture: Picture) -> None:
    plan = plan_of(picture, cameras={"new": 0})
    assert plan.cameras.chosen == ()
    assert plan.cameras.covered == plan.cameras.standing == plan.cameras.bound


def test_nothing_imported_or_nothing_on_the_estate(picture: Picture) -> None:
    bare = dataclasses.replace(
        picture, incidents=picture.incidents[:0], periods=picture.periods[:0]
    )
    with pytest.raises(NoIncidents, match="No incidents are imported"):
        plan_of(bare)
    outside = picture.incidents[picture.incidents["zone"] == ""]
    with pytest.raises(NoIncidents, match="lies on the estate"):
        plan_of(dataclasses.replace(picture, incidents=outside))


def test_one_incident_is_enough_to_plan(picture: Picture) -> None:
    one = dataclasses.replace(picture, incidents=picture.incidents.iloc[:1])
    plan = plan_of(one)
    assert plan.hotspots == ()
    assert all(np.isfinite(zone.expected) for zone in plan.risk.zones)


def test_camera_demand_is_all_the_risk(picture: Picture, risk: Risk) -> None:
    demand = risk_points(picture.on_estate, picture.estate, risk)
    np.testing.assert_allclose(demand.weights.sum(), risk.daily.sum())
    by_zone = np.bincount(demand.zone, demand.weights, minlength=len(risk.zones))
    np.testing.assert_allclose(by_zone, risk.daily)


def test_cameras_stand_outside_walls_and_see_something(picture: Picture) -> None:
    cameras = plan_of(picture).cameras
    assert len(cameras.chosen) == 3
    at = [(camera.longitude, camera.latitude) for camera in cameras.chosen]
    points = to_metric(*np.array(at).T, picture.estate.crs)
    walls = shapely.union_all(picture.estate.outlines)
    assert not walls_of(picture.estate.outlines).inside(points).any()
    for camera, point in zip(cameras.chosen, points, strict=True):
        area = shapely.Polygon(to_metric(*np.array(camera.area).T, picture.estate.crs))
        assert area.area > 10
        # Drawn to a tenth of a metre, so that slivers of walls may be in it.
        assert area.intersection(walls).area < 0.02 * area.area
        assert area.distance(shapely.Point(point)) < 1
        assert camera.mount
    assert cameras.standing < cameras.covered
    assert cameras.purchase == sum(camera.purchase for camera in cameras.chosen)


def test_teams_have_letters() -> None:
    assert [team_letter(n) for n in (0, 25, 26, 27, 52)] == ["A", "Z", "AA", "AB", "BA"]


def test_a_gap_is_a_share_of_the_bound() -> None:
    assert gap_between(0.9, 1.0) == pytest.approx(0.1)
    assert gap_between(0.0, 0.0) == 0.0


def test_picture_is_read_again_alike(picture: Picture, tmp_path: Path) -> None:
    make_demo(tmp_path / "again")
    assert take_picture(tmp_path / "again").fingerprint == picture.fingerprint
