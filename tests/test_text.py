"""Text from outside is made readable, and nothing else of it is changed."""

import pandas as pd
import pytest

from planner.text import readable, readable_column


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Balliol College", "Balliol College"), ("  a\tb \n", "a b"), ("\x1b[31mred", "[31mred"),
        ("a\x00\x01b", "a b"), ("half \ud800 pair", "half   pair"), ("\ufffe", ""),
        ("naïve 学院 🚲", "naïve 学院 🚲"), ("", ""),
    ],
)  # fmt: skip
def test_unreadable_characters_become_a_space(given: str, kept: str) -> None:
    assert readable(given) == kept


def test_a_column_is_treated_alike() -> None:
    given = ["plain", "\x07bell ", ""]
    assert readable_column(pd.Series(given, dtype=object)).tolist() == ["plain", "bell", ""]
    assert readable_column(pd.Series([" a "], dtype=object)).tolist() == ["a"]
