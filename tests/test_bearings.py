import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.estate.bearings import CARDINALS, bearings


def read(text: str) -> float:
    return float(bearings(pd.Series([text]))[0])


@pytest.mark.parametrize(
    ("text", "degrees"),
    [("0", 0), ("45.5", 45.5), ("90°", 90), ("N", 0), ("ne", 45), ("SSW", 202.5),
     ("north-east", 45), ("South West", 225), ("-10", -10), ("400", 400)],
)  # fmt: skip
def test_directions_are_read(text: str, degrees: float) -> None:
    assert read(text) == degrees


@pytest.mark.parametrize("text", ["", "up", "90;270", "NN", "0-360", "[5]", "nan"])
def test_what_is_no_direction_is_not_known(text: str) -> None:
    assert math.isnan(read(text))


@given(st.floats(0, 360), st.sampled_from(CARDINALS))
def test_numbers_and_words_keep_their_order(number: float, word: str) -> None:
    assert read(repr(number)) == number
    assert read(word.lower()) == CARDINALS.index(word) * 22.5


@given(st.text(max_size=12))
def test_any_text_gives_a_number_or_nan(text: str) -> None:
    assert isinstance(read(text), float)
