"""What the end-to-end tests share: the command line, the reference data, and checks of a plan."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyproj import Geod

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
LEFT = "import sys; from planner.cli import main; sys.argv[0] = 'planner'; main()"
FASTEST_WALK = 1.45


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of reference data, or skip."""
    if not SHARED.is_dir():
        pytest.skip("the reference data (../shared/data) is not on this machine")
    return SHARED


@pytest.fixture(scope="session")
def planner() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs the command line in a process of its own."""

    def run(*arguments: object, code: int = 0, **options: Any) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-c", LEFT, *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            **options,
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        return done

    return run


@pytest.fixture(scope="session")
def check_plan() -> Callable[[Path], dict[str, Any]]:
    """Return a function that holds a written plan against what a patrol can do."""

    def check(out: Path) -> dict[str, Any]:
        plan: dict[str, Any] = json.loads((out / "plan.json").read_text(encoding="utf-8"))
        for name in ("map.html", "hotspots.pdf", "routes.gpx"):
            assert (out / name).stat().st_size > 1_000
        for route in plan["patrols"]["routes"]:
            check_route(route, plan["shift"], plan["scenario"]["patrols"]["dwell_minutes"])
        check_shares(plan)
        return plan

    return check


def check_route(route: dict[str, Any], shift: dict[str, Any], dwell_minutes: float) -> None:
    starts, ends = moment(route["starts_at"]), moment(route["ends_at"])
    assert moment(shift["starts_at"]) <= starts < ends <= moment(shift["ends_at"])
    path = np.array(route["path"])
    assert walked_m(path) == pytest.approx(route["length_m"], rel=0.005, abs=2)
    busy = walked_m(path) / FASTEST_WALK
    place, left = 0, starts
    for stop in route["stops"]:
        here = np.array([stop["longitude"], stop["latitude"]])
        arrived = place + int(np.argmin(np.abs(path[place:] - here).sum(axis=1)))
        assert walked_m(np.array([path[arrived], here])) < 2, "the path does not reach the stop"
        seconds = (moment(stop["arrive"]) - left).total_seconds()
        assert walked_m(path[place : arrived + 1]) <= FASTEST_WALK * seconds + 2
        assert (
            moment(stop["leave"]) - moment(stop["arrive"])
        ).total_seconds() == dwell_minutes * 60
        assert stop["risk"] > 0
        assert stop["why"]
        busy += dwell_minutes * 60
        place, left = arrived, moment(stop["leave"])
    assert walked_m(path[place:]) <= FASTEST_WALK * (ends - left).total_seconds() + 2
    # Two fifths of the shift stay free for calls.
    assert busy <= 0.6 * (moment(shift["ends_at"]) - moment(shift["starts_at"])).total_seconds()


def check_shares(plan: dict[str, Any]) -> None:
    patrols, cameras, base = plan["patrols"], plan["cameras"], plan["baselines"]
    covered = sum(stop["risk"] for route in patrols["routes"] for stop in route["stops"])
    assert covered / plan["risk"]["expected"] == pytest.approx(patrols["risk_covered"], rel=1e-6)
    assert 0 < patrols["risk_covered"] <= patrols["bound"] <= 1
    gap = (patrols["bound"] - patrols["risk_covered"]) / patrols["bound"]
    assert patrols["gap"] == pytest.approx(gap, abs=1e-9)
    assert 0 <= cameras["covered"] <= cameras["bound"] + 1e-9 <= 1 + 2e-9
    assert base["none"]["risk_covered"] == 0
    assert base["random"]["risk_covered"] < patrols["risk_covered"]
    assert base["none"]["cameras_covered"] <= cameras["covered"]


def moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    assert at.tzinfo is not None
    return at


def walked_m(path: np.ndarray) -> float:
    if len(path) < 2:
        return 0.0
    return float(Geod(ellps="WGS84").line_length(path[:, 0], path[:, 1]))
