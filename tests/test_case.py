"""The case for a camera: its numbers add up, small ones are held back, others' are refused."""

from types import ModuleType

import camera_cases
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planner.allocate.camera_plan import cameras_plan
from planner.allocate.cameras.deployment import Deployment
from planner.allocate.comparison.alternatives import DAYS_A_YEAR, LIGHTING, LOCKS, best_visit
from planner.allocate.comparison.case import CameraCase, camera_case
from planner.allocate.comparison.land_in_view import land_in_view
from planner.allocate.comparison.meant_camera import meant_camera
from planner.allocate.comparison.records_in_view import (
    SMALLEST,
    category_counts,
    held_back,
    shares_in_view,
)
from planner.errors import ScenarioError


@pytest.fixture(scope="module")
def deployment(build: ModuleType) -> Deployment:
    return camera_cases.deployment(build)


@pytest.fixture(scope="module")
def gate(deployment: Deployment) -> CameraCase:
    return camera_case(deployment, "Gate")


def test_a_camera_has_the_figures_of_the_plan_by_its_name_and_by_its_number(
    deployment: Deployment,
) -> None:
    plan = cameras_plan(deployment)
    first = plan.chosen[0]
    for which in ("C1", "c1", first.name):
        case = camera_case(deployment, which)
        assert (case.code, case.name) == ("C1", first.name)
        assert case.adds == first.adds
        assert case.bearing == first.bearing
        # The plan's outline is what counts as seen, the case's all that is in view.
        seen, whole = shapely.Polygon(first.area), shapely.Polygon(case.area)
        assert shapely.area(shapely.intersection(seen, whole)) > 0.98 * shapely.area(seen)
        assert (case.purchase, case.yearly) == (first.purchase, first.yearly)
    for own in plan.own:
        assert camera_case(deployment, own.name).adds == pytest.approx(own.adds)


def test_what_it_adds_in_incidents_is_its_share_of_all(
    deployment: Deployment, gate: CameraCase
) -> None:
    whole = deployment.study.incidents.sum() * DAYS_A_YEAR
    assert gate.adds_incidents == pytest.approx(gate.adds * whole)
    in_view = gate.expected_by_day + gate.expected_after_dark
    assert 0 < gate.adds_incidents <= in_view + 1e-9


def test_a_stated_camera_comes_first_and_is_found(build: ModuleType) -> None:
    place = {"name": "Stated", "position": list(build.degrees(57, -40)), "bearing": 0.0}
    made = camera_cases.deployment(build, place=[place])
    case = camera_case(made, "Stated")
    assert (case.code, case.mount) == ("C1", "as stated")
    assert case.adds == cameras_plan(made).chosen[0].adds


def test_a_unit_placed_each_term_adds_in_its_term_alone(build: ModuleType) -> None:
    made = camera_cases.deployment(build, new=0, relocatable=1)
    chosen = cameras_plan(made).chosen
    cases = [camera_case(made, f"C{number}") for number in range(1, len(chosen) + 1)]
    assert [case.term for case in cases] == [choice.term for choice in chosen]
    assert all(case.purchase > 0 for case in cases)


@pytest.mark.parametrize("which", ["", "C0", "C2", "C²", "C99999999999999", "gate ", "Nobody's"])
def test_an_unknown_name_is_refused_with_what_there_is(deployment: Deployment, which: str) -> None:
    with pytest.raises(ScenarioError, match=r"C1 \(.*Gate") as caught:
        camera_case(deployment, which)
    assert "Porter" not in str(caught.value)


def test_others_cameras_are_refused(deployment: Deployment) -> None:
    with pytest.raises(ScenarioError, match="not the service's own"):
        camera_case(deployment, "Porter")


def test_several_of_one_name_are_told_apart_by_number(build: ModuleType) -> None:
    places = [
        {"name": "Twin", "position": list(build.degrees(x, -40)), "bearing": 0.0} for x in (50, 60)
    ]
    made = camera_cases.deployment(build, place=places)
    with pytest.raises(ScenarioError, match="C1, C2"):
        camera_case(made, "Twin")


def test_records_in_view_are_counted_and_small_numbers_held_back(gate: CameraCase) -> None:
    counts = {each.name: each.count for each in gate.records.categories}
    assert counts["bicycle theft"] == 30
    assert counts["violence"] is None
    assert gate.records.rounded
    assert gate.records.total is not None
    assert gate.records.total % SMALLEST == 0
    known = sum(count or 0 for count in counts.values())
    held = sum(count is None for count in counts.values())
    assert known <= gate.records.total + SMALLEST / 2 + 1
    assert gate.records.total <= known + held * (SMALLEST - 0.5) + SMALLEST / 2 + 1
    assert sum(gate.records.hours) == pytest.approx(1.0, abs=0.12)
    assert len(gate.records.hours) == 24


