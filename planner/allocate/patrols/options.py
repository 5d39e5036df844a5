"""The visits that a plan can choose from, in windows that keep visits to one zone apart.

A zone may be visited again, but not sooner than a gap G after the patrol has left. Its shift is
cut into periods of P = 2 (G + d), at least two hours, where d is the dwell, and a visit begins in
the first half of a period: whichever times are chosen, the next visit begins G or more after the
last has ended. The periods of every fourth zone begin a quarter of P later than those of the one
before, so that at any time about half of all zones can be visited. A shift shorter than one and a
half periods is one window.
"""

from dataclasses import dataclass

import numpy as np

from planner.allocate.patrols.worth import Worth

LEAST_PERIOD_S = 7_200
PHASES = 4
PARTS = ("zone", "place", "opens", "closes", "dwell_s", "worth", "most", "officers", "together")


@dataclass(frozen=True)
class Options:
    """Visits to choose from, one row each, shape (v,).

    Attributes
    ----------
    zone
        Row of the zone.
    place
        Row of the place where the patrol stands.
    opens, closes
        Seconds after the start of the shift between which the visit can begin.
    dwell_s
        How long it lasts.
    worth
        Expected incidents that it covers, in the mean of its window.
    most
        The same at the best time of its window: no visit in it covers more.
    officers
        The least number of officers that a team must have.
    together
        How many teams must make the visit together, 1 or 2; where 2, its window is one moment.
    """

    zone: np.ndarray
    place: np.ndarray
    opens: np.ndarray
    closes: np.ndarray
    dwell_s: np.ndarray
    worth: np.ndarray
    most: np.ndarray
    officers: np.ndarray
    together: np.ndarray

    def __len__(self) -> int:
        return len(self.zone)

    def only(self, rows: np.ndarray) -> "Options":
        """Return some of the options."""
        return Options(*(getattr(self, part)[rows] for part in PARTS))


@dataclass(frozen=True)
class ZoneRules:
    """What holds for visits to each zone, shape (z,) each.

    Attributes
    ----------
    place
        Row of the place where a patrol stands; -1 where no route may go.
    dwell_s
        How long a visit lasts.
    together
        How many teams must make it together, 1 or 2.
    single_officer
        Whether a team of one may go there after dark.
    """

    place: np.ndarray
    dwell_s: np.ndarray
    together: np.ndarray
    single_officer: np.ndarray


def visit_options(
    worth: Worth, rules: ZoneRules, gap_s: int, dark: tuple[tuple[int, int], ...] = ()
) -> Options:
    """List the visits to every zone that routes can reach.

    Parameters
    ----------
    worth
        What visits are worth.
    rules
        What holds for each zone.
    gap_s
        The least time between two visits to one zone.
    dark
        Stretches of the shift that are after dark, in seconds after its start.
    """
    reachable = np.flatnonzero(rules.place >= 0)
    parts = [
        _in_windows(zones, int(dwell), phase, worth, rules, gap_s)
        for dwell in np.unique(rules.dwell_s[reachable])
        for phase in range(PHASES)
        if len(
            zones := reachable[(rules.dwell_s[reachable] == dwell) & (reachable % PHASES == phase)]
        )
    ]
    whole = _joined([part for listed in parts for part in listed])
    whole = whole.only(np.lexsort((whole.opens, whole.zone)))
    return _after_dark(_at_one_moment(whole, worth), rules, dark)


def windows(shift_s: int, dwell_s: int, gap_s: int, phase: int) -> list[tuple[int, int]]:
    """Return the windows in which visits to a zone can begin, in seconds after the start.

    Parameters
    ----------
    shift_s, dwell_s, gap_s
        Length of the shift, of a visit, and of the least time between two of them.
    phase
        From 0 to 3: how many quarters of a period later the periods begin.
    """
    last = shift_s - dwell_s
    if last < 0:
        return []
    period = max(LEAST_PERIOD_S, 2 * (gap_s + dwell_s))
    if shift_s < 1.5 * period:
        return [(0, last)]
    starts = np.arange(phase * period / PHASES - period, shift_s, period)
    found = [
        (max(0, int(start)), min(last, int(start + period / 2) - 1))
        for start in starts
        if start + period / 2 > period / PHASES / 2 and start <= last
    ]
    return [(opens, closes) for opens, closes in found if opens <= closes]


def _in_windows(
    zones: np.ndarray, dwell_s: int, phase: int, worth: Worth, rules: ZoneRules, gap_s: int
) -> list[Options]:
    return [
        _one_window(zones, window, dwell_s, worth, rules)
        for window in windows(worth.shift_s, dwell_s, gap_s, phase)
    ]


def _one_window(
    zones: np.ndarray, window: tuple[int, int], dwell_s: int, worth: Worth, rules: ZoneRules
) -> Options:
    mean, most = worth.over_windows(*window, zones, dwell_s)
    count = len(zones)
    return Options(
        zone=zones,
        place=rules.place[zones],
        opens=np.full(count, window[0]),
        closes=np.full(count, window[1]),
        dwell_s=np.full(count, dwell_s),
        worth=mean,
        most=most,
        officers=np.ones(count, dtype=int),
        together=rules.together[zones],
    )


def _joined(parts: list[Options]) -> Options:
    if not parts:
        nothing = np.array([], dtype=int)
        none = np.array([], dtype=float)
        return Options(*(none if part in ("worth", "most") else nothing for part in PARTS))
    return Options(*(np.concatenate([getattr(one, part) for one in parts]) for part in PARTS))


def _at_one_moment(options: Options, worth: Worth) -> Options:
    """Fix the moment of visits that two teams make together: the middle of their window."""
    both = options.together > 1
    moment = (options.opens + options.closes) // 2
    at_once = worth.of_visits(options.zone, moment, options.dwell_s)
    return Options(
        options.zone,
        options.place,
        np.where(both, moment, options.opens),
        np.where(both, moment, options.closes),
        options.dwell_s,
        np.where(both, at_once, options.worth),
        np.where(both, at_once, options.most),
        options.officers,
        options.together,
    )


def _after_dark(options: Options, rules: ZoneRules, dark: tuple[tuple[int, int], ...]) -> Options:
    """Ask for two officers where some of a visit may fall after dark."""
    after = np.zeros(len(options), dtype=bool)
    for begins, ends in dark:
        after |= (options.opens < ends) & (options.closes + options.dwell_s > begins)
    alone = rules.single_officer[options.zone] | ~after
    return Options(
        options.zone, options.place, options.opens, options.closes, options.dwell_s,
        options.worth, options.most, np.where(alone, 1, 2), options.together,
    )  # fmt: skip
