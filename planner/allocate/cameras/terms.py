"""How the risk of each zone is shared out among terms, for units that are placed anew each term.

A term lasts until the next one begins, so that its vacation belongs to it. Of zone z's incidents
n(z, t) fell in term t of any year; its share is shrunk to the estate's, P(t):

    s(z, t) = (n(z, t) + 20 P(t)) / (n(z) + 20).
"""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from planner.picture import Picture
from planner.settings import Term

PSEUDO_COUNT = 20.0
ALL_YEAR = "all year"


def term_names(terms: Sequence[Term]) -> tuple[str, ...]:
    """Return the terms of a year, each once, in their order: their names without the year."""
    ordered = sorted(terms, key=lambda term: term.first_week_starts)
    return tuple(dict.fromkeys(_of_any_year(term) for term in ordered)) or (ALL_YEAR,)


def _of_any_year(term: Term) -> str:
    return re.sub(r"\s*\b(19|20)\d\d\b\s*", " ", term.name).strip() or term.name


def term_shares(picture: Picture) -> np.ndarray:
    """Return the share of each zone's risk that falls in each term, shape (terms, z)."""
    terms = sorted(picture.settings.terms, key=lambda term: term.first_week_starts)
    names = term_names(terms)
    zones = len(picture.estate.zones)
    if len(names) == 1:
        return np.ones((1, zones))
    recorded = picture.on_estate
    days = recorded["occurred_from"].dt.tz_convert(picture.settings.time_zone).dt.tz_localize(None)
    starts = pd.to_datetime([term.first_week_starts for term in terms]).to_numpy()
    last = np.searchsorted(starts, days.to_numpy(), side="right") - 1
    number = np.array([names.index(_of_any_year(term)) for term in terms])
    zone = picture.ground.rows(recorded["zone"])
    known = (last >= 0) & (zone >= 0)
    counts = np.zeros((len(names), zones))
    np.add.at(counts, (number[last[known]], zone[known]), 1.0)
    whole = counts.sum(axis=1, keepdims=True)
    estate = whole / whole.sum() if whole.sum() else np.full_like(whole, 1 / len(names))
    shares: np.ndarray = (counts + PSEUDO_COUNT * estate) / (counts.sum(axis=0) + PSEUDO_COUNT)
    return shares
