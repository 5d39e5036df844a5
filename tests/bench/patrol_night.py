"""A real night: 3 teams, 19:00 to 07:00, 30 duties, 150 zones of Oxford; and six calls in it.

Prints how long the first plan takes and how far it is below what a minute of search reaches, and
for each of six random calls of 40 minutes how long planning the rest again takes and what cover
is left::

    python tests/bench/patrol_night.py WORKSPACE --seed 1 --json

``WORKSPACE`` is that of the demo (``planner demo``), or any other with streets.
"""

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from planner.allocate.patrol_plan import effort_of
from planner.allocate.patrols.bound import upper_bound
from planner.allocate.patrols.rounds import Effort
from planner.allocate.patrols.solving import solve_patrols
from planner.allocate.planning import question_of
from planner.allocate.question.question import Question
from planner.allocate.replanning.replan import Call, replan
from planner.allocate.scenario import scenario_from
from planner.service.workspace import take_picture

ZONES, DUTIES, CALLS = 150, 30, 6
KINDS = ("lock", "unlock", "keys", "alarm check")


def night(workspace: Path, zones: int, teams: int, duties: int, seed: int) -> Question:
    """Set out the night, with duties at random places and times."""
    picture = take_picture(workspace)
    chance = np.random.default_rng(seed)
    estate = picture.estate
    middle = np.array([estate.middle.x, estate.middle.y])
    away = np.hypot(*(estate.stops.points - middle).T)
    near = np.flatnonzero(estate.stops.reachable)
    near = near[np.argsort(away[near], kind="stable")[:zones]]
    names = estate.zones["name"].to_numpy(dtype=object)
    listed = []
    for number in range(duties):
        begins = float(chance.uniform(19.25, 29.0))
        minutes = int(chance.integers(5, 16))
        listed.append(
            {
                "kind": KINDS[number % len(KINDS)],
                "place": str(names[chance.choice(near)]),
                "from": _clock(begins),
                "to": _clock(begins + minutes / 60 + float(chance.uniform(0.75, 1.5))),
                "minutes": float(minutes),
            }
        )
    scenario = scenario_from(
        {
            "shift": {"start": "19:00", "end": "07:00"},
            "patrols": {"teams": teams},
            "duties": listed,
        }
    )
    question = question_of(picture, scenario).question
    options = question.problem.options
    kept = options.only(np.flatnonzero(np.isin(options.zone, near)))
    return replace(question, problem=replace(question.problem, options=kept))


def _clock(hours: float) -> str:
    minutes = round(hours * 60) % (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def main() -> None:
    """Measure and print."""
    wish = argparse.ArgumentParser(description=__doc__)
    wish.add_argument("workspace", type=Path)
    wish.add_argument("--zones", type=int, default=ZONES)
    wish.add_argument("--teams", type=int, default=3)
    wish.add_argument("--duties", type=int, default=DUTIES)
    wish.add_argument("--seed", type=int, default=1)
    wish.add_argument("--long", type=float, default=60.0, help="seconds of the long search")
    wish.add_argument("--json", action="store_true")
    given = wish.parse_args()
    question = night(given.workspace, given.zones, given.teams, given.duties, given.seed)
    problem, total = question.problem, question.need.total
    began = time.perf_counter()
    first = solve_patrols(problem, effort_of(question.scenario))
    took = time.perf_counter() - began
    began = time.perf_counter()
    bound = upper_bound(problem)
    bound_took = time.perf_counter() - began
    long = solve_patrols(problem, Effort(given.seed, 4, 0, given.long))
    told = {
        "zones": len(np.unique(problem.options.zone)),
        "options": len(problem.options),
        "duties": len(problem.commitments),
        "first_s": round(took, 2),
        "covered": first.value / total,
        "long_s": given.long,
        "long_covered": long.value / total,
        "below_long": 1 - first.value / long.value,
        "bound": bound / total,
        "bound_s": round(bound_took, 2),
        "gap": 1 - first.value / bound,
        "duties_done": sum(s.kind == "commitment" for t in first.tours for s in t.steps),
        "calls": calls_in(question, first.tours, given.seed),
    }
    print(json.dumps(told, indent=1))


def calls_in(question: Question, tours: tuple, seed: int) -> list[dict[str, float]]:
    """Let six calls come in, one after the other, and plan the rest again each time."""
    chance = np.random.default_rng(seed)
    total, told = question.need.total, []
    times = np.sort(chance.uniform(0.05, 0.85, CALLS)) * question.shift.seconds
    planned = None
    for at in times.astype(int).tolist():
        row = int(chance.choice(np.unique(question.problem.options.zone)))
        stop = question.places[int(question.problem.options.place[
            question.problem.options.zone == row][0])]  # fmt: skip
        began = time.perf_counter()
        now = replan(question, tours, at, [Call(stop.name, stop, 40.0, at)])
        took = time.perf_counter() - began
        planned = planned or now.before / total
        told.append(
            {
                "at_h": round(at / 3600, 2),
                "seconds": round(took, 2),
                "planned": planned,
                "left": now.after / total,
                "missed_duties": len(now.missed),
            }
        )
        question, tours = now.question, now.tours
    return told


if __name__ == "__main__":
    main()
