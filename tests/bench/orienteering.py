"""The product's patrol solver on published team orienteering instances (Chao, Golden, Wasil 1996).

``orienteering.py FILE... --seconds 10 --json`` prints, for each file, the ``score`` found, the
``routes`` (node numbers from 0, with start and end) and the ``seconds`` that it took.
``--reference CSV`` adds the gap to reference scores (columns ``instance``, ``score``), and
``--beside ortools`` solves the same instances with OR-Tools in as many seconds (test extra).
"""

import argparse
import csv
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from scipy.spatial.distance import cdist

from planner.allocate.legs import Legs
from planner.allocate.patrols.options import Options
from planner.allocate.patrols.problem import Problem, Team
from planner.allocate.patrols.rounds import Effort
from planner.allocate.patrols.solving import solve_patrols

SECONDS_A_UNIT = 10_000
METRES_A_UNIT = 1_000


@dataclass(frozen=True)
class Instance:
    """An instance: how many teams, how long each path may be, and the points with their scores."""

    name: str
    teams: int
    longest: float
    points: np.ndarray
    scores: np.ndarray


def read_instance(path: Path) -> Instance:
    """Read an instance; its first point is the start of all paths and its last their end."""
    lines = [line.replace(";", " ").split() for line in path.read_text().splitlines() if line]
    header: dict[str, str] = dict(lines[:3])
    table = np.array([[float(value) for value in line] for line in lines[3:]])
    return Instance(
        path.stem, int(header["m"]), float(header["tmax"]), table[:, :2], table[:, 2]
    )  # fmt: skip


def problem_of(instance: Instance) -> Problem:
    """Put an instance to the patrol solver: a point is a zone, its score what a visit covers."""
    apart = cdist(instance.points, instance.points)
    # Rounded up, so that no path is longer than it may be.
    seconds = np.ceil(apart * SECONDS_A_UNIT - 1e-6).astype(np.int64)
    legs = Legs(instance.points, apart * METRES_A_UNIT, seconds, None, None)
    rows = np.flatnonzero(instance.scores > 0)
    rows = rows[(rows > 0) & (rows < len(instance.points) - 1)]
    nothing, one = np.zeros(len(rows), dtype=int), np.ones(len(rows), dtype=int)
    span = int(instance.longest * SECONDS_A_UNIT + 1e-6)
    scores = instance.scores[rows]
    return Problem(
        teams=tuple(
            Team(str(number), 0, 0, len(instance.points) - 1, 0, span)
            for number in range(instance.teams)
        ),
        options=Options(rows, rows, nothing, one * span, nothing, scores, scores, one, one),
        commitments=(),
        minimum={},
        journeys=(legs,),
        worth=None,
        reserve=0.0,
    )


@dataclass(frozen=True)
class Answer:
    """What was found for an instance."""

    instance: str
    score: float
    routes: list[list[int]]
    seconds: float


def solve_instance(instance: Instance, seconds: float, seed: int, tries: int) -> Answer:
    """Solve an instance in so many seconds."""
    began = time.perf_counter()
    problem = problem_of(instance)
    if not len(problem.options):
        return Answer(instance.name, 0.0, [], time.perf_counter() - began)
    left = seconds - (time.perf_counter() - began) - 0.3
    solved = solve_patrols(problem, Effort(seed, tries, 0, left))
    last = len(instance.points) - 1
    routes = [[0, *(step.place for step in tour.steps), last] for tour in solved.tours]
    score = float(sum(instance.scores[node] for route in routes for node in route))
    return Answer(instance.name, score, routes, time.perf_counter() - began)


def ortools_score(instance: Instance, seconds: float) -> float:
    """Solve an instance with OR-Tools' routing in as many seconds, in a process of its own."""
    asked = {
        "points": instance.points.tolist(),
        "scores": instance.scores.tolist(),
        "teams": instance.teams,
        "longest": instance.longest,
        "seconds": seconds,
    }
    command = [sys.executable, str(Path(__file__).with_name("ortools_beside.py"))]
    done = subprocess.run(
        command, input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def main() -> None:
    """Solve and print."""
    wish = argparse.ArgumentParser(description=__doc__)
    wish.add_argument("files", nargs="+", type=Path)
    wish.add_argument("--seconds", type=float, default=10.0)
    wish.add_argument("--seed", type=int, default=1)
    wish.add_argument("--tries", type=int, default=4, help="searches a round")
    wish.add_argument("--json", action="store_true")
    wish.add_argument("--reference", type=Path)
    wish.add_argument("--beside", choices=["ortools"])
    given = wish.parse_args()
    known: dict[str, float] = {}
    if given.reference:
        with given.reference.open(newline="") as rows:
            known = {row["instance"]: float(row["score"]) for row in csv.DictReader(rows)}
    listed = []
    for path in given.files:
        instance = read_instance(path)
        answer = solve_instance(instance, given.seconds, given.seed, given.tries)
        listed.append(asdict(answer) | _compared(instance, answer, known, given))
        if not given.json:
            told = {key: value for key, value in listed[-1].items() if key != "routes"}
            print(told, flush=True)
    if given.json:
        print(json.dumps(listed, indent=1))
        return
    gaps = [line["gap"] for line in listed if "gap" in line]
    if gaps:
        print(f"mean gap {np.mean(gaps):.3%}, worst {np.max(gaps):.2%}, {len(gaps)} instances")


def _compared(
    instance: Instance, answer: Answer, known: dict[str, float], given: argparse.Namespace
) -> dict[str, float]:
    found: dict[str, float] = {}
    if instance.name in known:
        best = known[instance.name]
        found["gap"] = (best - answer.score) / best if best else 0.0
    if given.beside:
        found["ortools"] = ortools_score(instance, given.seconds)
    return found


if __name__ == "__main__":
    main()
