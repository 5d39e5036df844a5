"""Judging zones by shift: a zone's share of a window, shared out among the window's shifts."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from planner.insight.backtest.rivals import COUNT, ZONE_COUNT
from planner.insight.backtest.slots import DAYS, Slots, kind_hours, slots_between
from planner.insight.risk.count import counted_shares
from planner.insight.risk.events import Events
from planner.insight.risk.windows import Windows
from planner.insight.timing.aoristic import HOURS, spread_over_hours
from planner.settings import ShiftHours


class ShiftScores:
    """What is known of the hours of each zone, brought forward from window to window.

    Parameters
    ----------
    zones
        How many zones there are.
    windows
        As in the backtest.
    wanted
        The incidents that are forecast.
    hours
        As :func:`hours_of_events` lists them.
    shifts, time_zone
        The service's shifts, in local time.
    """

    def __init__(
        self,
        zones: int,
        windows: Windows,
        wanted: Events,
        hours: pd.DataFrame,
        shifts: Mapping[str, ShiftHours],
        time_zone: str,
    ):
        self._windows, self._wanted, self._hours = windows, wanted, hours
        edges = windows.edges
        self._slots: Slots = slots_between(float(edges[0]), float(edges[-1]), shifts, time_zone)
        self._kinds = kind_hours(shifts)
        self._timed = np.isin(np.arange(len(wanted)), hours["event"].to_numpy())
        slot = np.where(self._timed, self._slots.of(wanted.at), -1)
        self._slot = slot
        self._window = np.where(slot >= 0, windows.of(self._slots.starts[slot]), -1)
        self._seen = np.zeros((zones, DAYS * len(shifts)))
        self._weights = np.zeros((zones, HOURS))
        self._learnt = 0
        self._of_hours = hours["event"].to_numpy()
        self.slots_a_window = int(np.median(np.bincount(windows.of(self._slots.starts))))

    def by_shift(
        self, window: int, shares: Mapping[str, np.ndarray]
    ) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
        """Share each forecast out among the shifts of a window.

        Returns
        -------
        shares, fell, weight
            Forecasts of zone-shifts, shape (z * slots,); and the zone-shift and the weight of each
            incident that fell in the window, shape (n,). The whole-history count is that of each
            zone and weekday's shift; that of each zone, shared out as the model's is, stands
            beside it.
        """
        self._learn(float(self._windows.edges[window]))
        slots = np.flatnonzero(self._windows.of(self._slots.starts) == window)
        kinds = self._slots.kind[slots]
        given = self._kinds.shares(self._weights)[:, kinds]
        shared = {name: _whole(share[:, None] * given) for name, share in shares.items()}
        shared[ZONE_COUNT] = shared[COUNT]
        # One slot of a kind a week: what is counted of the kind falls to it.
        shared[COUNT] = _whole(
            counted_shares(self._seen.ravel()).reshape(self._seen.shape)[:, kinds]
        )
        rows = np.flatnonzero(self._window == window)
        place = np.searchsorted(slots, self._slot[rows])
        fell = self._wanted.zone[rows] * len(slots) + place
        return shared, fell, self._wanted.weight[rows]

    def _learn(self, moment: float) -> None:
        wanted = self._wanted
        known = int(np.searchsorted(wanted.known, moment, side="left"))
        fresh = np.arange(self._learnt, known)
        slotted = fresh[self._slot[fresh] >= 0]
        kind = self._slots.kind[self._slot[slotted]]
        np.add.at(self._seen, (wanted.zone[slotted], kind), wanted.weight[slotted])
        begin, end = np.searchsorted(self._of_hours, [self._learnt, known], side="left")
        part = self._hours.iloc[begin:end]
        event = part["event"].to_numpy()
        weight = part["weight"].to_numpy() * wanted.weight[event]
        np.add.at(self._weights, (wanted.zone[event], part["hour"].to_numpy()), weight)
        self._learnt = known


def hours_of_events(incidents: pd.DataFrame, rows: np.ndarray, time_zone: str) -> pd.DataFrame:
    """List the hours in which each event may have happened: ``event``, ``hour``, ``weight``.

    Parameters
    ----------
    incidents
        As for :func:`planner.insight.risk.events.events_of`.
    rows
        Row of each event in the table, shape (n,).
    time_zone
        The zone whose hours are meant.
    """
    row, hour, weight = spread_over_hours(incidents.iloc[rows], time_zone)
    listed = pd.DataFrame({"event": row, "hour": hour, "weight": weight})
    return listed.sort_values("event", kind="stable", ignore_index=True)


def _whole(shares: np.ndarray) -> np.ndarray:
    flat: np.ndarray = (shares / shares.sum()).ravel()
    return flat
