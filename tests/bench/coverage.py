"""Maximal covering on a file or on made-up demand: value, bound and seconds of our own solver.

    python tests/bench/coverage.py FILE --radius 800 --pick 3
    python tests/bench/coverage.py --demand 10000 --candidates 2000 --pick 20 --radius 250 --seed 1
    python tests/bench/coverage.py FILE --radius 800 --pick 3 --beside spopt

A file has a header and then a line ``x y demand`` for each point, which is demand and candidate.
Made-up demand lies in 40 Gaussian clusters of 250 m deviation in 4 km by 4 km, with weights 1 to
99; half the candidates stand on demand points, the rest anywhere. ``chosen`` are row numbers from
0; ``--beside spopt`` needs the test extra, builds and solves the same model there, and says how
many times as long its building takes.
"""

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from planner.allocate.cameras.covering import Problem, place_so_many
from planner.allocate.cameras.relaxation import model_of
from planner.allocate.cameras.solving import Effort, solve
from planner.geo import in_range

SIDE_M, CLUSTERS, DEVIATION_M = 4_000.0, 40, 250.0


@dataclass(frozen=True)
class Instance:
    """Demand points, their weights, and candidates, in metres."""

    points: np.ndarray
    weights: np.ndarray
    candidates: np.ndarray


TINY = Instance(np.array([[0.0, 0.0], [0.5, 0.0]]), np.ones(2), np.array([[0.0, 0.0], [0.5, 0.0]]))


def read_instance(file: Path) -> Instance:
    """Read a file of points, each of which is demand and candidate."""
    lines = [line.split() for line in file.read_text(encoding="utf-8").splitlines()[1:]]
    table = np.array([line[:3] for line in lines if line], dtype=float)
    return Instance(table[:, :2], table[:, 2], table[:, :2])


def made_up(demand: int, candidates: int, seed: int) -> Instance:
    """Draw demand in clusters, and candidates."""
    generator = np.random.default_rng(seed)
    centres = generator.uniform(0, SIDE_M, (CLUSTERS, 2))
    cluster = generator.integers(0, CLUSTERS, demand)
    points = centres[cluster] + generator.normal(0, DEVIATION_M, (demand, 2))
    weights = generator.integers(1, 100, demand).astype(float)
    on_demand = points[generator.choice(demand, min(candidates // 2, demand), replace=False)]
    anywhere = generator.uniform(0, SIDE_M, (candidates - len(on_demand), 2))
    return Instance(points, weights, np.concatenate([on_demand, anywhere]))


def built(instance: Instance, radius: float, pick: int) -> tuple[Problem, float]:
    """Set the problem out, and its model, as the solver does; return it and the seconds."""
    begun = time.perf_counter()
    seen: csr_array = in_range(instance.candidates, instance.points, radius)
    problem = place_so_many(instance.weights, seen, np.zeros(len(instance.points)), pick)
    model_of(problem)
    return problem, time.perf_counter() - begun


def beside_spopt(instance: Instance, radius: float, pick: int, seconds: float) -> dict[str, float]:
    """Build and solve the same model with spopt, from the same table of distances."""
    import pulp
    from scipy.spatial.distance import cdist
    from spopt.locate import MCLP

    MCLP.from_cost_matrix(cdist(TINY.points, TINY.points), TINY.weights, 1.0, p_facilities=1)
    distances = cdist(instance.points, instance.candidates)
    begun = time.perf_counter()
    model = MCLP.from_cost_matrix(distances, instance.weights, radius, p_facilities=pick)
    build_s = time.perf_counter() - begun
    begun = time.perf_counter()
    model = model.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0, timeLimit=seconds))
    value = float(pulp.value(model.problem.objective))
    return {"value": value, "build_s": build_s, "solve_s": time.perf_counter() - begun}


def measured(arguments: argparse.Namespace) -> dict[str, object]:
    """Do what is asked, and return the figures."""
    if arguments.file is None:
        instance = made_up(arguments.demand, arguments.candidates, arguments.seed)
    else:
        instance = read_instance(arguments.file)
    # What a first call loads once is no part of building a model: neither ours nor theirs.
    built(TINY, 1.0, 1)
    problem, build_s = built(instance, arguments.radius, arguments.pick)
    begun = time.perf_counter()
    effort = Effort(seed=arguments.seed, nodes=10**9, seconds=arguments.seconds - build_s)
    solved = solve(problem, effort)
    solve_s = time.perf_counter() - begun
    gap = (solved.bound - solved.value) / solved.bound if solved.bound > 0 else 0.0
    figures: dict[str, object] = {
        "chosen": [int(row) for row in solved.chosen],
        "value": solved.value,
        "bound": solved.bound,
        "gap": gap if gap > 1e-9 else 0.0,
        "build_s": round(build_s, 4),
        "solve_s": round(solve_s, 3),
        "stopped_by": solved.stopped_by,
    }
    if arguments.beside:
        theirs = beside_spopt(instance, arguments.radius, arguments.pick, arguments.seconds)
        figures["spopt"] = theirs
        figures["spopt_build_over_ours"] = round(theirs["build_s"] / build_s, 1)
    return figures


def main() -> None:
    """Read what is asked, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--demand", type=int, default=10_000)
    parser.add_argument("--candidates", type=int, default=2_000)
    parser.add_argument("--radius", type=float, required=True)
    parser.add_argument("--pick", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60.0, help="building and solving")
    parser.add_argument("--beside", choices=["spopt"])
    parser.add_argument("--json", action="store_true")
    figures = measured(parser.parse_args())
    if parser.parse_args().json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
