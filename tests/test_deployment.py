"""Deployments of cameras: what a scenario asks is kept, and what it can't ask is named."""

import dataclasses
from datetime import date
from types import ModuleType
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from questions import small_picture

from planner.allocate.camera_plan import cameras_plan, deploy_for
from planner.allocate.cameras import roles
from planner.allocate.cameras.deployment import Deployment
from planner.allocate.cameras.study import Study
from planner.allocate.scenario import resolve_shift, scenario_from
from planner.errors import Infeasible, PlannerError, ScenarioError
from planner.estate.cameras import USUAL
from planner.insight.risk.forecast import shift_risk
from planner.picture import Picture
from planner.settings import Term

TERMS = (
    Term(name="Spring 2025", first_week_starts=date(2025, 4, 27), weeks=(1, 8)),
    Term(name="Summer 2025", first_week_starts=date(2025, 6, 15), weeks=(1, 8)),
)


def camera(build: ModuleType, name: str, x: float, y: float, **values: Any) -> dict[str, Any]:
    return {
        **USUAL, "name": name, "controller": "service", "access": "own", "valid_from": "",
        "valid_to": "", "range_m": 40.0, "geometry": shapely.Point(build.metres(x, y)), **values,
    }  # fmt: skip


@pytest.fixture(scope="module")
def study(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The small estate with four cameras of the service's own, one of them of no use."""
    picture = small_picture(build, tmp_path_factory.mktemp("deployment"), 90)
    cameras = gpd.GeoDataFrame(
        [
            camera(build, "Alpha gate", 50, -4, bearing=0.0, field_of_view=90.0, range_m=60.0),
            camera(build, "Beta gate", 250, -4, bearing=90.0, field_of_view=80.0),
            camera(build, "Far corner", -40, 440, bearing=315.0, field_of_view=40.0),
            camera(build, "Mast", 190, 190, kind="relocatable"),
            camera(build, "Gamma door", 50, 296, controller="Gamma Library"),
        ],
        crs=build.CRS,
    )
    estate = dataclasses.replace(picture.estate, cameras=cameras)
    known = picture.settings.model_copy(update={"terms": TERMS})
    return study_of(dataclasses.replace(picture, estate=estate, settings=known))


def study_of(picture: Picture) -> Study:
    shift = resolve_shift(scenario_from({}).shift, picture.settings, picture.as_of)
    return Study(picture, shift_risk(picture.expectation, shift))


def deployed(study: Study, **cameras: Any) -> Deployment:
    return deploy_for(study, scenario_from({"cameras": cameras}))


def roles_of(deployment: Deployment) -> list[str]:
    return [str(role) for role in deployment.options.table["role"].iloc[deployment.chosen]]


def test_the_number_of_new_cameras_is_kept_and_more_cover_more(study: Study) -> None:
    covers = []
    for new in (0, 1, 3):
        made = deployed(study, new=new)
        assert roles_of(made) == [roles.NEW] * len(made.chosen)
        assert len(made.chosen) <= new
        covers.append(made.share(study.incidents))
    assert covers[0] < covers[1] < covers[2]
    assert covers[0] == pytest.approx(cameras_plan(deployed(study, new=0)).standing)


def test_a_budget_and_a_yearly_budget_are_kept(study: Study) -> None:
    made = deployed(study, budget=9_500)
    assert made.purchase == 8_000
    assert len(made.chosen) == 2
    assert deployed(study, budget=9_500, yearly_budget=500).yearly == 450
    assert deployed(study, new=5, yearly_budget=0).purchase == 0


def test_a_camera_may_be_turned_but_stays(study: Study) -> None:
    kept = deployed(study, new=0)
    turned = deployed(study, new=0, standing="re-aim")
    assert turned.share(study.incidents) > kept.share(study.incidents)
    standing = turned.options.table["standing"].iloc[turned.chosen]
    assert sorted(standing) == [0, 1, 2, 3]
    notes = cameras_plan(turned)
    assert {note.becomes for note in notes.own} == {"kept", "turned"}
    assert turned.purchase == 200.0 * sum(note.becomes == "turned" for note in notes.own)


def test_the_weakest_is_moved_for_the_price_of_moving(study: Study) -> None:
    notes = cameras_plan(deployed(study, new=0))
    weakest = min(notes.own, key=lambda note: note.adds).name
    made = deployed(study, new=0, move_weakest=1)
    moved = cameras_plan(made)
    assert [note.name for note in moved.own if note.becomes == "moved"] == [weakest]
    assert [choice.role for choice in moved.chosen] == ["moved here"]
    assert (moved.purchase, moved.yearly) == (1_200.0, 0.0)
    assert moved.covered > notes.covered


def test_at_most_so_many_are_moved(study: Study) -> None:
    for moves in (1, 2):
        made = deployed(study, new=0, moves=moves)
        notes = cameras_plan(made)
        gone = [note for note in notes.own if note.becomes == "moved"]
        assert len(gone) <= moves
        assert len([role for role in roles_of(made) if role == roles.MOVED]) <= len(gone)


def test_what_is_taken_away_saves_its_year_and_what_is_down_does_not(study: Study) -> None:
    today = deployed(study, new=0)
    removed = deployed(study, new=0, remove=["Alpha gate"])
    down = deployed(study, new=0, down=["Alpha gate"])
    assert removed.share(study.incidents) == down.share(study.incidents)
    assert down.share(study.incidents) < today.share(study.incidents)
    assert (removed.yearly, down.yearly, today.yearly) == (-450.0, 0.0, 0.0)


def test_relocatable_units_are_placed_in_each_term(study: Study) -> None:
    made = deployed(study, new=0, relocatable=1, relocate=True)
    assert made.term_names == ("Spring", "Summer")
    assert set(roles_of(made)) == {roles.PLACED_EACH_TERM}
    for term in (0, 1):
        assert 1 <= int((made.term[made.covering.chosen] == term).sum()) <= 2
    assert (made.purchase, made.yearly) == (6_500.0, 1_300.0)
    notes = cameras_plan(made)
    assert {choice.term for choice in notes.chosen} == {"Spring", "Summer"}
    assert [note.becomes for note in notes.own if note.name == "Mast"] == ["placed each term"]


def test_a_second_view_is_taken_where_it_is_worth_something(study: Study) -> None:
    once = deployed(study, new=2, grade="overview")
    twice = deployed(
        study, new=2, grade="overview", second_views=["Alpha College"], second_view_worth=1.0
    )
    near = twice.problem.again > 0
    assert near.any()

    def seen_twice(made: Deployment) -> float:
        cover = made.problem.cover(made.covering.chosen)
        return float(made.problem.weights[near & (cover >= 2)].sum())

    assert seen_twice(twice) >= seen_twice(once)
    assert twice.covering.value >= once.covering.value - 1e-9


def test_a_stated_camera_is_there_in_any_case(build: ModuleType, study: Study) -> None:
    place = {"name": "By the hall", "position": build.degrees(25, 6), "bearing": 0.0}
    made = cameras_plan(deployed(study, new=0, place=[place]))
    assert [(one.name, one.mount) for one in made.chosen] == [("By the hall", "as stated")]
    assert made.purchase == 4_000.0
    assert made.chosen[0].bearing == pytest.approx(0.0, abs=0.1) or made.chosen[0].bearing > 359.8


def test_least_cover_of_an_own_site_is_reached_or_refused(study: Study) -> None:
    free = deployed(study, new=1)
    rows = np.tile(study.demand.zone == 1, 2)
    asked = deployed(study, new=1, minimum_cover={"Control Post": 0.05})
    assert asked.share(study.incidents) <= free.share(study.incidents) + 1e-9
    assert rows.any()
    with pytest.raises(Infeasible, match="'Control Post' asks for 90 % of its risk"):
        deployed(study, new=0, minimum_cover={"Control Post": 0.9})


@pytest.mark.parametrize(
    ("cameras", "words"),
    [
        ({"budget": 100}, "less than the cheapest change costs \\(fixed, £4,000\\)"),
        ({"kinds": ["fish"]}, "no kind of camera 'fish'; the settings know fixed"),
        ({"grade": "identify"}, "no grade 'identify' in IEC 62676-4:2025; it has overview"),
        ({"remove": ["Nobody"]}, "cameras.remove: the service has no camera 'Nobody'"),
        (
            {"remove": ["Alpha gate"], "down": ["Nobody"]},
            "cameras.down: the service has no camera 'Nobody'",
        ),
        ({"down": ["Gamma door"]}, "cameras.down: the service has no camera 'Gamma door'"),
        ({"move_weakest": 9}, "9 can't be moved, since the service has 4"),
        ({"moves": 1, "move_weakest": 1}, "give moves or move_weakest"),
        ({"minimum_cover": {"Gamma Library": 0.1}}, "'Gamma Library' is not the service's own"),
        ({"minimum_cover": {"Delta": 0.1}}, "no site or post is called 'Delta'"),
        ({"minimum_cover": {"Control Post": 1.5}}, "cameras.minimum_cover"),
        ({"second_views": ["Delta"]}, "cameras.second_views: no site or post is called 'Delta'"),
        ({"range_m": 0}, "cameras.range_m"),
        ({"budget": -1}, "cameras.budget"),
    ],
)
def test_what_cannot_be_asked_is_named(study: Study, cameras: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        deployed(study, **cameras)


@pytest.mark.parametrize(
    ("x", "y", "more", "words"),
    [
        (25, 25, {}, r"cameras.place\[0\]: 'New' stands inside a building"),
        (9_000, 0, {}, r"'New' stands off the estate, more than 250 m from every site"),
        (50, 0, {"range_m": 0}, r"cameras.place.0.range_m"),
        (50, 0, {"field_of_view": 361}, r"cameras.place.0.field_of_view"),
        (50, 0, {"field_of_view": 0}, r"cameras.place.0.field_of_view"),
        (50, 0, {"bearing": 400.0}, r"cameras.place.0.bearing"),
        (50, 0, {"kind": "fish"}, r"cameras.place: there is no kind of camera 'fish'"),
    ],
)
def test_a_stated_camera_that_cannot_be_is_named(
    build: ModuleType, study: Study, x: float, y: float, more: dict[str, Any], words: str
) -> None:
    place = {"name": "New", "position": build.degrees(x, y), **more}
    with pytest.raises(ScenarioError, match=words):
        deployed(study, new=0, place=[place])


@settings(max_examples=25, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "new": st.integers(0, 4),
            "budget": st.sampled_from([4_000, 6_000, 15_000]),
            "yearly_budget": st.sampled_from([0, 600, 5_000]),
            "standing": st.sampled_from(["keep", "re-aim", "choose"]),
            "moves": st.integers(0, 3),
            "kinds": st.sampled_from([("fixed",), ("fixed", "pan-tilt-zoom")]),
            "grade": st.sampled_from(["overview", "outline", "discern"]),
            "relocatable": st.integers(0, 1),
            "second_views": st.sampled_from([(), ("Alpha College",)]),
        },
    )
)
def test_whatever_is_asked_its_rules_hold(study: Study, cameras: dict[str, Any]) -> None:
    try:
        made = deployed(study, **cameras)
    except PlannerError as error:
        assert "budget" in str(error)
        return
    assert made.problem.keeps_rules(made.covering.chosen)
    if "budget" in cameras:
        assert made.purchase <= cameras["budget"] + 1e-6
    if "yearly_budget" in cameras:
        assert made.yearly <= cameras["yearly_budget"] + 1e-6
    new = roles_of(made).count(roles.NEW)
    assert new <= cameras.get("new", 200 if "budget" in cameras else 3)
    plan = cameras_plan(made)
    assert 0 <= plan.covered <= 1
    assert plan.gap >= 0
    if not cameras.get("second_views"):
        assert plan.covered <= plan.bound + 1e-9
    assert all(note.unmasked == 0 for note in plan.private)
