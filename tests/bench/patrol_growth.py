"""How patrol planning grows: 20 teams and 1,500 zones on a generated estate.

Prints the time of the first plan with the usual effort, of its bound, and the greatest memory::

    python tests/bench/patrol_growth.py --teams 20 --zones 1500 --duties 60 --seed 1
"""

import argparse
import json
import resource
import time

import numpy as np
from scipy.spatial.distance import cdist

from planner.allocate.legs import Legs
from planner.allocate.patrols.bound import upper_bound
from planner.allocate.patrols.options import ZoneRules, visit_options
from planner.allocate.patrols.problem import Commitment, Problem, Team
from planner.allocate.patrols.rounds import Effort
from planner.allocate.patrols.solving import solve_patrols
from planner.allocate.patrols.worth import Worth

HOURS, BINS_AN_HOUR, SIDE_M, METRES_A_SECOND = 12, 4, 6_000.0, 1.33
DWELL_S, GAP_S, RESERVE = 900, 3_600, 0.4


def problem_of(teams: int, zones: int, duties: int, seed: int) -> Problem:
    """Make an estate of zones on a square, with posts in its quarters and duties anywhere."""
    chance = np.random.default_rng(seed)
    posts = np.array([[0.25, 0.25], [0.25, 0.75], [0.75, 0.25], [0.75, 0.75]]) * SIDE_M
    points = np.vstack([posts, chance.uniform(0, SIDE_M, (zones, 2))])
    metres = cdist(points, points) * 1.3
    seconds = np.ceil(metres / METRES_A_SECOND).astype(np.int64)
    need = chance.gamma(0.3, 0.02, (zones, 1)) * chance.uniform(0.5, 1.5, (1, HOURS * BINS_AN_HOUR))
    worth = Worth(need, HOURS * 3600)
    rules = ZoneRules(
        place=np.arange(zones) + len(posts),
        dwell_s=np.full(zones, DWELL_S),
        together=np.ones(zones, dtype=int),
        single_officer=np.ones(zones, dtype=bool),
    )
    return Problem(
        teams=tuple(
            Team(f"T{number}", 0, number % 4, number % 4, 0, HOURS * 3600)
            for number in range(teams)
        ),
        options=visit_options(worth, rules, GAP_S),
        commitments=tuple(_duty(number, chance, zones) for number in range(duties)),
        minimum={},
        journeys=(Legs(points, metres, seconds, None, None),),
        worth=worth,
        reserve=RESERVE,
    )


def _duty(number: int, chance: np.random.Generator, zones: int) -> Commitment:
    place = int(chance.integers(zones)) + 4
    opens = int(chance.uniform(1, 10) * 3600)
    return Commitment(
        f"duties[{number}]", f"Duty {number}", place, place, opens, opens + 5_400, 600
    )


def main() -> None:
    """Measure and print."""
    wish = argparse.ArgumentParser(description=__doc__)
    wish.add_argument("--teams", type=int, default=20)
    wish.add_argument("--zones", type=int, default=1_500)
    wish.add_argument("--duties", type=int, default=60)
    wish.add_argument("--seed", type=int, default=1)
    given = wish.parse_args()
    began = time.perf_counter()
    problem = problem_of(given.teams, given.zones, given.duties, given.seed)
    made = time.perf_counter()
    solved = solve_patrols(problem, Effort(given.seed, 4, 500))
    took = time.perf_counter()
    bound = upper_bound(problem)
    done = time.perf_counter()
    print(
        json.dumps(
            {
                "teams": given.teams,
                "zones": given.zones,
                "options": len(problem.options),
                "problem_s": round(made - began, 2),
                "plan_s": round(took - made, 2),
                "bound_s": round(done - took, 2),
                "visits": sum(len(tour.visits) for tour in solved.tours),
                "gap": round(1 - solved.value / bound, 4),
                "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
