"""The backtest: forecasts made as they would have been made, beside rivals, on what then happened.

Each window is forecast from what was known when it began (rolling origin): nothing that happened
or was reported later plays any part, and the same forecast comes out, bit for bit, of records that
end there. What is scored is the policy: the model's forecast where it had by then shown itself
better than the counts, the count's elsewhere.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from planner.errors import BacktestError
from planner.insight.backtest.calibration import Calibration, calibration_of, steps
from planner.insight.backtest.comparison import Difference, paired_difference
from planner.insight.backtest.rivals import (
    BEST,
    COUNT,
    DECAYED_365,
    MODEL,
    POLICY,
    best_shares,
    rival_shares,
)
from planner.insight.backtest.scores import (
    LEAST_SHARE,
    PERCENTAGES,
    best_number,
    hits,
    log_scores,
)
from planner.insight.backtest.shifts import ShiftScores
from planner.insight.risk.events import Events
from planner.insight.risk.evidence import Evidence, windows_a_block
from planner.insight.risk.rolling import Outlook, Rolling, busiest
from planner.insight.risk.windows import DAY_S, Windows

SEED = 20_160_101


@dataclass(frozen=True)
class Scores:
    """How a forecast did, over all windows.

    Attributes
    ----------
    hit_rate, pai, pei
        By percentage of the area (1, 2, 5, 10).
    log_score
        Mean of an incident.
    """

    hit_rate: tuple[float, ...]
    pai: tuple[float, ...]
    pei: tuple[float, ...]
    log_score: float


@dataclass(frozen=True)
class Versus:
    """The policy's paired differences from a rival: hit rates by percentage, and log score."""

    hit_rate: tuple[Difference, ...]
    log_score: Difference


@dataclass(frozen=True)
class Backtest:
    """What came of a backtest.

    Attributes
    ----------
    windows, zones, incidents
        How many were judged; zones are zone-shifts where shifts are judged.
    models
        Scores by the forecasts' names.
    chosen
        The forecast that is issued now that all windows are known: the model or the floor.
    floor
        What the policy falls back to.
    fell_back
        In how many windows the policy was the floor.
    versus_count, versus_decayed
        The policy beside the whole-history count, and beside the count decayed over a year.
    calibration, total_calibration
        Of the tenth of zones with the highest expectation, and of the estate's total.
    evidence
        What all windows that could be judged, also those before the first, say of the model.
    """

    windows: int
    zones: int
    incidents: float
    models: Mapping[str, Scores]
    chosen: str
    floor: str
    fell_back: int
    versus_count: Versus
    versus_decayed: Versus
    calibration: Calibration
    total_calibration: Calibration
    evidence: Evidence


class _Tally:
    """What is noted of each window."""

    def __init__(self) -> None:
        self.hits: dict[str, list[np.ndarray]] = {}
        self.logs: dict[str, list[float]] = {}
        self.counts: list[float] = []
        self.steps: list[tuple[np.ndarray, np.ndarray]] = []
        self.total_steps: list[tuple[np.ndarray, np.ndarray]] = []
        self.fell_back = 0

    def note(self, shares: Mapping[str, np.ndarray], fell: np.ndarray, weight: np.ndarray) -> None:
        """Note what each forecast hit, and its log score."""
        self.counts.append(float(weight.sum()))
        for name, given in shares.items():
            self.hits.setdefault(name, []).append(hits(given, fell, weight))
            self.logs.setdefault(name, []).append(log_scores(given, fell, weight))

    def judge(self, outlook: Outlook, fell: np.ndarray, weight: np.ndarray) -> None:
        """Note how counts lay in their forecasts: of the busiest zones, and of the estate."""
        means = outlook.level.expected * outlook.shares
        counts = np.round(np.bincount(fell, weight, minlength=len(means)))
        top = busiest(means)
        self.steps.append(steps(counts[top], means[top], outlook.dispersion))
        total, mean = np.array([counts.sum()]), np.array([outlook.level.expected])
        self.total_steps.append(steps(total, mean, outlook.total_dispersion))
        self.fell_back += not outlook.evidence.enough