def test_counts_by_category_sum_to_what_is_in_view(deployment: Deployment) -> None:
    incidents = deployment.study.picture.on_estate
    meant = meant_camera(deployment, "Gate")
    shares = shares_in_view(deployment.study, meant.options, "outline", incidents)
    assert category_counts(incidents["category"], shares).sum() == pytest.approx(shares.sum())
    assert ((shares >= 0) & (shares <= 1)).all()


def test_police_records_count_by_their_zone_and_never_by_their_point(
    build: ModuleType, deployment: Deployment
) -> None:
    incidents = deployment.study.picture.on_estate
    blurred = incidents["anonymised"].to_numpy(bool)
    meant = meant_camera(deployment, "Gate")
    moved = incidents.assign(
        x=np.where(blurred, incidents["x"] + 500, incidents["x"]), y=incidents["y"]
    )
    here, there = (
        shares_in_view(deployment.study, meant.options, "outline", table)
        for table in (incidents, moved)
    )
    assert here.tolist() == there.tolist()
    assert 0 < here[blurred][0] < 1


def test_sensitive_categories_are_never_there(build: ModuleType) -> None:
    seen = camera_cases.picture(build)
    rules = dict(seen.settings.categories)
    rules["bicycle theft"] = rules["bicycle theft"].model_copy(update={"sensitive": True})
    hidden = seen.settings.model_copy(update={"categories": rules})
    made = camera_cases.deployment(build, camera_cases.picture(build, settings=hidden))
    case = camera_case(made, "Gate")
    assert "bicycle theft" not in case.model_dump_json()


def test_few_records_are_not_shown_at_all(deployment: Deployment) -> None:
    records = camera_case(deployment, "Far").records
    assert records.total is None
    assert records.categories == ()
    assert records.hours == ()


@given(st.floats(0, 20))
def test_numbers_under_five_are_held_back(count: float) -> None:
    shown = held_back(count)
    assert shown is None or shown >= SMALLEST
    assert (shown is None) == (round(count) < SMALLEST)


@given(st.floats(-80, 320), st.floats(-80, 420), st.floats(5, 150))
def test_the_land_sums_to_the_view(build: ModuleType, x: float, y: float, side: float) -> None:
    view = build.square(x, y, side)
    land = land_in_view(build.standing_estate(), view)
    assert sum(part.square_metres for part in land) == pytest.approx(shapely.area(view))
    assert all(part.square_metres >= 0 for part in land)


def test_land_is_whose_it_is_and_overlaps_count_once(build: ModuleType) -> None:
    estate = build.estate()
    twice = pd.concat([estate.sites, estate.sites.iloc[:1]], ignore_index=True)
    doubled = build.estate(sites=twice)
    land = land_in_view(doubled, build.square(-50, 0, 100))
    assert {part.whose: round(part.square_metres) for part in land} == {
        "Alpha College": 5_000, "streets and other ground": 5_000,
    }  # fmt: skip


def test_grades_reach_less_far_the_finer_and_after_dark(gate: CameraCase) -> None:
    days = [each.day_m for each in gate.reaches]
    assert days == sorted(days, reverse=True)
    assert all(each.dark_m <= each.day_m <= gate.range_m for each in gate.reaches)


def test_private_places_and_papers_are_told(gate: CameraCase) -> None:
    assert [view.name for view in gate.private] == [camera_cases.HOSTILE]
    assert "masked" in gate.private[0].treatment
    assert "before it is switched on" in gate.impact_assessment
    assert gate.review_on == "2027-01-01"


def test_all_twelve_principles_stand_there_and_none_is_claimed_for_the_service(
    gate: CameraCase,
) -> None:
    assert [each.number for each in gate.principles] == list(range(1, 13))
    assert all("pen" in each.answer for each in gate.principles if each.open)
    # Without an impact assessment nothing is answered in full.
    assert all(each.open for each in gate.principles)


def test_alternatives_say_what_they_count(deployment: Deployment, gate: CameraCase) -> None:
    by_name = {each.name: each for each in gate.alternatives}
    assert len(by_name) == 4
    in_view = gate.expected_by_day + gate.expected_after_dark
    locks = by_name[LOCKS].expected
    assert locks is None or locks <= in_view + 1e-9
    assert "upper limit" in by_name[LIGHTING].words
    covered, _, shift = best_visit(deployment, 0)
    assert 0 < covered < deployment.study.risk.daily[0]
    assert shift in deployment.study.picture.settings.shifts
