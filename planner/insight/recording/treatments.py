"""What is put before a person: places that look like desks, or changed how they report.

Each comes with its evidence in words, its months, and a proposed treatment. Nothing is done until
a person decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from planner.incidents.categories import OTHER
from planner.insight.recording import desks
from planner.insight.recording.changed_places import changed_places
from planner.insight.recording.history import DAYS_A_MONTH, History, history_of
from planner.insight.recording.place_keys import (
    BUILDING,
    POINT,
    building_keys,
    place_name,
    point_keys,
    recorded_at,
)

# A rise that one category makes up is a change of what is reported, more than of what happens.
ONE_CATEGORY = 0.6
# Beyond this an upper limit says that there was hardly anything before.
MOST_TOLD = 100.0
LEAST_TOLD = 0.05
TOLD = (desks.DESK, desks.DEFAULT, desks.LARGE)
EXCLUDE, WEIGHT, KEEP = "exclude", "weight", "keep"


@dataclass(frozen=True)
class Rate:
    """Incidents in a month or week, with the 95 % interval."""

    mean: float
    low: float
    high: float

    def words(self, unit: str) -> str:
        """Write it as a supervisor would say it: ``19 a month``, ``0.4 a month``, ``none``."""
        if self.mean == 0:
            return "none"
        if self.mean < LEAST_TOLD:
            return "hardly any"
        return f"{self.mean:.0f} a {unit}" if self.mean >= 1.95 else f"{self.mean:.1f} a {unit}"


@dataclass(frozen=True)
class Change:
    """A change in what a place reports.

    Attributes
    ----------
    starts_at
        The month or week from which on it differs, in local time.
    unit
        ``"month"`` or ``"week"``: what the rates are per.
    before, since
        Rates.
    ratio, ratio_low, ratio_high
        Rate since over rate before, against the estate's trend, with its 95 % interval.
    p, q
        Of the change: p within its place, q over all places (false discovery rate).
    most
        The category that most of the difference lies in; ``""`` where there is none.
    share
        Which share of the difference that is.
    """

    starts_at: pd.Timestamp
    unit: str
    before: Rate
    since: Rate
    ratio: float
    ratio_low: float
    ratio_high: float
    p: float
    q: float
    most: str
    share: float

    def words(self) -> str:
        """Say it in one sentence."""
        form = "%B %Y" if self.unit == "month" else "%d %B %Y"
        when = self.starts_at.strftime(form).lstrip("0")
        most = f"; mostly {self.most}" if self.most not in ("", OTHER) else ""
        return (
            f"{self.before.words(self.unit)} before {when}, {self.since.words(self.unit)} since "
            f"({self._times()} beside the estate's trend){most}"
        )

    def _times(self) -> str:
        """Write the ratio, and no more of it than is known: from nothing there is none."""
        if self.ratio_high > MOST_TOLD:
            return f"at least {self.ratio_low:.1f} times"
        return f"{self.ratio:.1f} times, {self.ratio_low:.1f} to {self.ratio_high:.1f},"


@dataclass(frozen=True)
class Proposal:
    """A place to decide.

    Attributes
    ----------
    place, category
        Its key, and the category that is meant; ``""`` for all.
    name
        What people call it: text from data.
    kinds
        ``"desk"``, ``"default address"``, ``"large share"``, ``"change"``: what it looks like.
    because
        The evidence, a sentence each.
    treatment, weight
        What is proposed: exclude (0), weight (between), keep (1).
    starts_at
        From when on that should hold, in local time; None for always.
    incidents
        How many it has.
    change
        The change in its reporting, if any.
    counts
        Incidents by month or week, with the first moment of each.
    """

    place: str
    category: str
    name: str
    kinds: tuple[str, ...]
    because: tuple[str, ...]
    treatment: str
    weight: float
    starts_at: pd.Timestamp | None
    incidents: int
    change: Change | None
    counts: tuple[tuple[pd.Timestamp, int], ...]


def propose(
    incidents: pd.DataFrame,
    periods: pd.DataFrame,
    time_zone: str,
    posts: tuple[desks.Post, ...] = (),
    building_names: Mapping[str, str] | None = None,
) -> tuple[Proposal, ...]:
    """Find the places that a person should decide on.

    Parameters
    ----------
    incidents
        Those that may be shown by place, as :class:`planner.picture.Picture` has them.
    periods
        What the records cover.
    time_zone
        The estate's.
    posts, building_names
        The service's own posts, and names of buildings by identifier.

    Returns
    -------
    tuple of Proposal
        Desks and default addresses first, then by how many incidents are at stake.
    """
    if incidents.empty or periods.empty:
        return ()
    ground = _ground(incidents, periods, time_zone)
    found = _changes(ground, periods)
    placed = incidents[(ground.rows["point"].str.startswith(POINT)).to_numpy(bool)]
    points = ground.rows["point"].set_axis(incidents.index)[placed.index]
    signs = desks.desk_signs(placed, points, time_zone, posts)
    proposals = [
        _proposal(place, category, ground, found, signs, dict(building_names or {}))
        for place, category in _to_tell(found, signs)
    ]
    return tuple(sorted(proposals, key=_urgency))


@dataclass(frozen=True)
class _Ground:
    """The records, what they are counted by, and which rows each place has.

    ``rows`` has ``source``, ``category``, ``place``, ``street``, ``point``, ``house``, ``bin``
    (-1 outside of the covered time).
    """

    rows: pd.DataFrame
    history: History
    rows_of: dict[str, np.ndarray]

    def at(self, place: str, category: str) -> pd.DataFrame:
        """Return the rows of a place, or those of one category of it."""
        here = self.rows.iloc[self.rows_of[place]]
        return here[here["category"] == category] if category else here


def _ground(incidents: pd.DataFrame, periods: pd.DataFrame, time_zone: str) -> _Ground:
    months_only = bool((incidents["time_known"] == "month").any())
    history = history_of(periods, time_zone, months_only=months_only)
    rows = incidents[["source", "category", "place", "street"]].assign(
        point=point_keys(incidents),
        house=building_keys(incidents),
        bin=history.bin_of(recorded_at(incidents)),
    )
    rows = rows.reset_index(drop=True)
    return _Ground(rows, history, rows.groupby("point").indices | rows.groupby("house").indices)


def _urgency(proposal: Proposal) -> tuple[bool, float, str, str]:
    at_stake = proposal.incidents * (1.0 - proposal.weight)
    return (
        proposal.kinds == ("change",),
        -max(at_stake, 0.01 * proposal.incidents),
        proposal.place,
        proposal.category,
    )


def _to_tell(
    found: dict[tuple[str, str], Change], signs: list[desks.Sign]
) -> list[tuple[str, str]]:
    """List each place once: by its desk's signs, or else by its surest change."""
    told = dict.fromkeys((sign.place, "") for sign in signs if sign.kind)
    known = {place for place, _ in told}
    return [*told, *(key for key in found if key[0] not in known)]


