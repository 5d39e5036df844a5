"""Directions as people write them: degrees clockwise from true north, and words such as NE."""

import pandas as pd

CARDINALS = (
    "N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW",
    "NNW",
)  # fmt: skip
FULL_CIRCLE = 360.0
_LONG = {"NORTH": "N", "EAST": "E", "SOUTH": "S", "WEST": "W"}


def bearings(texts: pd.Series) -> pd.Series:
    """Read directions as numbers of degrees.

    Parameters
    ----------
    texts
        Numbers with or without a degree sign, or one of the sixteen points of the compass
        (``NE``, ``north-east``), upper or lower case.

    Returns
    -------
    pandas.Series
        Degrees as they stand (they may lie beyond a full circle); NaN where a text is neither.
    """
    words = texts.str.upper().str.replace(r"[\s_°-]+", "", regex=True)
    for word, letter in _LONG.items():
        words = words.str.replace(word, letter, regex=False)
    named = words.map({word: FULL_CIRCLE / 16 * row for row, word in enumerate(CARDINALS)})
    numbers = pd.to_numeric(texts.str.rstrip("° "), errors="coerce")
    return numbers.where(numbers.notna(), named).astype(float)
