from datetime import datetime, timedelta
from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.incidents.free_times import Grammar, grammar, read_spans

CHICAGO = "America/Chicago"
FORMS = [
    "{date} {time}", "{date} {time} to {time}", "{date} to {date} {time} to {time}",
    "{date} {unknown}", "{date} to {date} {unknown}", "{unknown}",
]  # fmt: skip


@cache
def campus() -> Grammar:
    return grammar(["M/D/YY", "M/D/YYYY"], ["h:mm A"], ["unknown", "times unknown"], FORMS)


def span(text: str) -> tuple[str, str] | None:
    """Local beginning and end; None where the text does not fit, twice '' where unknown."""
    read = read_spans(pd.Series([text], dtype="str"), campus(), CHICAGO)
    if not read.fits[0]:
        return None
    ends = (read.first.starts, read.last.ends)
    return tuple(  # type: ignore[return-value]
        "" if pd.isna(end[0]) else f"{end[0].tz_convert(CHICAGO):%Y-%m-%d %H:%M}" for end in ends
    )


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("4/30/26 5:00 PM", "2026-04-30 17:00", "2026-04-30 17:00"),
        ("4/30/26 5:00 PM to 5:45 PM", "2026-04-30 17:00", "2026-04-30 17:45"),
        ("4/30/2026 5:00 PM to 5:45 PM", "2026-04-30 17:00", "2026-04-30 17:45"),
        ("4/27/26 to 4/30/26 times unknown", "2026-04-27 00:00", "2026-05-01 00:00"),
        ("4/27/26 to 4/30/26 5:00 PM to 8:00 AM", "2026-04-27 17:00", "2026-04-30 08:00"),
        ("4/27/26 unknown", "2026-04-27 00:00", "2026-04-28 00:00"),
        ("4/30/26 11:50 PM to 12:15 AM", "2026-04-30 23:50", "2026-05-01 00:15"),
        ("12/31/26 11:50 PM to 12:15 AM", "2026-12-31 23:50", "2027-01-01 00:15"),
        ("4/30/26 12:00 AM to 12:00 PM", "2026-04-30 00:00", "2026-04-30 12:00"),
        ("4/30/26   5:00PM to5:45pm", "2026-04-30 17:00", "2026-04-30 17:45"),
        ("4/30/26\u00a05:00 PM", "2026-04-30 17:00", "2026-04-30 17:00"),
        ("4/27/26 TIMES UNKNOWN", "2026-04-27 00:00", "2026-04-28 00:00"),
        ("unknown", "", ""),
        ("Unknown", "", ""),
    ],
)
def test_declared_forms_are_read(text: str, starts: str, ends: str) -> None:
    assert span(text) == (starts, ends)


@pytest.mark.parametrize(
    "text",
    [
        "", "4/30/26", "30/4/26 5:00 PM", "2/30/26 5:00 PM", "4/30/26 17:00", "4/30/26 13:00 PM",
        "4/30/26 5:00 to 5:45 PM", "4/30/26 5:00 PM to 5:45", "last night", "about 4/30/26 5:00 PM",
        "4/30/26 5:00 PM or so", "4/30/265:00 PM", "4/30/26 5:00 PM 5:45 PM", "unknown time",
        "4/27/26 to 2/30/26 times unknown", "0/1/26 5:00 PM", "4/30/126 5:00 PM",
    ],
)  # fmt: skip
def test_nothing_else_is_read(text: str) -> None:
    assert span(text) is None


SPAN = st.tuples(
    st.datetimes(datetime(2001, 1, 1), datetime(2030, 12, 31)), st.integers(0, 24 * 60 - 1)
)


@settings(max_examples=8)
@given(spans=st.lists(SPAN, min_size=1, max_size=30))
def test_a_span_on_one_date_lasts_less_than_a_day(spans: list[tuple[datetime, int]]) -> None:
    starts = [start.replace(second=0, microsecond=0) for start, _ in spans]
    ends = [start + timedelta(minutes=spans[n][1]) for n, start in enumerate(starts)]
    texts = [
        f"{start.month}/{start.day}/{start:%y} {start:%I:%M %p} to {end:%I:%M %p}"
        for start, end in zip(starts, ends, strict=True)
    ]
    read = read_spans(pd.Series(texts, dtype="str"), campus(), "UTC")
    assert read.first.starts.dt.tz_localize(None).tolist() == starts
    assert read.last.ends.dt.tz_localize(None).tolist() == ends


@settings(max_examples=15)
@given(texts=st.lists(st.text("0123456789/: APMapmtoun\u00a0\t\n", max_size=30), max_size=20))
def test_any_text_fits_or_does_not(texts: list[str]) -> None:
    read = read_spans(pd.Series(texts, dtype="str"), campus(), CHICAGO)
    assert (read.first.read == read.last.read).all()
    assert not (read.first.read & ~read.fits).any()


def test_an_hour_that_the_clocks_change_is_flagged_at_either_end() -> None:
    texts = ["11/4/18 1:30 AM to 3:00 AM", "3/11/18 1:00 AM to 2:30 AM", "3/11/18 unknown"]
    read = read_spans(pd.Series(texts, dtype="str"), campus(), CHICAGO)
    assert read.first.clock.tolist() == ["twice", "", ""]
    assert read.last.clock.tolist() == ["", "skipped", ""]


@pytest.mark.parametrize(
    ("dates", "times", "unknown", "forms", "word"),
    [
        (["M/D/YY"], ["h:mm A"], [], ["{time}"], "must be words"),
        (["M/D/YY"], ["h:mm A"], [], ["{date} to {date} {time}"], "must be words"),
        (["M/D/YY"], ["h:mm A"], [], ["{date} 24 hours"], "must be words"),
        (["M/D/YY"], [], [], ["{date} {time}"], "no form of it"),
        (["M/D/YY"], ["h:mm A"], [], ["{date} {unknown}"], "no form of it"),
        (["M/D/YY"], ["h:mmA"], [], ["{date} {time}"], "blank between"),
        (["M/D/YY", "D/M/YY"], ["h:mm A"], [], ["{date} {time}"], "two ways"),
        (["M/D/YY"], ["HH:mm", "mm:HH"], [], ["{date} {time}"], "two ways"),
        (["h:mm A"], ["h:mm A"], [], ["{date} {time}"], "form of a day"),
        (["M/D/YY"], ["M/D/YY"], [], ["{date} {time}"], "form of a time"),
        (["M/D"], ["h:mm A"], [], ["{date} {time}"], "does not say when"),
    ],
)
def test_a_grammar_that_can_mislead_is_refused(
    dates: list[str], times: list[str], unknown: list[str], forms: list[str], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        grammar(dates, times, unknown, forms)
