from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import EstateError
from planner.estate.control import is_own, is_valid, validity_columns

NO_POSTS = pd.DataFrame({"controller": []}, dtype=str)


def test_what_the_service_controls_is_its_own() -> None:
    table = pd.DataFrame(
        {"controller": ["Service", "the service", "college", "not stated", "Security Office"]}
    )
    assert is_own(table, NO_POSTS).tolist() == [True, True, False, False, False]
    posts = pd.DataFrame({"controller": ["security office", "not stated"]})
    assert is_own(table, posts).tolist() == [True, True, False, False, True]


def test_a_post_is_the_service_s_whoever_controls_it() -> None:
    table = pd.DataFrame({"controller": ["college", "college"], "kind": ["post", "lodge"]})
    assert is_own(table, NO_POSTS).tolist() == [True, False]


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026-2-1", "01/02/2026", "2026", "20260201", "tomorrow",
             "2026-02-01T12:00", "2026-02-01x"]
)  # fmt: skip
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(EstateError, match="Feature 1: 'valid_to'"):
        validity_columns(pd.DataFrame({"valid_to": [text]}))


@pytest.mark.parametrize(
    "text", ["2026-02-01", "2026-02-01T00:00:00", "2026-02-01 00:00:00+00:00", "2026-02-01T00:00Z"]
)
def test_a_day_may_stand_as_its_midnight(text: str) -> None:
    first, last = validity_columns(pd.DataFrame({"valid_from": [text]}))
    assert (first.tolist(), last.tolist()) == (["2026-02-01"], [""])


@given(first=st.none() | st.dates(), last=st.none() | st.dates(), on=st.dates())
def test_both_ends_belong_to_the_time(first: date | None, last: date | None, on: date) -> None:
    table = pd.DataFrame({"valid_from": [str(first or "")], "valid_to": [str(last or "")]})
    within = (first is None or first <= on) and (last is None or on <= last)
    assert is_valid(table, on).tolist() == [within]
