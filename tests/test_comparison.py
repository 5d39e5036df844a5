"""Scenarios side by side: built-in ones, what each covers and costs, budgets, draws, files."""

import dataclasses
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import geopandas as gpd
import numpy as np
import pytest
import shapely
from questions import QUICK, small_picture

from planner.allocate.cameras.deployment import Deployment
from planner.allocate.comparison import built_in
from planner.allocate.comparison.built_in import built_in_scenarios
from planner.allocate.comparison.compare import Comparing, Named, differences
from planner.allocate.comparison.frontier import budgets_up_to, frontier
from planner.allocate.comparison.survival import redrawn, survival
from planner.allocate.scenario import Scenario, scenario_from
from planner.errors import ScenarioError
from planner.estate.cameras import USUAL
from planner.picture import Picture
from planner.publish.comparison_page import comparison_html
from planner.service.comparing import Wanted, compare, scenarios_of
from planner.settings import NamedDays

BASE = scenario_from({"solver": QUICK, "patrols": {"teams": 2, "dwell_minutes": 10.0}})


@pytest.fixture(scope="module")
def picture(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Picture:
    """The small estate with four cameras of its own, three of them close together."""
    found = small_picture(build, tmp_path_factory.mktemp("comparison"), 90)
    spots = {"Alpha gate": (50, -4), "Hall": (5, 25), "Chapel": (57, 80), "Far": (250, -4)}
    cameras = gpd.GeoDataFrame(
        [
            {**USUAL, "name": name, "controller": "service", "access": "own", "valid_from": "",
             "valid_to": "", "range_m": 25.0}
            for name in spots
        ],
        geometry=[shapely.Point(build.metres(*spot)) for spot in spots.values()], crs=build.CRS,
    )  # fmt: skip
    days = (NamedDays(name="Open day 2026", first="2026-07-01", last="2026-07-02"),)
    return dataclasses.replace(
        found,
        estate=dataclasses.replace(found.estate, cameras=cameras),
        settings=found.settings.model_copy(update={"days": days}),
    )


@pytest.fixture(scope="module")
def named(picture: Picture) -> dict[str, Named]:
    contents = built_in_scenarios(picture, BASE)
    return {
        name: Named(name, scenario_from(contents[name]), name != built_in.NOTHING)
        for name in contents
    }


@pytest.fixture(scope="module")
def comparing(picture: Picture, named: dict[str, Named]) -> Comparing:
    return Comparing(picture, named["today"])


def test_the_built_in_scenarios_differ_from_the_base_as_they_say(
    picture: Picture, named: dict[str, Named]
) -> None:
    assert set(built_in.NAMES) <= set(named)
    assert named["one more patrol"].scenario.team_count == 3
    assert named["two officers short"].scenario.team_count == 1
    assert named["five more cameras"].scenario.cameras.new == 5
    assert named["move the weakest three"].scenario.cameras.move_weakest == 3
    assert set(named["camera cluster down"].scenario.cameras.down) == {
        "Alpha gate", "Hall", "Chapel",
    }  # fmt: skip
    assert len(named["nothing"].scenario.cameras.remove) == 4
    assert str(named["open day"].scenario.shift.date) == "2026-07-01"
    assert named["event"].scenario.events[0].name == (
        "open day (assumed: no such day is in the records)"
    )
    assert {"graduation", "May morning"} <= set(named)
    assert all(each.scenario.patrols.dwell_minutes == 10 for each in named.values())


def test_an_event_is_as_much_busier_as_such_days_were(picture: Picture) -> None:
    day = NamedDays(name="Open day 2025", first="2025-06-03", last="2025-06-03")
    settings = picture.settings.model_copy(update={"days": (day,)})
    known = dataclasses.replace(picture, settings=settings)
    event = built_in_scenarios(known)["open day"]["events"][0]
    counted = int(
        (picture.on_estate["occurred_from"].dt.strftime("%Y-%m-%d") == "2025-06-03").sum()
    )
    assert counted > 0
    days = (picture.periods["ends_at"] - picture.periods["starts_at"]).dt.total_seconds().sum()
    usual = len(picture.on_estate) / (days / 86_400)
    assert event["factor"] == pytest.approx((counted + 10) / (usual + 10), abs=0.01)
    assert event["name"] == "open day (as on one such day in the records)"


def test_teams_that_are_listed_are_one_more_or_one_less(picture: Picture) -> None:
    base = scenario_from({"teams": [{"name": "V"}, {"name": "W"}]})
    contents = built_in_scenarios(picture, base)
    assert scenario_from(contents["one more patrol"]).team_count == 3
    assert scenario_from(contents["two officers short"]).teams[0].name == "V"
    alone = built_in_scenarios(picture, scenario_from({"teams": [{"name": "V"}]}))
    assert scenario_from(alone["two officers short"]).team_count == 1


def test_cover_of_both_counts_once_and_follows_what_is_there(
    comparing: Comparing, named: dict[str, Named]
) -> None:
    results = {
        name: comparing.result(comparing.tried(named[name]))
        for name in ("nothing", "today", "five more cameras", "one more patrol")
    }
    for result in results.values():
        patrols = 0.0 if result.patrols is None else result.patrols.covered
        assert patrols - 1e-9 <= result.covered <= 1.0
        assert result.covered == pytest.approx(
            sum(zone.covered for zone in result.zones) / sum(z.expected for z in result.zones)
        )
        assert all(zone.covered <= zone.expected + 1e-9 for zone in result.zones)
    assert results["nothing"].covered < results["today"].covered
    assert results["today"].covered < results["five more cameras"].covered
    assert results["today"].same_cameras == results["today"].same_visits == 1.0
    assert results["nothing"].same_cameras == 0.0
    today = results["today"]
    assert today.patrols is not None
    # Less than both added up: what both see to counts once.
    in_view = comparing.base.in_view @ comparing.base.patrolled.expected
    total = comparing.base.patrolled.expected.sum()
    assert today.covered < today.patrols.covered + in_view / total
    changes = differences(results["five more cameras"], today)
    assert max(changes.values()) > 0
    assert min(changes.values()) > -1e-9


def test_cover_for_money_counts_from_nothing(comparing: Comparing, named: dict[str, Named]) -> None:
    results = [comparing.result(comparing.tried(named[n])) for n in ("today", "nothing")]
    made = comparing.comparison(results, "nothing")
    today, nothing = made.scenarios
    hours = 2 * 2 * 8
    assert today.cost.patrols_a_year == pytest.approx(hours * 30.0 * 365)
    assert nothing.cost.cameras_a_year == -4 * 450.0
    more = today.cost.a_year - nothing.cost.a_year
    points = 100 * (today.covered - nothing.covered)
    assert today.points_for_1000 == pytest.approx(points / (more / 1000))
    assert nothing.points_for_1000 is None


def test_watched_cameras_take_their_part_off_the_patrols_need_once(picture: Picture) -> None:
    content = {
        "solver": QUICK, "cameras": {"new": 0}, "watched": {"share": 1.0, "categories": ["theft"]},
    }  # fmt: skip
    watched = scenario_from(content)
    more = watched.model_copy(update={"cameras": watched.cameras.model_copy(update={"new": 4})})
    comparing = Comparing(picture, Named("watched", watched))
    few, many = comparing.base, comparing.tried(Named("more", more))
    assert many.in_view.sum() > few.in_view.sum()
    assert few.patrolled.result is not None
    assert many.patrolled.result is not None
    # With more in view less is left for patrols, so that the same teams are bounded lower.
    assert many.patrolled.result.bound < few.patrolled.result.bound
    for tried in (few, many):
        result = comparing.result(tried)
        assert result.covered <= 1.0
        assert all(zone.covered <= zone.expected + 1e-9 for zone in result.zones)


def test_a_frontier_never_falls_and_keeps_its_budgets(comparing: Comparing) -> None:
    scenario = BASE
    budgets = budgets_up_to(comparing.study, scenario, 40_000)
    points = frontier(comparing.study, scenario, budgets)
    assert [point.budget for point in points] == [4_000.0 * n for n in range(1, 11)]
    covers = [point.covered for point in points]
    assert all(later >= earlier - 1e-3 for earlier, later in pairwise(covers))
    assert all(point.spent <= point.budget for point in points)
    assert all(point.covered <= point.bound + 1e-9 for point in points)
    with pytest.raises(ScenarioError, match="buys no camera"):
        budgets_up_to(comparing.study, scenario, 3_000)


def chosen_with(comparing: Comparing, named: Named) -> Deployment:
    return comparing.tried(named).deployment


def test_draws_of_the_risk_keep_its_mean_and_are_the_same_for_a_seed(comparing: Comparing) -> None:
    factors = redrawn(comparing.study, 400, 1)
    weights = comparing.study.incidents
    means = factors @ weights / weights.sum()
    assert means.mean() == pytest.approx(1.0, abs=0.03)
    assert means.std() > 0.02
    np.testing.assert_array_equal(redrawn(comparing.study, 5, 1), redrawn(comparing.study, 5, 1))
    assert (redrawn(comparing.study, 5, 2) != redrawn(comparing.study, 5, 1)).any()


def test_survival_counts_what_is_chosen_again(
    comparing: Comparing, named: dict[str, Named]
) -> None:
    deployment = chosen_with(comparing, named["five more cameras"])
    note = survival(deployment, "five", 1, draws=20)
    assert note.draws == 20
    assert len(note.cameras) == len(deployment.chosen)
    assert all(0 <= camera.again <= 1 for camera in note.cameras)
    assert note.low <= note.covered <= note.high
    assert note.worst_regret >= 0
    assert note == survival(deployment, "five", 1, draws=20)
    share = deployment.covering.value / float(deployment.problem.weights.sum())
    assert note.covered == pytest.approx(share, abs=0.08)


def silent(_: str) -> None:
    return None


def test_the_page_shows_every_scenario_and_runs_nothing(
    picture: Picture, named: dict[str, Named]
) -> None:
    evil = '<img src=x onerror="alert(1)">${alert(2)}'
    odd = Named(evil, named["today"].scenario.model_copy(update={"name": evil}))
    chosen = [named["today"], named["nothing"], odd]
    made = compare(picture, chosen, Wanted(draws=0, budgets=False), silent)
    page = comparison_html(picture, made)
    assert "<img src=x" not in page
    assert "${" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert page.count('<img class="change"') == 2
    assert "What a budget buys" not in page
    assert made.scenarios[0].name == "today"


def test_scenarios_are_read_from_files_and_by_name(picture: Picture, tmp_path: Path) -> None:
    file = tmp_path / "gates.toml"
    file.write_text('inherits = "five more cameras"\n[cameras]\nnew = 2\n', encoding="utf-8")
    found = scenarios_of(picture, Wanted(scenarios=["nothing", str(file)]))
    assert [each.name for each in found] == ["today", "nothing", "Five more cameras"]
    assert found[2].scenario.cameras.new == 2
    assert not found[1].patrols


@pytest.mark.parametrize(
    ("scenarios", "words"),
    [
        (["tomorrow"], "There is no scenario 'tomorrow': give a TOML file, or one of today"),
        (["nothing", "nothing"], "Two scenarios are called 'nothing'"),
        (["nothing"] * 50, "50 scenarios are too many"),
    ],
)
def test_what_cannot_be_compared_is_named(
    picture: Picture, scenarios: list[str], words: str
) -> None:
    with pytest.raises(ScenarioError, match=words):
        scenarios_of(picture, Wanted(scenarios=scenarios))


def test_scenarios_for_several_audiences_are_refused(picture: Picture, tmp_path: Path) -> None:
    file = tmp_path / "theirs.toml"
    file.write_text('name = "Theirs"\naudience = "partners"\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match="several audiences"):
        scenarios_of(picture, Wanted(scenarios=[str(file)]))


def test_with_and_without_graded_entries_is_no_one_picture(
    picture: Picture, tmp_path: Path
) -> None:
    file = tmp_path / "plain.toml"
    file.write_text('name = "Plain"\nintelligence = false\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match="with graded entries of intelligence and some without"):
        scenarios_of(picture, Wanted(scenarios=[str(file)]))
    found = scenarios_of(picture, Wanted(scenarios=["nothing"], base=file))
    assert not any(each.scenario.intelligence for each in found)


def test_an_event_raises_the_risk_where_it_is(picture: Picture) -> None:
    from planner.allocate.events import event_words, with_events
    from planner.allocate.planning import risk_of_shift
    from planner.allocate.scenario import resolve_shift

    scenario = scenario_from(
        {"events": [{"name": "Fair", "places": ["Alpha College"], "factor": 3.0}]}
    )
    shift = resolve_shift(scenario.shift, picture.settings, picture.as_of)
    plain = risk_of_shift(picture, Scenario(), shift)
    raised = risk_of_shift(picture, scenario, shift)
    ratio = raised.mean / plain.mean
    assert sorted(np.round(ratio, 6).tolist()) == [1.0, 1.0, 3.0]
    assert event_words(scenario) == (
        "Not forecast: Fair makes risk 3 times as high at Alpha College.",
    )
    unknown = scenario_from({"events": [{"name": "Fair", "places": ["Delta"]}]})
    with pytest.raises(ScenarioError, match=r"events\[0\].places: no site or zone.*'Delta'"):
        with_events(plain, unknown, picture.estate)
