from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.incidents.times import (
    DateForm,
    Moments,
    date_form,
    first_conflict,
    read_local,
    read_moments,
)

LONDON = "Europe/London"
ISO = "YYYY-MM-DDTHH:mm"
ZONES = st.sampled_from(
    [LONDON, "Europe/Dublin", "America/Chicago", "Asia/Kolkata", "Australia/Lord_Howe",
     "America/Havana", "Africa/Casablanca"]
)  # fmt: skip
FORMS = [
    ISO, "YYYY-MM-DD HH:mm:ss", "DD/MM/YYYY HH:mm", "M/D/YY h:mm A", "D MMM YYYY, HH:mm",
    "hh:mm A DD.MM.YYYY", "YYYYMMDDTHHmmss",
]  # fmt: skip


def read(texts: list[str], *forms: str, zone: str = LONDON) -> Moments:
    return read_moments(pd.Series(texts, dtype="str"), [date_form(form) for form in forms], zone)


def conflict(*forms: str) -> str:
    found = first_conflict([date_form(form) for form in forms], DateForm.examples, read_local)
    return found[2] if found else ""


@given(
    moment=st.datetimes(datetime(1971, 1, 1), datetime(2037, 12, 31)),
    form=st.sampled_from(FORMS),
    zone=ZONES,
)
def test_a_moment_is_read_as_the_zone_s_own(moment: datetime, form: str, zone: str) -> None:
    local = moment.replace(second=0, microsecond=0)
    # Forms with a two-digit year write no century.
    if "YYYY" not in form and not 1971 <= local.year < 2069:
        return
    got = read([date_form(form).example(local)], form, zone=zone)
    first = local.replace(tzinfo=ZoneInfo(zone))
    second = first.replace(fold=1)
    if first.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local:
        assert got.clock[0] == "skipped"
        # The moment of the change: a second before it, the old offset holds.
        before = got.starts[0].to_pydatetime() - timedelta(seconds=1)
        assert before.astimezone(ZoneInfo(zone)).replace(tzinfo=None) < local
        assert got.starts[0].to_pydatetime().astimezone(ZoneInfo(zone)).replace(tzinfo=None) > local
    else:
        assert got.starts[0] == got.ends[0] == first.astimezone(UTC)
        assert got.clock[0] == ("twice" if first.utcoffset() != second.utcoffset() else "")


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-30T10:00", "2025-13-01T10:00", "2025-01-01T25:00", "2025-01-01T10:60",
        "2025-1-2T3:4", "01/02/2025 10:00", "2025-01-01", "2025-01-01 10:00",
        "2025-01-01T10:00:00", "2025-01-01T10:00Z", "yesterday", "0", "20250101T1000",
        "\u0662025-01-01T10:00", "nan", "NaT", "=NOW()", "0000-01-01T00:00", "9999-12-31T23:59",
        "1899-12-31T23:59", "2025-01-01T24:00", "2025-01-01T10:00\n", "45678.5",
    ],
)  # fmt: skip
def test_what_is_not_in_the_form_is_not_read(text: str) -> None:
    assert not read([text], ISO).read[0]


def test_an_empty_text_is_not_read() -> None:
    assert read(["", "2025-01-01T10:00"], ISO).read.tolist() == [False, True]


def test_a_skipped_hour_becomes_the_moment_of_the_change() -> None:
    got = read(["2025-03-30T01:30", "2025-03-30T00:59", "2025-03-30T02:00"], ISO)
    assert got.starts.dt.strftime("%H:%M").tolist() == ["01:00", "00:59", "01:00"]
    assert got.clock.tolist() == ["skipped", "", ""]


def test_of_an_hour_that_happens_twice_the_first_is_taken() -> None:
    got = read(["2025-10-26T01:30", "2025-10-26T00:30", "2025-10-26T02:30"], ISO)
    assert got.starts.dt.strftime("%H:%M").tolist() == ["00:30", "23:30", "02:30"]
    assert got.clock.tolist() == ["twice", "", ""]


