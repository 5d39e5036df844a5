"""Memories: what was recorded where, each forgetting at its own pace.

A memory of half-life h holds, for each zone, the sum of 2^(-age / h) over the incidents known by
a moment. It is kept of the zone itself, of the zones around it (lightly smoothed), of all
categories where one is forecast, and of the same weeks of earlier years. Each is a way to say where
the next incident will be; :mod:`planner.insight.risk.mixture` weighs them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from planner.insight.risk.events import Events
from planner.insight.risk.neighbourhood import smoothing
from planner.insight.risk.windows import DAY_S

EVER = np.inf
YEAR_DAYS = 365.25
HERE, NEAR, NEXT_DOOR = 0.0, 75.0, 150.0
# Half-lives in days of what is remembered of the zone itself, and of the ground around it.
HALF_LIVES = (30.0, 90.0, 365.0, 1095.0, EVER)
AROUND = (90.0, 365.0, 1095.0, EVER)
# A near repeat is expected within one to four weeks of the first incident.
REPEATS = (7.0, 28.0)
SEASON_WEEKS = 4
SEASON, EVEN = "season", "even"
OTHERS = "others"


@dataclass(frozen=True)
class Memory:
    """One way to remember.

    Attributes
    ----------
    kind
        ``"zone"`` (the zone itself), ``"around"`` (smoothed), ``"others"`` (all categories),
        ``"season"`` (the same weeks of earlier years) or ``"even"`` (nothing: all alike).
    half_life
        In days.
    deviation_m
        Of the smoothing, in metres; 0 for none.
    """

    kind: str
    half_life: float = EVER
    deviation_m: float = HERE


ZONE, WIDER = "zone", "around"


def usual_memories(*, one_category: bool) -> tuple[Memory, ...]:
    """Return the memories of a forecast; of one category also what else was recorded there."""
    own = [Memory(ZONE, half) for half in HALF_LIVES]
    wider = [Memory(WIDER, half, metres) for metres in (NEAR, NEXT_DOOR) for half in AROUND]
    wider += [Memory(WIDER, half, NEXT_DOOR) for half in REPEATS]
    others = [Memory(OTHERS, half) for half in (365.0, EVER)] if one_category else []
    return (*own, *wider, *others, Memory(SEASON), Memory(EVEN))


class Remembered:
    """What is known at a moment, brought forward from one to the next.

    Parameters
    ----------
    points
        The zones' middles in metres, shape (z, 2).
    memories
        What to remember.
    windows
        How many windows there will be, for the same weeks of earlier years.
    """

    def __init__(self, points: np.ndarray, memories: Sequence[Memory], windows: int):
        self.memories = tuple(memories)
        self._zones = len(points)
        self._columns = [m for m in self.memories if m.kind in (ZONE, WIDER, OTHERS)]
        self._half_lives = np.array([m.half_life for m in self._columns])
        self._state = np.zeros((len(self._columns), self._zones))
        self._deviations = sorted({m.deviation_m for m in self._columns if m.deviation_m > HERE})
        self._spread = sparse.vstack(
            [smoothing(points, metres) for metres in self._deviations], format="csc"
        )
        self.by_window = np.zeros((windows, self._zones), dtype=np.float32)

    def forget(self, days: float) -> None:
        """Let so many days pass."""
        self._state *= (0.5 ** (days / self._half_lives))[:, None]

    def learn(self, wanted: Events, others: Events, moment: float) -> None:
        """Take in what became known until a moment (seconds since 1970)."""
        for kinds, events in (((ZONE, WIDER), wanted), ((OTHERS,), others)):
            rows = [row for row, memory in enumerate(self._columns) if memory.kind in kinds]
            if rows and len(events):
                self._add(np.array(rows), events, moment)

    def _add(self, rows: np.ndarray, events: Events, moment: float) -> None:
        age = np.maximum(moment - events.at, 0.0) / DAY_S
        left = 0.5 ** (age[:, None] / self._half_lives[rows]) * events.weight[:, None]
        order = np.argsort(events.zone, kind="stable")
        zones, first = np.unique(events.zone[order], return_index=True)
        sums = np.add.reduceat(left[order], first, axis=0)
        deviation = np.array([self._columns[row].deviation_m for row in rows])
        here = deviation == HERE
        self._state[np.ix_(rows[here], zones)] += sums[:, here].T
        if here.all():
            return
        wider = (self._spread[:, zones] @ sums).reshape(len(self._deviations), self._zones, -1)
        for number, metres in enumerate(self._deviations):
            smoothed = deviation == metres
            self._state[rows[smoothed]] += wider[number][:, smoothed].T

    def note(self, window: np.ndarray, events: Events) -> None:
        """Keep how much is known of each window, for the seasons; rows of -1 are of none."""
        inside = window >= 0
        np.add.at(self.by_window, (window[inside], events.zone[inside]), events.weight[inside])

    def counts(self, half_life: float) -> np.ndarray:
        """Return what is remembered of each zone itself, shape (z,)."""
        found: np.ndarray = self._state[self._columns.index(Memory(ZONE, half_life))]
        return found

    def shares(self, middles: np.ndarray, window: int) -> np.ndarray:
        """Return each memory's share of each zone, shape (memories, z); each sums to 1.

        Parameters
        ----------
        middles
            The middles of all windows, in seconds since 1970, shape (w,).
        window
            The window that is to come.
        """
        made = np.empty((len(self.memories), self._zones))
        made[: len(self._state)] = self._state
        made[-2] = self._season(middles, window)
        made[-1] = 1.0
        total = made.sum(axis=1, keepdims=True)
        blank = total[:, 0] <= 1e-12
        made[blank], total[blank] = 1.0, self._zones
        made /= total
        return made

    def _season(self, middles: np.ndarray, window: int) -> np.ndarray:
        """Sum up the same weeks of earlier years, the nearest weeks most."""
        days = (middles[window] - middles[:window]) / DAY_S
        years = np.round(days / YEAR_DAYS)
        apart = np.abs(days - years * YEAR_DAYS) / 7
        weight = np.where(years >= 1, np.clip(SEASON_WEEKS + 1 - apart, 0, None), 0.0)
        near, share = np.flatnonzero(weight > 0), weight.astype(np.float32)
        summed = np.zeros(self._zones, dtype=np.float32)
        # Year by year, as slices: rows picked one by one would be copied each time.
        for rows in np.split(near, np.flatnonzero(np.diff(near) > 1) + 1):
            if len(rows):
                begin, end = rows[0], rows[-1] + 1
                summed += share[begin:end] @ self.by_window[begin:end]
        return summed
