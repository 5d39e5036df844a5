"""What hangs on each stop: the same as by planning without it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patrol_problems import Wanted, priced, random_problem

from planner.allocate.answer.stakes import stakes_of
from planner.allocate.patrols.conflicts import DemandsConflict
from planner.allocate.patrols.pool import cover_of
from planner.allocate.patrols.rounds import Effort
from planner.allocate.patrols.solving import solve_patrols

QUICK = Effort(seed=1, tries=1, iterations=60)

wanted = st.builds(
    Wanted,
    mixed=st.booleans(),
    duties=st.integers(0, 3),
    must_visits=st.integers(0, 2),
    escorts=st.integers(0, 1),
    meals=st.booleans(),
    for_two=st.integers(0, 3),
    made=st.integers(0, 2),
)


@settings(deadline=None, max_examples=25)
@given(st.integers(2, 12), st.integers(1, 3), st.integers(0, 999), wanted)
def test_stakes_are_what_the_plan_gains_and_loses(
    zones: int, teams: int, seed: int, asked: Wanted
) -> None:
    problem = random_problem(zones, teams, 6 * 3600, 0.3, seed, wanted=asked)
    try:
        solved = solve_patrols(problem, QUICK)
    except DemandsConflict:
        return
    stakes = stakes_of(problem, solved.tours)
    every = [stake for mine in stakes for stake in mine]
    assert sum(stake.covers for stake in every) == pytest.approx(solved.value)
    for at, tour in enumerate(solved.tours):
        seconds = problem.journeys[problem.teams[tour.team].mode].seconds
        places = [problem.teams[tour.team].start, *(step.leaves for step in tour.steps)]
        ahead = [*(step.place for step in tour.steps), problem.teams[tour.team].finish]
        for row, (step, stake) in enumerate(zip(tour.steps, stakes[at], strict=True)):
            rest = tour.steps[:row] + tour.steps[row + 1 :]
            others = [*solved.tours[:at], replace(tour, steps=rest), *solved.tours[at + 1 :]]
            lost = solved.value - cover_of(problem, others)
            assert stake.lost == pytest.approx(lost, abs=1e-9)
            with_it = (
                seconds[places[row], step.place] + step.leave_s - step.arrive_s
                + seconds[step.leaves, ahead[row + 1]]
            )  # fmt: skip
            assert stake.detour_s == with_it - seconds[places[row], ahead[row + 1]]
            # Who ends an escort may be nearer to where they go next.
            stay = step.leave_s - step.arrive_s
            assert step.place != step.leaves or stake.detour_s >= stay - 2
            assert (stake.rank is not None) == (step.kind == "visit")
            assert step.zone >= 0 or stake.covers == stake.lost == 0.0


def test_visits_between_two_duties_are_ranked_by_what_would_be_lost() -> None:
    problem = random_problem(20, 1, 8 * 3600, 0.2, 5, wanted=Wanted(duties=3))
    (tour,) = solve_patrols(problem, QUICK).tours
    (stakes,) = stakes_of(problem, [tour])
    runs: list[list[int]] = [[]]
    for row, step in enumerate(tour.steps):
        if step.kind == "visit":
            runs[-1].append(row)
        else:
            runs.append([])
    assert sum(len(run) > 1 for run in runs) > 1
    for run in runs:
        by_loss = sorted(run, key=lambda row: -stakes[row].lost)
        assert [stakes[row].rank for row in by_loss] == list(range(1, len(run) + 1))


def test_what_two_teams_do_together_is_lost_only_with_both() -> None:
    problem = random_problem(5, 2, 4 * 3600, 0.2, 3, wanted=Wanted(for_two=5))
    tours = solve_patrols(problem, QUICK).tours
    stakes = [stake for mine in stakes_of(problem, tours) for stake in mine]
    assert stakes
    assert all(stake.lost == pytest.approx(0.0, abs=1e-9) for stake in stakes)


def test_where_worth_is_the_same_at_all_times_each_loses_its_own() -> None:
    problem = priced(random_problem(10, 2, 6 * 3600, 0.2, 3))
    tours = solve_patrols(problem, QUICK).tours
    for tour, stakes in zip(tours, stakes_of(problem, tours), strict=True):
        for step, stake in zip(tour.steps, stakes, strict=True):
            assert stake.lost == stake.covers == problem.options.worth[step.source]


def test_a_plan_without_tours_has_no_stakes() -> None:
    assert stakes_of(random_problem(3, 1, 3600, 0.2, 1), ()) == ()
