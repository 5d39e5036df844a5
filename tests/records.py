"""Records on a grid of cells, for the tests of the forecast and the backtest."""

from typing import Any

import numpy as np
import pandas as pd

from planner.insight.risk.events import Events
from planner.insight.risk.windows import DAY_S, WEEK_S, Windows

CELL_M = 150.0


def grid(side: int) -> np.ndarray:
    """The middles of a square of cells, shape (side^2, 2)."""
    at = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)
    middles: np.ndarray = (at + 0.5) * CELL_M
    return middles


def weekly(weeks: int) -> Windows:
    """Weeks that are covered as a whole, from 1970 on."""
    return Windows(np.arange(weeks + 1) * WEEK_S, np.ones(weeks))


def events(
    seed: int, zones: int, weeks: int, count: int, late_days: float = 0.0, uneven: float = 0.5
) -> Events:
    """Incidents at random, in some zones more than in others; reported up to so many days late."""
    chance = np.random.default_rng(seed)
    rate = chance.gamma(uneven, 1, zones) + 1e-3
    zone = chance.choice(zones, count, p=rate / rate.sum())
    at = chance.uniform(0, weeks * WEEK_S, count)
    known = at + 3_600 + chance.uniform(0, max(late_days, 1e-9) * DAY_S, count)
    weight = chance.choice([0.5, 1.0], count, p=[0.1, 0.9])
    order = np.lexsort((zone, at, known))
    return Events(zone[order], at[order], known[order], weight[order])


def periods(*spans: tuple[float, float]) -> pd.DataFrame:
    """Covered periods in seconds since 1970."""
    starts, ends = ([pd.Timestamp(span[side], unit="s", tz="UTC") for span in spans]
                    for side in (0, 1))  # fmt: skip
    return pd.DataFrame({
        "starts_at": pd.to_datetime(starts, utc=True), "ends_at": pd.to_datetime(ends, utc=True)
    })  # fmt: skip


def table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Incidents with moments in UTC; ``None`` where nothing is stated."""
    usual = {"occurred_from": None, "occurred_to": None, "reported_at": None,
             "time_known": "interval"}  # fmt: skip
    made = pd.DataFrame([usual | row for row in rows])
    for column in ("occurred_from", "occurred_to", "reported_at"):
        made[column] = pd.to_datetime(made[column], utc=True)
    return made
