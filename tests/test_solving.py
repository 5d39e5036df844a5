"""Patrols: on random estates no plan breaks a rule, and small ones are solved to the optimum."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patrol_problems import Wanted, best_of_all, best_walk, few_options, priced, random_problem
from patrol_rules import broken_rules, visits_by_zone

from planner.allocate.patrols.conflicts import Demand, DemandsConflict
from planner.allocate.patrols.pool import cover_of
from planner.allocate.patrols.problem import Commitment, Made, Meal, Problem
from planner.allocate.patrols.rounds import Effort, Patrols
from planner.allocate.patrols.solving import best_options, solve_patrols, times_seen
from planner.errors import Infeasible

QUICK = Effort(seed=1, tries=1, iterations=60)
THOROUGH = Effort(seed=1, tries=2, iterations=300)
HOUR = 3600

wanted = st.builds(
    Wanted,
    mixed=st.booleans(),
    streets=st.booleans(),
    duties=st.integers(0, 4),
    must_visits=st.integers(0, 2),
    escorts=st.integers(0, 2),
    joint=st.integers(0, 1),
    meals=st.booleans(),
    for_two=st.integers(0, 3),
    made=st.integers(0, 3),
)


@settings(deadline=None, max_examples=80)
@given(
    st.integers(1, 15), st.integers(1, 4), st.integers(1, 12), st.floats(0.0, 0.7),
    st.integers(0, 10_000), wanted, st.integers(0, 6), st.integers(0, 2 * HOUR), st.booleans(),
)  # fmt: skip
def test_no_plan_breaks_a_rule(
    zones: int, teams: int, hours: int, reserve: float, seed: int, asked: Wanted, visits: int,
    gap_s: int, wishes: bool,
) -> None:  # fmt: skip
    problem = random_problem(
        zones, teams, hours * HOUR, reserve, seed, gap_s=gap_s, visits_a_gap=visits, wanted=asked,
        wishes=wishes,
    )  # fmt: skip
    try:
        solved = solve_patrols(problem, QUICK)
    except DemandsConflict:
        assert not wishes
        return
    assert broken_rules(problem, solved.tours, gap_s) == []
    assert solved.value == pytest.approx(cover_of(problem, solved.tours))


@settings(deadline=None, max_examples=25)
@given(
    st.integers(3, 12), st.integers(1, 3), st.integers(0, 10_000), wanted,
    st.dictionaries(st.integers(0, 2), st.integers(1, 2), max_size=2),
)  # fmt: skip
def test_zones_are_seen_as_often_as_is_demanded(
    zones: int, teams: int, seed: int, asked: Wanted, minimum: dict[int, int]
) -> None:
    problem = random_problem(
        zones, teams, 8 * HOUR, 0.3, seed, minimum=minimum, wanted=asked
    )  # fmt: skip
    try:
        solved = solve_patrols(problem, QUICK)
    except DemandsConflict:
        return
    assert broken_rules(problem, solved.tours, HOUR) == []
    seen = visits_by_zone(problem, solved.tours)
    assert times_seen(problem, solved.tours) == Counter(
        {zone: len(visits) for zone, visits in seen.items()}
    )


@settings(deadline=None, max_examples=20)
@given(
    st.integers(2, 10), st.integers(2, 3), st.integers(0, 999), st.booleans(), st.integers(0, 2),
    st.integers(200, 1500),
)  # fmt: skip
def test_no_team_is_ever_too_far_from_the_nearest_other(
    zones: int, teams: int, seed: int, mixed: bool, duties: int, apart_s: int
) -> None:
    asked = Wanted(mixed=mixed, duties=duties)
    problem = random_problem(zones, teams, 5 * HOUR, 0.3, seed, wanted=asked)
    safe = replace(problem, apart_s=apart_s)
    try:
        solved = solve_patrols(safe, QUICK)
    except DemandsConflict:
        assert duties
        return
    assert broken_rules(safe, solved.tours, HOUR) == []


def test_teams_far_apart_are_found_by_the_checker() -> None:
    problem = random_problem(10, 2, 8 * HOUR, 0.3, 4, side_m=4000.0)
    tours = solve_patrols(problem, QUICK).tours
    words = broken_rules(replace(problem, apart_s=300), tours, HOUR)
    assert words
    assert all("from the nearest other" in text for text in words)
    alone = broken_rules(replace(problem, apart_s=300, teams=problem.teams[:1]), tours[:1], HOUR)
    assert any("from the nearest other" in text for text in alone)


def test_the_checker_finds_what_is_broken() -> None:
    problem = random_problem(
        10, 2, 8 * HOUR, 0.3, 4, wanted=Wanted(duties=2, meals=True, must_visits=1)
    )  # fmt: skip
    tours = solve_patrols(problem, QUICK).tours
    assert broken_rules(problem, tours, HOUR) == []
    first = tours[0]
    late = replace(first.steps[0], arrive_s=problem.options.closes.max() + 1)
    broken = (
        tours[1:],
        (replace(first, team=tours[1].team), *tours[1:]),
        (replace(first, starts_s=first.starts_s + 60), *tours[1:]),
        (replace(first, ends_s=first.ends_s - 60), *tours[1:]),
        (replace(first, steps=first.steps[:-1]), *tours[1:]),
        (replace(first, steps=(late, *first.steps[1:])), *tours[1:]),
        (replace(first, steps=(*first.steps, first.steps[0])), *tours[1:]),
    )
    for plan in broken[:4] + broken[5:]:
        assert broken_rules(problem, plan, HOUR)
    longer = replace(problem, reserve=0.9)
    assert any("used of" in words for words in broken_rules(longer, tours, HOUR))
    assert any("between two" in words for words in
               broken_rules(replace(problem, visits_a_gap=0), tours, HOUR))  # fmt: skip
    assert any("visited again" in words for words in broken_rules(problem, tours, 8 * HOUR))


def test_same_seed_same_plan() -> None:
    problem = random_problem(
        30, 3, 8 * HOUR, 0.4, seed=5, wanted=Wanted(mixed=True, duties=2, meals=True)
    )  # fmt: skip
    assert solve_patrols(problem, QUICK).tours == solve_patrols(problem, QUICK).tours
    wished = replace(problem, wishes=True)
    assert solve_patrols(wished, QUICK).tours == solve_patrols(wished, QUICK).tours


@pytest.mark.parametrize("seed", range(8))
def test_small_problems_are_solved_to_the_optimum(seed: int) -> None:
    # In 80 minutes with a reserve of 0.4 one team makes at most three visits.
    problem = random_problem(8, 1, 80 * 60, 0.4, seed)
    assert solve_patrols(problem, THOROUGH).value == pytest.approx(best_walk(problem), rel=1e-4)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 999), st.booleans(), st.booleans(), st.integers(0, 2))
def test_small_problems_with_duties_and_meals_are_solved_to_the_optimum(
    seed: int, mixed: bool, meals: bool, duties: int
) -> None:
    asked = Wanted(mixed=mixed, meals=meals, duties=duties, escorts=1)
    whole = random_problem(6, 2, 4 * HOUR, 0.2, seed, wanted=asked, visits_a_gap=99)
    problem = priced(few_options(whole, 4, seed))
    optimum = best_of_all(problem)
    if optimum is None:
        with pytest.raises(DemandsConflict):
            solve_patrols(problem, THOROUGH)
        return
    solved = solve_patrols(problem, THOROUGH)
    assert broken_rules(problem, solved.tours, 0) == []
    # A walk of 1 km costs the search 1 % of the best visit: it may leave out a far one of little.
    assert optimum * 0.98 <= solved.value <= optimum * (1 + 1e-9)


def asking(minimum: dict[int, int], seed: int, **changes: object) -> Problem:
    return replace(random_problem(6, 1, HOUR, 0.4, seed, minimum=minimum), **changes)


def test_a_second_demand_never_takes_the_place_of_the_first() -> None:
    # One team has time for one or two stops: what is not possible is refused, never dropped.
    refused = 0
    for seed in range(12):
        problem = asking({0: 1, 3: 1, 5: 1}, seed)
        possible = best_of_all(priced(problem)) is not None
        try:
            solved = solve_patrols(problem, QUICK)
        except Infeasible:
            refused += 1
            assert not possible
            continue
        assert possible
        assert broken_rules(problem, solved.tours, HOUR) == []
    assert refused


def test_minimum_visits_are_made_even_where_nothing_is_expected() -> None:
    problem = random_problem(20, 2, 8 * HOUR, 0.4, seed=3)
    least = int(np.argsort(np.bincount(problem.options.zone, problem.options.worth))[0])
    asked = replace(problem, minimum={least: 2})
    solved = solve_patrols(asked, THOROUGH)
    assert broken_rules(asked, solved.tours, HOUR) == []


def test_more_visits_than_fit_are_refused_by_name() -> None:
    problem = random_problem(5, 2, 4 * HOUR, 0.4, seed=3, minimum={0: 9})
    with pytest.raises(DemandsConflict) as caught:
        solve_patrols(problem, QUICK)
    assert caught.value.demands == (Demand(zone=0, visits=9),)


def test_a_zone_for_two_teams_that_must_be_seen_twice_is_seen_twice() -> None:
    problem = random_problem(6, 2, 8 * HOUR, 0.2, seed=7, wanted=Wanted(for_two=6))
    asked = replace(problem, minimum={0: 2, 1: 1})
    solved = solve_patrols(asked, QUICK)
    assert broken_rules(asked, solved.tours, HOUR) == []


def test_a_visit_at_a_stated_hour_counts_among_those_demanded() -> None:
    problem = random_problem(6, 1, 4 * HOUR, 0.2, seed=2)
    visit = Commitment("must_visits[0]", "Zone 0", 2, 2, 6000, 7800, 900, zone=0)
    rest = problem.options.only(np.flatnonzero(problem.options.zone != 0))
    asked = replace(problem, options=rest, commitments=(visit,), minimum={0: 1})
    assert broken_rules(asked, solve_patrols(asked, QUICK).tours, HOUR) == []
    # What was made counts too, and then no option is needed.
    made = Made(np.array([0]), np.array([-900]), np.array([0]))
    twice = replace(asked, made=made, minimum={0: 2})
    assert broken_rules(twice, solve_patrols(twice, QUICK).tours, HOUR) == []


def test_what_must_be_seen_is_kept_where_visits_between_duties_are_few() -> None:
    duties = tuple(
        Commitment(f"duties[{number}]", "Lock", 2, 2, at, at + 600, 300)
        for number, at in enumerate((4000, 11_000))
    )
    problem = random_problem(12, 1, 4 * HOUR, 0.0, seed=6, visits_a_gap=1, side_m=500.0)
    least = int(np.argsort(np.bincount(problem.options.zone, problem.options.worth))[0])
    asked = replace(problem, commitments=duties, minimum={least: 1})
    assert broken_rules(asked, solve_patrols(asked, THOROUGH).tours, HOUR) == []


def met(problem: Problem, solved: Patrols) -> int:
    """How many demands a plan meets: commitments, meals, visits demanded."""
    done = {(step.kind, step.source) for tour in solved.tours for step in tour.steps}
    meals = sum(step.kind == "meal" for tour in solved.tours for step in tour.steps)
    seen = times_seen(problem, solved.tours)
    visits = sum(min(seen[zone], least) for zone, least in problem.minimum.items())
    return sum(kind == "commitment" for kind, _ in done) + meals + visits


def most_met(problem: Problem) -> int:
    """The most demands that any plan can meet, by trying every set of commitments."""
    best, count = 0, len(problem.commitments)
    for chosen in range(2**count):
        rows = [row for row in range(count) if chosen >> row & 1]
        if len(rows) <= best:
            continue
        part = replace(problem, commitments=tuple(problem.commitments[row] for row in rows))
        if best_of_all(part) is not None:
            best = len(rows)
    return best


@pytest.mark.parametrize("seed", range(10))
def test_as_many_wishes_as_possible_are_met(seed: int) -> None:
    asked = Wanted(mixed=True, duties=5, escorts=1)
    whole = random_problem(4, 1 + seed % 2, 2 * HOUR, 0.2, seed, wanted=asked, visits_a_gap=99)
    problem = priced(few_options(whole, 1, seed))
    solved = solve_patrols(replace(problem, wishes=True), THOROUGH)
    assert broken_rules(replace(problem, wishes=True), solved.tours, 0) == []
    assert met(problem, solved) == most_met(problem)


@pytest.mark.parametrize(("side_m", "seed"), [(5000.0, 1), (8000.0, 1), (8000.0, 4)])
def test_far_sites_are_seen_as_wishes_where_they_are_as_demands(side_m: float, seed: int) -> None:
    problem = random_problem(90, 2, 12 * HOUR, 0.4, seed, side_m=side_m)
    team, options = problem.teams[0], problem.options
    minutes = problem.journeys[team.mode].seconds[team.start, options.place]
    far = list(dict.fromkeys(options.zone[np.argsort(-minutes, kind="stable")].tolist()))[:6]
    asked = replace(problem, minimum=dict.fromkeys(far, 1))
    demanded = solve_patrols(asked, THOROUGH)
    wished = solve_patrols(replace(asked, wishes=True), THOROUGH)
    assert broken_rules(asked, wished.tours, HOUR) == []
    assert wished.value >= 0.98 * demanded.value
    assert wished.stopped_by == demanded.stopped_by


def test_wishes_of_two_teams_are_met_and_wishes_that_nothing_can_meet_are_left() -> None:
    problem = random_problem(6, 2, 4 * HOUR, 0.2, seed=8, minimum={0: 9, 1: 1})
    both = Commitment("duties[0]", "Together", 3, 3, 3000, 6000, 600, together=2)
    never = Commitment("duties[1]", "Nobody can", 3, 3, 3000, 6000, 600, needs=frozenset({"dog"}))
    without = problem.options.only(np.flatnonzero(problem.options.zone != 1))
    wished = replace(problem, options=without, commitments=(both, never), wishes=True)
    solved = solve_patrols(wished, THOROUGH)
    assert broken_rules(wished, solved.tours, HOUR) == []
    doing = [step.source for tour in solved.tours for step in tour.steps
             if step.kind == "commitment"]  # fmt: skip
    assert doing == [0, 0]
    seen = times_seen(wished, solved.tours)
    assert seen[0] == (without.zone == 0).sum()
    assert seen[1] == 0


def test_a_shift_too_short_for_any_walk_has_no_routes() -> None:
    problem = random_problem(10, 2, 26 * 60, 0.4, seed=1, side_m=9_000.0)
    assert solve_patrols(problem, QUICK).tours == ()
    nothing = replace(problem, options=problem.options.only(np.array([], dtype=int)))
    assert solve_patrols(nothing, QUICK).tours == ()


@pytest.mark.filterwarnings("error")
def test_what_is_infeasible_is_said_once_and_without_a_warning() -> None:
    problem = random_problem(10, 1, 40 * 60, 0.4, seed=1, minimum={0: 1, 1: 1, 2: 1})
    with pytest.raises(Infeasible):
        solve_patrols(problem, QUICK)


def test_only_options_that_some_team_can_make_are_chosen_from() -> None:
    problem = random_problem(20, 2, 4 * HOUR, 0.4, seed=9, wanted=Wanted(mixed=True))
    rows = best_options(problem)
    assert 0 < len(rows) <= len(problem.options)
    early = replace(
        problem,
        teams=tuple(replace(team, from_s=0, until_s=1500) for team in problem.teams),
    )  # fmt: skip
    assert (problem.options.opens[best_options(early)] <= 1500).all()
    alone = tuple(replace(team, officers=1) for team in problem.teams)
    rows = best_options(replace(problem, teams=alone))
    assert (problem.options.officers[rows] == 1).all()


def test_meals_that_all_teams_can_not_take_are_refused_without_a_demand() -> None:
    problem = random_problem(5, 2, 4 * HOUR, 0.4, seed=2)
    never = Meal(3, 0, 10, 1200)
    fed = replace(
        problem, teams=tuple(replace(team, from_s=600, meal=never) for team in problem.teams)
    )
    with pytest.raises(DemandsConflict) as caught:
        solve_patrols(fed, QUICK)
    assert caught.value.demands == ()
