from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.incidents.checks import Reasons, coordinates, moments

WRITTEN, FORM = "YYYY-MM-DDTHH:mm", "%Y-%m-%dT%H:%M"
LONDON = "Europe/London"


def read_moments(texts: list[str], zone: str = LONDON) -> tuple[pd.Series, pd.Series]:
    table = pd.DataFrame({"at": texts}, dtype=object)
    reasons = Reasons(table.index)
    return moments(table, "at", WRITTEN, FORM, zone, reasons), reasons.reasons


def read_points(longitude: list[str], latitude: list[str]) -> tuple[np.ndarray, list[str]]:
    table = pd.DataFrame({"x": longitude, "y": latitude}, dtype=object)
    reasons = Reasons(table.index)
    points = coordinates(table, "x", "y", reasons)
    return points[["longitude", "latitude"]].to_numpy(), reasons.reasons.tolist()


def test_the_first_reason_stands() -> None:
    reasons = Reasons(pd.Index([7, 8, 9]))
    reasons.add(pd.Series([True, False, False], index=[7, 8, 9]), "first")
    reasons.add(pd.Series([True, True, False], index=[7, 8, 9]), "second")
    assert reasons.rejected.to_dict() == {7: "first", 8: "second"}
    assert reasons.accepted.to_dict() == {7: False, 8: False, 9: True}


@given(
    moment=st.datetimes(datetime(1970, 1, 1), datetime(2037, 12, 31)),
    zone=st.sampled_from([LONDON, "America/Chicago", "Asia/Kolkata", "Australia/Lord_Howe"]),
)
def test_a_moment_is_read_as_the_zone_s_own(moment: datetime, zone: str) -> None:
    local = moment.replace(second=0, microsecond=0)
    read, reasons = read_moments([local.strftime(FORM)], zone)
    aware = local.replace(tzinfo=ZoneInfo(zone))
    if aware.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local:
        assert pd.isna(read[0])
        assert "clocks skip" in reasons[0]
    else:
        assert read[0] == aware
        assert reasons[0] == ""


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-30T10:00", "2025-13-01T10:00", "2025-01-01T25:00", "2025-01-01T10:60",
        "2025-1-2T3:4", "01/02/2025 10:00", "2025-01-01", "2025-01-01 10:00",
        "2025-01-01T10:00:00", "2025-01-01T10:00Z", "yesterday", "0", "20250101T1000",
        "\u0662025-01-01T10:00", "nan", "NaT", "=NOW()", "0000-01-01T00:00",
    ],
)  # fmt: skip
def test_what_is_no_moment_is_rejected_and_shown(text: str) -> None:
    read, reasons = read_moments([text])
    assert pd.isna(read[0])
    assert text[:30] in reasons[0]
    assert WRITTEN in reasons[0]


def test_an_empty_moment_is_unknown_and_no_fault() -> None:
    read, reasons = read_moments(["", "2025-01-01T10:00"])
    assert pd.isna(read[0])
    assert reasons.tolist() == ["", ""]


def test_a_skipped_hour_never_happened() -> None:
    read, reasons = read_moments(["2025-03-30T01:30", "2025-03-30T00:59", "2025-03-30T02:00"])
    assert read.isna().tolist() == [True, False, False]
    assert "never happened in Europe/London" in reasons[0]


def test_of_an_hour_that_happens_twice_the_first_is_meant() -> None:
    read, _ = read_moments(["2025-10-26T01:30", "2025-10-26T00:30", "2025-10-26T02:30"])
    assert read.dt.strftime("%H:%M").tolist() == ["00:30", "23:30", "02:30"]


@given(texts=st.lists(st.text(max_size=20), max_size=8))
def test_every_text_is_a_moment_empty_or_rejected(texts: list[str]) -> None:
    read, reasons = read_moments(texts)
    for text, moment, reason in zip(texts, read, reasons, strict=True):
        assert pd.isna(moment) == (text == "" or reason != "")


@given(longitude=st.floats(-180, 180), latitude=st.floats(-90, 90))
def test_coordinates_are_read_as_they_stand(longitude: float, latitude: float) -> None:
    points, reasons = read_points([repr(longitude)], [repr(latitude)])
    assert reasons == [""]
    if (longitude, latitude) == (0, 0):
        assert np.isnan(points).all()
    else:
        assert points.tolist() == [[longitude, latitude]]


@pytest.mark.parametrize(
    ("longitude", "latitude", "word"),
    [
        ("west", "51.7", "not a number"), ("-1.25", "51°45'", "not a number"),
        ("inf", "51.7", "not a number"), ("nan", "nan", "not a number"),
        ("-1,25", "51.7", "not a number"), ("-1.25", "", "not a number"),
        ("", "51.7", "not a number"), ("180.1", "51.7", "180"), ("-1.25", "-90.5", "90"),
        ("451592", "206342", "180"), ("1e400", "1", "not a number"),
    ],
)  # fmt: skip
def test_impossible_coordinates_are_rejected(longitude: str, latitude: str, word: str) -> None:
    _, reasons = read_points([longitude], [latitude])
    assert word in reasons[0]


def test_none_or_nought_means_no_place() -> None:
    points, reasons = read_points(["", "0", "0.0", "0"], ["", "0", "-0", "51.5"])
    assert reasons == [""] * 4
    assert np.isnan(points).any(axis=1).tolist() == [True, True, True, False]


@given(texts=st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=6))
def test_every_pair_is_a_place_none_or_rejected(texts: list[tuple[str, str]]) -> None:
    points, reasons = read_points([x for x, _ in texts], [y for _, y in texts])
    for (x, y), point, reason in zip(texts, points, reasons, strict=True):
        if not reason:
            assert np.isfinite(point).all() or (x, y) == ("", "") or float(x) == float(y) == 0
