"""What a forecast is made of, in words: 'two thirds from the last year here, a fifth from ...'."""

from collections.abc import Sequence

import numpy as np

from planner.insight.risk.evidence import FEWEST_WINDOWS, NOT_SHOWN
from planner.insight.risk.memories import (
    EVEN,
    OTHERS,
    REPEATS,
    SEASON,
    WIDER,
    ZONE,
    Memory,
)
from planner.insight.risk.model import Parts, Standing

HISTORY, YEAR, MONTHS = "the whole history here", "the last year here", "the last months here"
DOOR, WEEKS = "the records next door", "the last weeks next door"
SEASONS, ELSE = "the same weeks of earlier years", "other categories here"
ALIKE = "the estate's mean"
NAMES = (HISTORY, YEAR, MONTHS, DOOR, WEEKS, SEASONS, ELSE, ALIKE)
LEAST_NAMED = 0.08
FRACTIONS = (
    (0.1, "a tenth"), (0.2, "a fifth"), (0.25, "a quarter"), (1 / 3, "a third"),
    (0.4, "two fifths"), (0.5, "half"), (0.6, "three fifths"), (2 / 3, "two thirds"),
    (0.75, "three quarters"), (0.8, "four fifths"), (0.9, "nine tenths"), (1.0, "all"),
)  # fmt: skip


def model_parts(memories: Sequence[Memory], weights: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Share out the mixture of each zone among the names.

    The cascade, which multiplies, can't be shared out; it is left to stand on the same records.

    Parameters
    ----------
    memories
        The mixture's, k of them.
    weights
        Theirs, shape (k,).
    shares
        What each gives each zone, shape (k, z).

    Returns
    -------
    numpy.ndarray
        Shape (z, names), rows summing to 1.
    """
    column = np.array([NAMES.index(_name(memory)) for memory in memories])
    given = (weights[:, None] * shares).T
    summed = given @ (column[:, None] == np.arange(len(NAMES)))
    parts: np.ndarray = summed / summed.sum(axis=1, keepdims=True)
    return parts


def counted_parts(counts: np.ndarray, rates: np.ndarray, covered: float) -> np.ndarray:
    """Share out the count of each zone: its own records, and the mean that it is drawn to.

    Parameters
    ----------
    counts
        Recorded incidents, shape (z,).
    rates
        The shrunk rates a day, shape (z,).
    covered
        Covered days.
    """
    parts = np.zeros((len(counts), len(NAMES)))
    plain = counts.mean() / max(covered, 1.0)
    own = counts / max(covered, 1.0)
    # The shrunk rate lies between its own and the mean: how far towards its own?
    apart = own - plain
    towards = np.divide(rates - plain, apart, out=np.zeros(len(counts)), where=np.abs(apart) > 0)
    weight = np.clip(towards, 0.0, 1.0)
    said = weight * own
    whole = said + (1 - weight) * plain
    share = np.divide(said, whole, out=np.zeros(len(counts)), where=whole > 0)
    parts[:, NAMES.index(HISTORY)], parts[:, NAMES.index(ALIKE)] = share, 1 - share
    return parts


def _name(memory: Memory) -> str:
    if memory.kind == ZONE:
        return HISTORY if memory.half_life > 365 else YEAR if memory.half_life == 365 else MONTHS
    if memory.kind == WIDER:
        return WEEKS if memory.half_life in REPEATS else DOOR
    return {SEASON: SEASONS, OTHERS: ELSE, EVEN: ALIKE}[memory.kind]


def parts_words(parts: Parts, zone: int) -> str:
    """Say what a zone's number comes from, greatest part first.

    Parameters
    ----------
    zone
        Row of the zone.
    """
    shares = parts.shares[zone]
    named = [row for row in np.argsort(-shares, kind="stable") if shares[row] >= LEAST_NAMED]
    return ", ".join(
        f"{fraction_words(float(shares[row]))} from {parts.names[row]}" for row in named
    )


def fraction_words(share: float) -> str:
    """Say a share from 0 to 1 as the nearest plain fraction: ``"two thirds"``."""
    return min(FRACTIONS, key=lambda fraction: abs(fraction[0] - share))[1]


def standing_words(standing: Standing) -> str:
    """Say in a sentence how the forecast of a source's incidents has stood up to counting."""
    evidence, kind = standing.evidence, standing.windows
    begin = f"Records of the {standing.source}: "
    if standing.reason:
        return f"{begin}{standing.reason}, so the forecast is the whole-history count's."
    if evidence.windows < FEWEST_WINDOWS:
        return (
            f"{begin}{evidence.windows} {kind}s are too few to show anything better than counting "
            f"(it takes {FEWEST_WINDOWS}), so the forecast is the whole-history count's."
        )
    if not standing.by_model:
        return (
            f"{begin}over {evidence.windows} {kind}s nothing was {NOT_SHOWN.removeprefix('not ')}, "
            "so the forecast is the whole-history count's."
        )
    return (
        f"{begin}that the forecast is better than counting is {evidence.words}, over "
        f"{evidence.windows} {kind}s that it had not seen."
    )