def _changes(ground: _Ground, periods: pd.DataFrame) -> dict[tuple[str, str], Change]:
    """Find the changes that are sure and large enough, the surest of each place only."""
    dated = ground.rows[ground.rows["bin"] >= 0]
    if dated.empty:
        return {}
    return _worded(changed_places(dated, ground.history.bins), ground, periods)


def _worded(
    table: pd.DataFrame, ground: _Ground, periods: pd.DataFrame
) -> dict[tuple[str, str], Change]:
    found: dict[tuple[str, str], Change] = {}
    covered: dict[tuple[str, ...], np.ndarray] = {}
    for row in table.to_dict("records"):
        place, category = str(row["place"]), str(row["category"])
        here = ground.at(place, category)
        here = here[here["bin"] >= 0]
        if place.startswith(BUILDING) and _told_by_points(here, found):
            continue
        sources = tuple(sorted(here["source"].unique()))
        if sources not in covered:
            mine = periods[periods["source"].isin(sources)]
            covered[sources] = ground.history.covered_days(mine)
        found[place, category] = _change(row, here, ground.history, covered[sources])
    return found


def _told_by_points(here: pd.DataFrame, found: dict[tuple[str, str], Change]) -> bool:
    """Say whether points of a building that are told already have most of its incidents."""
    told = {place for place, _ in found}
    return bool(here["point"].isin(told).mean() > 0.5)


