"""What a visit is worth: each zone's shift is cut into slices, and a visit earns one slice.

Presence works while the patrol stands there and for a while after it has gone: stops of about 15
minutes left the longest quiet time behind them (Koper, 1995, "Just enough police presence"). A
visit's effect is therefore taken as whole during the dwell and halved with every half hour after.
Over a slice of length L a visit of dwell d with half-life h so covers the share

    k(L) = (d + h / ln 2 * (1 - 2^(-(L - d) / h))) / L

of the zone's risk in that slice. It is credited alike whenever in the slice it begins, so what
falls off after the slice stands for what a late visit adds to the next one. Slices are two hours
long, or four dwells where that is more; those of every second zone are shifted by half a slice. A
visit begins in the first half of its slice, so that two visits to one zone are at least an hour
apart (half an hour around the short slices at the ends of the shift). What a visit covers is so a
convention: counted strictly to the end of its slice it is about a tenth less.
"""

import math
from dataclasses import dataclass

import numpy as np

from planner.insight.risk.model import Risk
from planner.insight.timing.profile import BIN_S

SLICE_S = 7_200
SLICE_DWELLS = 4
HALF_LIFE_S = 1_800.0


@dataclass(frozen=True)
class Options:
    """The visits that a plan can choose from, one row each, shape (v,).

    Attributes
    ----------
    zone
        Row of the zone.
    opens, closes
        Seconds after the start of the shift between which the visit can begin.
    ends
        Seconds after the start of the shift at which its slice ends.
    risk
        Expected incidents that the visit covers.
    slice_risk
        Expected incidents in the slice.
    """

    zone: np.ndarray
    opens: np.ndarray
    closes: np.ndarray
    ends: np.ndarray
    risk: np.ndarray
    slice_risk: np.ndarray

    def __len__(self) -> int:
        return len(self.zone)

    def only(self, rows: np.ndarray) -> "Options":
        """Return some of the options."""
        return Options(
            self.zone[rows], self.opens[rows], self.closes[rows], self.ends[rows],
            self.risk[rows], self.slice_risk[rows],
        )  # fmt: skip


def visit_options(risk: Risk, shift_s: float, dwell_s: int) -> Options:
    """List the visits to every zone.

    Parameters
    ----------
    risk
        The forecast of the shift.
    shift_s
        Length of the shift in seconds.
    dwell_s
        Length of a visit in seconds.
    """
    parts = [
        _options_for(
            np.flatnonzero(np.arange(len(risk.zones)) % 2 == late), late, risk, shift_s, dwell_s
        )
        for late in (0, 1)
    ]
    names = ("zone", "opens", "closes", "ends", "risk", "slice_risk")
    whole = Options(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
    return whole.only(np.lexsort((whole.opens, whole.zone)))


def _options_for(zones: np.ndarray, late: int, risk: Risk, shift_s: float, dwell_s: int) -> Options:
    edges = _slice_edges(shift_s, late, dwell_s)
    opens, ends = edges[:-1], edges[1:]
    # Expected incidents up to each edge, even within a quarter hour (the last may be shorter).
    up_to = np.concatenate([np.zeros((len(zones), 1)), risk.expected[zones].cumsum(axis=1)], axis=1)
    bins = np.minimum(np.arange(up_to.shape[1]) * BIN_S, shift_s)
    low = np.clip(np.searchsorted(bins, edges, side="right") - 1, 0, len(bins) - 2)
    part = (edges - bins[low]) / (bins[low + 1] - bins[low])
    reached = up_to[:, low] + (up_to[:, low + 1] - up_to[:, low]) * part
    in_slice = np.diff(reached, axis=1)
    count = len(opens)
    return Options(
        zone=np.repeat(zones, count),
        opens=np.tile(opens, len(zones)).astype(np.int64),
        closes=np.tile((opens + ends) / 2, len(zones)).astype(np.int64),
        ends=np.tile(ends, len(zones)).astype(np.int64),
        risk=(in_slice * covered_share(ends - opens, dwell_s)).ravel(),
        slice_risk=in_slice.ravel(),
    )


def _slice_edges(shift_s: float, late: int, dwell_s: int) -> np.ndarray:
    """Cut a shift into equal slices, shifted by half of one for late zones."""
    count = max(1, math.floor(shift_s / max(SLICE_S, SLICE_DWELLS * dwell_s) + 0.01))
    length = shift_s / count
    if not late or count == 1:
        edges: np.ndarray = np.linspace(0, shift_s, count + 1)
    else:
        inner = np.arange(length / 2, shift_s, length)
        edges = np.concatenate([[0.0], inner, [shift_s]])
    whole: np.ndarray = np.floor(edges)
    return whole


def covered_share(length_s: np.ndarray, dwell_s: int) -> np.ndarray:
    """Return the share of a slice's risk that one visit covers, as in the module's docstring."""
    length = np.maximum(np.asarray(length_s, dtype=float), 1.0)
    stay = np.minimum(dwell_s, length)
    fading = HALF_LIFE_S / np.log(2) * (1 - 2 ** (-(length - stay) / HALF_LIFE_S))
    share: np.ndarray = (stay + fading) / length
    return share
