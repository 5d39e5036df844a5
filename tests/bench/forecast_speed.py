"""How long a forecast and a backtest take, and how much memory, on simulated records.

Fits and forecasts all shifts of a week for 600 and 12,000 cells from ten years of records, and
backtests two years week by week with all models on 600 cells; each in a process of its own. Prints
seconds, and the peak of memory (a process begins with its parent's peak, which is printed too)::

    python tests/bench/forecast_speed.py
"""

import argparse
import resource
import subprocess
import sys
import time
from datetime import date, timedelta

import numpy as np
import pandas as pd

from planner.clock import shift_on
from planner.insight.backtest.backtest import run_backtest
from planner.insight.risk.events import events_of
from planner.insight.risk.forecast import expectation, shift_risk
from planner.insight.risk.learning import Ground
from planner.insight.risk.windows import WEEK_S, Windows
from planner.settings import USUAL_SHIFTS

ZONE, YEARS, SEED, CELL_M = "Europe/London", 10, 1, 150.0
START = pd.Timestamp("2015-01-05", tz="UTC")
# What each part may take in seconds, and the backtest in megabytes.
LIMITS = {"forecast 600": 3.0, "forecast 12000": 15.0, "backtest 600": 120.0}
MOST_MEGABYTES = 1_000.0
SHAPES = {600: (30, 20), 12_000: (120, 100)}


def ground(cells: int) -> Ground:
    """Return the cells of a rectangle."""
    wide, high = SHAPES[cells]
    at = np.stack(np.meshgrid(np.arange(wide), np.arange(high)), axis=-1).reshape(-1, 2)
    names = np.array([f"c{number}" for number in range(cells)], dtype=object)
    return Ground(names, (at + 0.5) * CELL_M, {})


def incidents(cells: int, weekly: float) -> pd.DataFrame:
    """Return ten years of incidents, in some cells far more than in others."""
    chance = np.random.default_rng(SEED)
    count = chance.poisson(weekly * 52 * YEARS)
    risk = chance.gamma(0.3, 1, cells)
    zone = chance.choice(cells, count, p=risk / risk.sum())
    seconds = np.sort(chance.uniform(0, YEARS * 52 * WEEK_S, count))
    begins = START + pd.to_timedelta(seconds, unit="s")
    return pd.DataFrame({
        "source": "control room", "zone": [f"c{number}" for number in zone],
        "occurred_from": begins, "occurred_to": begins + pd.Timedelta(minutes=30),
        "reported_at": begins + pd.Timedelta(hours=1), "time_known": "interval",
        "row": zone,
    })  # fmt: skip


def periods() -> pd.DataFrame:
    """Return one period of ten years."""
    end = START + pd.Timedelta(weeks=52 * YEARS)
    return pd.DataFrame({"source": ["control room"], "starts_at": [START], "ends_at": [end]})


def forecast(cells: int, weekly: float) -> float:
    """Fit, and forecast the 21 shifts of a week; return seconds."""
    table, of, spans = incidents(cells, weekly), ground(cells), periods()
    begin = time.perf_counter()
    known = expectation(table, spans, of, USUAL_SHIFTS, ZONE)
    for day in (date(2025, 1, 6) + timedelta(days=n) for n in range(7)):
        for name, hours in USUAL_SHIFTS.items():
            risk = shift_risk(known, shift_on(day, name, hours, ZONE))
            if not np.isfinite(risk.high).all():
                raise ValueError("a forecast is not finite")
    return time.perf_counter() - begin


def backtest(cells: int, weekly: float) -> float:
    """Backtest the last two years with all models; return seconds."""
    table, of = incidents(cells, weekly), ground(cells)
    weeks = 52 * YEARS
    edges = START.timestamp() + np.arange(weeks + 1) * WEEK_S
    begin = time.perf_counter()
    events = events_of(table, table["row"].to_numpy())
    run_backtest(of.points, Windows(edges, np.ones(weeks)), weeks - 104, events)
    return time.perf_counter() - begin


def measured(work: str, cells: int, weekly: float) -> None:
    """Do one piece of work, and print what it took."""
    before = peak()
    seconds = {"forecast": forecast, "backtest": backtest}[work](cells, weekly)
    limit = LIMITS[f"{work} {cells}"]
    kept = "within" if seconds <= limit and peak() <= MOST_MEGABYTES else "OVER"
    print(
        f"{work:9} {cells:6,} cells, {weekly:3g} a week: {seconds:6.2f} s ({kept} {limit:g} s), "
        f"peak {peak():,.0f} MB (of which {before:,.0f} before it began)",
        flush=True,
    )


def peak() -> float:
    """Return the most memory so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure each piece in a process of its own."""
    wish = argparse.ArgumentParser(description=__doc__)
    wish.add_argument("--one", nargs=3, metavar=("WORK", "CELLS", "WEEKLY"))
    one = wish.parse_args().one
    if one:
        measured(one[0], int(one[1]), float(one[2]))
        return
    for weekly in (25, 300):
        for work, cells in (("forecast", 600), ("forecast", 12_000), ("backtest", 600)):
            given = ["--one", work, str(cells), str(weekly)]
            subprocess.run([sys.executable, __file__, *given], check=True)


if __name__ == "__main__":
    main()