def run_backtest(
    points: np.ndarray,
    windows: Windows,
    first: int,
    wanted: Events,
    others: Events | None = None,
    shifts: ShiftScores | None = None,
) -> Backtest:
    """Judge the forecast on the windows from one on.

    Parameters
    ----------
    points
        The zones' middles in metres, shape (z, 2).
    windows
        All windows of the history and those to judge.
    first
        The first window to judge.
    wanted
        The incidents of the category that is forecast, or all.
    others
        All incidents, where one category is forecast; else None.
    shifts
        What it takes to judge zones by shift; windows are judged as a whole if None.

    Raises
    ------
    BacktestError
        If no incident fell into the windows to judge.
    """
    rolling = Rolling(points, windows, wanted, others)
    window_of, tally = windows.of(wanted.at), _Tally()
    last: Outlook | None = None
    for outlook in rolling.outlooks(first):
        last = outlook
        if outlook.window < first or not windows.counted[outlook.window]:
            continue
        rows = np.flatnonzero(window_of == outlook.window)
        fell, weight = wanted.zone[rows], wanted.weight[rows]
        shares = rival_shares(outlook, windows, rolling.memories)
        tally.judge(outlook, fell, weight)
        if shifts is not None:
            shares, fell, weight = shifts.by_shift(outlook.window, shares)
        size = len(shares[COUNT])
        tally.note(shares | {BEST: best_shares(fell, weight, size)}, fell, weight)
    if last is None or not sum(tally.counts):
        raise BacktestError(
            "No incident fell into the windows to judge; choose --from and --to within what the "
            "file covers, another --category, or larger windows."
        )
    size = len(points) if shifts is None else len(points) * shifts.slots_a_window
    return _result(tally, size, windows, rolling.judged_all())


def _result(tally: _Tally, size: int, windows: Windows, evidence: Evidence) -> Backtest:
    counts = np.array(tally.counts)
    block = windows_a_block(float(np.median(np.diff(windows.edges))) / DAY_S)
    low, high = (np.concatenate(side) for side in zip(*tally.steps, strict=True))
    total_low, total_high = (np.concatenate(side) for side in zip(*tally.total_steps, strict=True))
    return Backtest(
        windows=len(counts),
        zones=size,
        incidents=float(counts.sum()),
        models={name: _scores(tally, name, size) for name in tally.hits},
        chosen=MODEL if evidence.enough else COUNT,
        floor=COUNT,
        fell_back=tally.fell_back,
        versus_count=_versus(tally, COUNT, counts, block),
        versus_decayed=_versus(tally, DECAYED_365, counts, block),
        calibration=calibration_of(low, high),
        total_calibration=calibration_of(total_low, total_high),
        evidence=evidence,
    )


def _scores(tally: _Tally, name: str, size: int) -> Scores:
    total = sum(tally.counts)
    found, best = (np.sum(tally.hits[which], axis=0) for which in (name, BEST))
    area = np.array([best_number(percentage, size) / size for percentage in PERCENTAGES])
    rate = found / total
    return Scores(
        hit_rate=tuple(rate.tolist()),
        pai=tuple((rate / area).tolist()),
        pei=tuple((found / best).tolist()),
        log_score=sum(tally.logs[name]) / total,
    )


def _versus(tally: _Tally, rival: str, counts: np.ndarray, block: int) -> Versus:
    gain = np.array(tally.hits[POLICY]) - np.array(tally.hits[rival])
    logs = np.array(tally.logs[POLICY]) - np.array(tally.logs[rival])
    return Versus(
        tuple(paired_difference(column, counts, block, SEED, 1.0) for column in gain.T),
        paired_difference(logs, counts, block, SEED, -math.log(LEAST_SHARE)),
    )
