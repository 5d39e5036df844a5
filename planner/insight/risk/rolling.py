"""Forecasts of window after window, each from what was known when it began.

The model's share of a zone is the geometric mean of the mixture's and the cascade's, renormalised.
Issued is the model's forecast where past windows have shown two things, and the count's elsewhere:
that the model's log score is above the count's, and that the mixture's is above that of a mixture
of those memories alone that never forget. The second keeps an estate whose risk is constant in time
with its count: there the model may gain by smoothing, but what is recent tells nothing.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from planner.insight.risk.cascade import STEPS, Cascade
from planner.insight.risk.count import counted_shares
from planner.insight.risk.events import Events
from planner.insight.risk.evidence import NONE, Evidence, evidence_of, weaker, windows_a_block
from planner.insight.risk.memories import EVER, SEASON, Remembered, usual_memories
from planner.insight.risk.mixture import MANY_ROUNDS, fitted_weights, prior_counts
from planner.insight.risk.spread import fitted_dispersion
from planner.insight.risk.totals import Level, Totals
from planner.insight.risk.windows import DAY_S, Windows

# What fell in the first half year says little of any memory.
LEARNING_DAYS = 182.0
MOST_LEARNT_FROM = 20_000
FITTED_EVERY = 4
JUDGED_WINDOWS = 104
FEWEST_JUDGED = 8
UNKNOWN_DISPERSION = 1.0
BUSIEST = 0.1
LEAST_SHARE = 1e-12
LATEST = 60
LEAST_COMPLETE = 0.2
FEWEST_REPORTING = 13


@dataclass(frozen=True)
class Outlook:
    """What can be said of a window when it begins.

    Attributes
    ----------
    window
        Its number.
    count, model
        Shares of the zones by the shrunk count and by the model, shape (z,), each summing to 1.
    parts
        Each memory's shares, shape (k, z).
    weights
        Each memory's weight in the mixture, shape (k,).
    level
        The estate's total.
    dispersion, total_dispersion
        Of the counts of the busiest zones, and of the estate's total.
    against_count
        What past windows say of the model's score beside the count's.
    evidence
        The weaker of that, and of what they say of remembering recent incidents better.
    decayed
        Each zone's counts with a half-life of a year, shape (z,).
    by_window
        Each zone's counts in each window so far, shape (w, z): a view, which changes with time.
    """

    window: int
    count: np.ndarray
    model: np.ndarray
    mixture: np.ndarray
    cascade: np.ndarray
    parts: np.ndarray
    weights: np.ndarray
    level: Level
    dispersion: float
    total_dispersion: float
    against_count: Evidence
    evidence: Evidence
    decayed: np.ndarray
    by_window: np.ndarray

    @property
    def shares(self) -> np.ndarray:
        """The shares that are issued, shape (z,)."""
        return self.model if self.evidence.enough else self.count


class Rolling:
    """A forecast that learns from window to window.

    Parameters
    ----------
    points
        The zones' middles in metres, shape (z, 2).
    windows
        The windows, the one to forecast last.
    wanted
        The incidents of the category that is forecast, or all.
    others
        All incidents, where one category is forecast; else None.
    """

    def __init__(
        self, points: np.ndarray, windows: Windows, wanted: Events, others: Events | None = None
    ):
        self.memories = usual_memories(one_category=others is not None)
        self._windows, self._wanted = windows, wanted
        self._others = others if others is not None else wanted.only(np.zeros(len(wanted), bool))
        self._remembered = Remembered(points, self.memories, len(windows))
        self._cascade = Cascade(len(points))
        self._totals = Totals(windows)
        self._prior = prior_counts(self.memories)
        self._weights = self._prior / self._prior.sum()
        lasting = [m.half_life == EVER and m.kind != SEASON for m in self.memories]
        self._lasting = np.flatnonzero(lasting)
        self._still = self._weights[self._lasting] / self._weights[self._lasting].sum()
        # What happened before the records begin, and is in them, counts as of their start.
        earlier = (wanted.at < windows.edges[0]) & (wanted.known >= windows.edges[0])
        self._window = np.where(earlier, 0, windows.of(wanted.at))
        learnt = np.cumsum(windows.days) - windows.days >= LEARNING_DAYS
        self._judged = learnt & windows.counted
        count, steps = len(wanted), len(self.memories)
        self._given = np.zeros((count, steps), dtype=np.float32)
        self._scores = np.zeros((count, 4))
        self._tried = np.zeros((count, len(STEPS), len(self._cascade.candidates)), dtype=np.float32)
        self._better = np.zeros((2, len(windows)))
        self._known = np.zeros(len(windows))
        self._known_rows = 0
        # How many windows late an incident became known: one for the window right after its own.
        self._late = np.zeros(LATEST)
        self._reporting = 0
        self._expected = np.full(len(windows), np.nan)
        self._busiest: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        self._evidence = (NONE, NONE)
        self._dispersions = (UNKNOWN_DISPERSION, UNKNOWN_DISPERSION)

    def outlooks(self, spread_from: int = 0) -> Iterator[Outlook]:
        """Forecast each window in turn.

        Parameters
        ----------
        spread_from
            The first window whose dispersion is wanted; before it none is fitted. Weights and
            dispersions are fitted anew then, and at every fourth window.
        """
        by_window = np.argsort(self._window, kind="stable")
        numbers = np.arange(len(self._windows))
        first = np.searchsorted(self._window[by_window], numbers, side="left")
        last = np.searchsorted(self._window[by_window], numbers, side="right")
        for window in range(len(self._windows)):
            known = self._learn(window)
            if window % FITTED_EVERY == 0 or window == spread_from:
                self._fit(window, known, spread=window >= spread_from)
                self._evidence = self._judge(window)
            outlook = self._outlook(window, by_window[first[window] : last[window]])
            yield outlook

    def last(self) -> Outlook:
        """Forecast the last window, having learnt from all before it."""
        return deque(self.outlooks(len(self._windows) - 1), maxlen=1)[0]

    def judged_all(self) -> Evidence:
        """Return what all windows say, once all were forecast, also those not known then."""
        self._take_scores(slice(self._known_rows, len(self._wanted)))
        return self._judge(len(self._windows))[1]

    def _learn(self, window: int) -> int:
        """Take in what became known since the window before; return how many are known."""
        edges, wanted, others = self._windows.edges, self._wanted, self._others
        begin = -np.inf if not window else edges[window - 1]
        before, known = np.searchsorted(wanted.known, [begin, edges[window]], side="left")
        other_before, other_known = np.searchsorted(
            others.known, [begin, edges[window]], side="left"
        )
        fresh, other_fresh = slice(before, known), slice(other_before, other_known)
        if window:
            self._remembered.forget((edges[window] - edges[window - 1]) / DAY_S)
        events = Events(*(column[fresh] for column in _columns(wanted)))
        self._remembered.learn(
            events, Events(*(column[other_fresh] for column in _columns(others))), edges[window]
        )
        self._remembered.note(self._window[fresh], events)
        self._take_scores(fresh)
        fell = self._window[fresh]
        late = np.clip(window - fell[fell >= 0] - 1, 0, LATEST - 1)
        self._late += np.bincount(late, minlength=LATEST)
        self._reporting += bool(len(late))
        return int(known)

    def _complete(self, window: int) -> np.ndarray:
        """Return the share of each past window's incidents that is usually known by now."""
        # What is entered in one go says nothing of how late reports usually come.
        if self._reporting < FEWEST_REPORTING:
            return np.ones(window)
        share = self._late.cumsum() / self._late.sum()
        complete = share[np.clip(window - 1 - np.arange(window), 0, LATEST - 1)]
        usual: np.ndarray = np.maximum(complete, LEAST_COMPLETE)
        return usual

    def _take_scores(self, fresh: slice) -> None:
        """Take in how the forecasts of earlier windows did on what has become known."""
        fell, weight = self._window[fresh], self._wanted.weight[fresh]
        inside = fell >= 0
        windows = len(self._windows)
        self._known += np.bincount(fell[inside], weight[inside], windows)
        judged = inside & self._judged[np.where(inside, fell, 0)]
        scores = self._scores[fresh][judged]
        for row in (0, 1):
            gain = weight[judged] * (scores[:, 2 * row + 1] - scores[:, 2 * row])
            self._better[row] += np.bincount(fell[judged], gain, windows)
        self._cascade.learn(self._tried[fresh][judged], weight[judged])
        self._known_rows = fresh.stop

    def _fit(self, window: int, known: int, *, spread: bool) -> None:
        recent = slice(max(0, known - MOST_LEARNT_FROM), known)
        fell = self._window[recent]
        learnt = (fell >= 0) & self._judged[np.where(fell >= 0, fell, 0)]
        if learnt.any():
            given, weight = self._given[recent][learnt].astype(float), self._wanted.weight[recent]
            self._weights = fitted_weights(given, weight[learnt], self._weights, self._prior)
            still, prior = given[:, self._lasting], self._prior[self._lasting]
            self._still = fitted_weights(still, weight[learnt], self._still, prior, MANY_ROUNDS)
        if spread:
            self._dispersions = self._fitted_dispersions(window)

    def _judge(self, window: int) -> tuple[Evidence, Evidence]:
        past = np.flatnonzero(self._judged[:window])
        block = windows_a_block(float(np.median(np.diff(self._windows.edges))) / DAY_S)
        against = [evidence_of(self._better[row][past], self._known[past], block) for row in (0, 1)]
        return against[0], weaker(*against)

    def _fitted_dispersions(self, window: int) -> tuple[float, float]:
        judged = [w for w in self._busiest if self._judged[w]][-JUDGED_WINDOWS:]
        if len(judged) < FEWEST_JUDGED:
            return UNKNOWN_DISPERSION, UNKNOWN_DISPERSION
        seen = [self._remembered.by_window[w][self._busiest[w][0]] for w in judged]
        complete = self._complete(window)
        means = np.concatenate([complete[w] * self._busiest[w][1] for w in judged])
        rows = np.array(judged)
        return (
            fitted_dispersion(np.round(np.concatenate(seen)).astype(float), means),
            fitted_dispersion(np.round(self._known[rows]), complete[rows] * self._expected[rows]),
        )

    def _outlook(self, window: int, fell: np.ndarray) -> Outlook:
        middles = (self._windows.edges[:-1] + self._windows.edges[1:]) / 2
        parts = self._remembered.shares(middles, window)
        history = self._remembered.counts(EVER)
        count = counted_shares(history)
        mixture = self._weights @ parts
        zone = self._wanted.zone[fell]
        recent = tuple(self._remembered.counts(half) for half in STEPS)
        cascade, tried = self._cascade.shares(history, recent, zone)
        model = np.sqrt(mixture * cascade)
        model /= model.sum()
        self._given[fell], self._tried[fell] = parts[:, zone].T, tried
        # Over all zones: a product's last bits may hang on how many columns it has.
        still = self._still @ parts[self._lasting]
        scored = np.stack([count[zone], model[zone], still[zone], mixture[zone]], axis=1)
        self._scores[fell] = np.log(np.maximum(scored, LEAST_SHARE))
        made = Outlook(
            window, count, model, mixture, cascade, parts, self._weights,
            self._totals.expect(self._known, self._complete(window), window), *self._dispersions,
            *self._evidence,
            self._remembered.counts(365.0).copy(), self._remembered.by_window,
        )  # fmt: skip
        self._note_busiest(made)
        return made

    def _note_busiest(self, made: Outlook) -> None:
        means = made.level.expected * made.shares
        rows = busiest(means)
        self._busiest[made.window] = (rows, means[rows])
        self._expected[made.window] = made.level.expected


def busiest(means: np.ndarray) -> np.ndarray:
    """Return the rows of the tenth of zones with the highest expectation, at least one."""
    number = max(1, round(BUSIEST * len(means)))
    rows: np.ndarray = np.sort(np.argpartition(-means, number - 1)[:number])
    return rows


def _columns(events: Events) -> tuple[np.ndarray, ...]:
    return events.zone, events.at, events.known, events.weight
