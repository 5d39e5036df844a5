"""How near the patrols of a workspace come to their bound, by how long the solver may search.

Prints, for each effort, the share of risk covered, the bound, the gap and the seconds::

    python tests/bench/plan_quality.py WORKSPACE --teams 3
"""

import argparse
import time
from pathlib import Path

from planner.allocate.planning import make_plan
from planner.allocate.scenario import scenario_from
from planner.service.workspace import take_picture

EFFORTS = ((2, 600), (2, 3_000), (4, 3_000), (2, 20_000))


def main() -> None:
    """Plan one shift at several efforts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--teams", type=int, default=3)
    parser.add_argument("--shift", default="night")
    asked = parser.parse_args()
    picture = take_picture(asked.workspace)
    for tries, iterations in EFFORTS:
        scenario = scenario_from(
            {
                "shift": {"name": asked.shift},
                "patrols": {"teams": asked.teams},
                "solver": {"tries": tries, "iterations": iterations},
            }
        )
        begun = time.perf_counter()
        patrols = make_plan(picture, scenario).patrols
        seconds = time.perf_counter() - begun
        print(
            f"{tries} tries of {iterations:>6,} iterations: covered {patrols.risk_covered:.4f}, "
            f"bound {patrols.bound:.4f}, gap {patrols.gap:.1%}, {seconds:.1f} s in all"
        )


if __name__ == "__main__":
    main()