def _change(
    row: Mapping[str, float], here: pd.DataFrame, history: History, covered: np.ndarray
) -> Change:
    split, excess = int(row["split"]), float(row["excess"])
    days = DAYS_A_MONTH if history.unit == "month" else 7.0
    spans = covered[:split].sum() / days, covered[split:].sum() / days
    most, share = _where_it_lies(here, split, row["expected_before"], row["expected_since"])
    return Change(
        history.starts()[split],
        history.unit,
        _rate(row["before"], spans[0], excess),
        _rate(row["since"], spans[1], excess),
        float(row["ratio"]),
        float(row["ratio_low"]),
        float(row["ratio_high"]),
        float(row["p"]),
        float(row["q"]),
        most,
        share,
    )


def _rate(count: float, span: float, excess: float) -> Rate:
    """Return a rate with its exact Poisson interval, widened by the excess of variance."""
    span = max(span, 1e-3)
    seen = count / excess
    low = stats.chi2.ppf(0.025, 2 * seen) / 2 if seen > 0 else 0.0
    high = stats.chi2.ppf(0.975, 2 * seen + 2) / 2
    return Rate(*(float(value) / float(span) for value in (count, low * excess, high * excess)))


def _where_it_lies(
    here: pd.DataFrame, split: int, usual_before: float, usual_since: float
) -> tuple[str, float]:
    """Return the category that most of a change lies in, and which share of it that is."""
    later = here["bin"] >= split
    scale = usual_since / max(usual_before, 1e-9)
    since = here.loc[later, "category"].value_counts()
    before = here.loc[~later, "category"].value_counts()
    apart = since.sub(before * scale, fill_value=0.0).sort_index()
    if apart.sum() < 0:
        apart = -apart
    total = float(apart.clip(lower=0.0).sum())
    if total <= 0 or apart.max() <= 0:
        return "", 0.0
    return str(apart.idxmax()), float(apart.max()) / total


def _proposal(
    place: str,
    category: str,
    ground: _Ground,
    found: dict[tuple[str, str], Change],
    signs: list[desks.Sign],
    names: dict[str, str],
) -> Proposal:
    here, history = ground.at(place, category), ground.history
    mine = [sign for sign in signs if sign.place == place]
    changed = found.get((place, category)) or next(
        (change for (other, _), change in found.items() if other == place), None
    )
    kinds = dict.fromkeys(sign.kind for sign in mine if sign.kind)
    treatment, weight, starts_at = _treatment(mine, changed)
    dated = here["bin"][here["bin"] >= 0]
    counts = np.bincount(dated.to_numpy(int), minlength=history.bins)
    return Proposal(
        place,
        category,
        place_name(here, place, names),
        (*kinds, *(["change"] if changed else [])),
        (*(sign.words for sign in mine), *([changed.words()] if changed else [])),
        treatment,
        weight,
        starts_at,
        len(here),
        changed,
        tuple(zip(history.starts(), (int(count) for count in counts), strict=True)),
    )


def _treatment(
    signs: list[desks.Sign], changed: Change | None
) -> tuple[str, float, pd.Timestamp | None]:
    """Propose what a place's incidents should count.

    Desks and default addresses nothing; a rise that lies in one category, what keeps it at the
    rate before; where one point merely has much, what leaves it a usual share. A fall, or a rise
    in all that is recorded, may well be true: kept.
    """
    rise = changed is not None and changed.ratio > 1 and changed.share >= ONE_CATEGORY
    firm = [sign for sign in signs if sign.kind in ((desks.DESK, desks.DEFAULT) if rise else TOLD)]
    if firm:
        weight = min(sign.weight for sign in firm)
        return (WEIGHT if weight else EXCLUDE), weight, None
    if changed is None or not rise:
        return KEEP, 1.0, None
    return WEIGHT, max(0.01, round(1 / changed.ratio, 2)), changed.starts_at