def test_a_stated_offset_leaves_nothing_open() -> None:
    got = read(["2025-10-26T01:30+01:00", "2025-10-26T01:30Z", "2025-10-26T01:30-0500"],
               "YYYY-MM-DDTHH:mmZ")  # fmt: skip
    assert got.starts.dt.strftime("%H:%M").tolist() == ["00:30", "01:30", "06:30"]
    assert got.clock.tolist() == ["", "", ""]
    assert not read(["2025-10-26T01:30+99:99"], "YYYY-MM-DDTHH:mmZ").read[0]


def test_a_day_and_a_month_last_as_long_as_they_do_there() -> None:
    day = read(["30/03/2025", "26/10/2025"], "DD/MM/YYYY")
    assert ((day.ends - day.starts) / pd.Timedelta(hours=1)).tolist() == [23, 25]
    month = read(["2025-02", "2024-02", "2025-12"], "YYYY-MM")
    assert ((month.ends - month.starts) / pd.Timedelta(days=1)).tolist() == [28, 29, 31]


def test_a_column_may_hold_several_forms() -> None:
    got = read(["2025-06-02T10:00", "02/06/2025 10:00", "", "x"], ISO, "DD/MM/YYYY HH:mm")
    assert got.starts[0] == got.starts[1]
    assert got.read.tolist() == [True, True, False, False]


def test_a_leap_second_is_not_made_another_minute() -> None:
    assert not read(["2016-12-31T23:59:60"], "YYYY-MM-DDTHH:mm:ss").read[0]


def test_seconds_are_whole() -> None:
    got = read(["2025-06-02T10:00:00.987Z"], "YYYY-MM-DDTHH:mm:ss.SSSZ")
    assert got.starts[0] == pd.Timestamp("2025-06-02T10:00:00Z")


@pytest.mark.parametrize(
    "written",
    ["", "YYYY", "DD/MM", "HH", "YYYY-MM-DD HH", "YYYY-MM-DD h:mm", "YYYY-MM-DD HH:mm A",
     "DD/MM/YYYY at HH:mm", "YYYY-MM-DD DD", "YYYY-MM-DDZ", "MM/MMM/YYYY DD", "hours", "%Y-%m-%d",
     "D/M/YY YYYY"],
)  # fmt: skip
def test_a_form_that_does_not_say_when_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="'"):
        date_form(written)


@pytest.mark.parametrize(
    ("forms", "overlap"),
    [
        (("DD/MM/YYYY", "MM/DD/YYYY"), True), (("D/M/YY", "YY/M/D"), True),
        (("DD/MM/YYYY HH:mm", "M/D/YYYY HH:mm"), True), (("DDMMYYYY", "MMDDYYYY"), True),
        (("YYYY-MM-DD HH:mm", "YYYY-DD-MM HH:mm"), True), (("DD-MM-YY", "YY-MM-DD"), True),
        (("DD/MM/YYYY", "D/M/YYYY"), False), (("DD/MM/YYYY", "MM-DD-YYYY"), False),
        (("YYYY-MM-DD", "DD-MM-YYYY"), False), (("M/D/YY", "M/D/YYYY"), False),
        ((ISO, "YYYY-MM-DDTHH:mm:ss", "YYYY-MM-DDTHH:mmZ"), False),
        (("YYYY-MM-DD HH:mm", "YYYY-MM-DD h:mm A"), False), ((ISO,), False), ((), False),
    ],
)  # fmt: skip
def test_forms_that_read_a_text_in_two_ways_are_found(
    forms: tuple[str, ...], overlap: bool
) -> None:
    text = conflict(*forms)
    assert bool(text) == overlap
    if overlap:
        readings = {read([text], form).starts[0] for form in forms}
        assert len(readings - {pd.NaT}) > 1


@given(texts=st.lists(st.text(max_size=20), max_size=8), form=st.sampled_from(FORMS))
def test_any_text_is_a_moment_or_not_read(texts: list[str], form: str) -> None:
    got = read(texts, form)
    assert len(got.starts) == len(got.clock) == len(texts)
    assert set(got.clock) <= {"", "twice", "skipped"}
