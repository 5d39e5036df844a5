"""Bad files and wishes for a backtest: one line that says what to do, or a result with a note."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from planner.cli import app
from planner.errors import PlannerError

Rows = list[dict[str, str]]
DAYS = ["--from", "2024-01-01", "--to", "2024-06-30"]
WRITTEN = "%Y-%m-%dT%H:%M"


def usual(build: ModuleType, count: int = 200) -> Rows:
    chance = np.random.default_rng(1)
    at = pd.Timestamp("2023-01-01") + pd.to_timedelta(np.sort(chance.uniform(0, 600, count)), "D")
    return [
        build.incident(f"A{n}", at=tuple(chance.uniform(0, 900, 2)),
                       occurred_from=when.strftime(WRITTEN), occurred_to="",
                       reported_at=(when + pd.Timedelta(hours=1)).strftime(WRITTEN))
        for n, when in enumerate(at)
    ]  # fmt: skip


def all_with(**changes: str) -> Callable[[Rows], Rows]:
    return lambda rows: [row | changes for row in rows]


def first_with(**changes: str) -> Callable[[Rows], Rows]:
    return lambda rows: [rows[0] | changes, *rows[1:]]


def at_one_point(rows: Rows) -> Rows:
    return [row | {key: rows[0][key] for key in ("longitude", "latitude")} for row in rows]


def judged(build: ModuleType, folder: Path, rows: Rows | None, *options: str) -> Any:
    """Run the command as a person would; a PlannerError is what ends in one line and exit 1."""
    path = folder / "a.csv"
    if rows is not None:
        build.write(path, build.control_room_csv(rows))
    given = [*DAYS, *options]
    return CliRunner().invoke(app, ["backtest", str(path), *given, "--json"])


def case(name: str, *values: Any) -> Any:
    return pytest.param(*values, id=name)


def refuse(_: str) -> None:
    raise AssertionError("not a finite number")


FILES_REFUSED = [
    case("no incident", lambda rows: [], "no rows"),
    case("one incident", lambda rows: rows[:1], "no whole window"),
    case("no coordinates", all_with(longitude="", latitude=""), "no row has coordinates"),
    case("no time at all", all_with(occurred_from="", reported_at=""), "no row can be used"),
    case("one day", all_with(occurred_from="2024-01-01T10:00", reported_at="2024-01-01T11:00"),
         "no whole window"),
    case("all after", all_with(occurred_from="2024-02-01T10:00", reported_at="2024-06-30T11:00"),
         "nothing happened before"),
    case("a far outlier", first_with(longitude="-1.2", latitude="60"), "--cell"),
    case("an outlier overseas", first_with(longitude="151", latitude="-33"), "--cell"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), FILES_REFUSED)
def test_a_file_that_holds_too_little_is_named(
    build: ModuleType, tmp_path: Path, change: Callable[[Rows], Rows], words: str
) -> None:
    result = judged(build, tmp_path, change(usual(build)))
    assert isinstance(result.exception, PlannerError), result.exception
    assert words in str(result.exception)
    assert "\n" not in str(result.exception)
    assert result.stdout == ""


WISHES_REFUSED = [
    case("to before from", ["--to", "2023-01-01"], "--to"),
    case("before the data", ["--from", "2010-01-04", "--to", "2011-01-01"], "--from"),
    case("the first year", ["--from", "0001-01-01"], "--from"),
    case("a length of words", ["--every", "often"], "--every"),
    case("a length of nothing", ["--every", "0d"], "--every"),
    case("a length of no end", ["--every", "9" * 5_000 + "d"], "--every"),
    case("a length without a number", ["--every", "d"], "--every"),
    case("an empty length", ["--every", ""], "--every"),
    case("other digits", ["--every", "\u0667d"], "--every"),
    case("no such category", ["--category", "arson\nand more"], "--category"),
    case("no such time zone", ["--time-zone", "Mars/Olympus"], "time zone"),
    case("a path for a time zone", ["--time-zone", "../etc"], "time zone"),
    case("cells too small", ["--cell", "10"], "--cell"),
]


@pytest.mark.parametrize(("options", "words"), WISHES_REFUSED)
def test_an_impossible_wish_is_named(
    build: ModuleType, tmp_path: Path, options: list[str], words: str
) -> None:
    result = judged(build, tmp_path, usual(build), *options)
    assert isinstance(result.exception, PlannerError), result.exception
    assert words in str(result.exception)
    assert len(str(result.exception)) < 600
    assert result.stdout == ""


@pytest.mark.parametrize("cell", ["0", "-5", "nan", "inf", "1e9", "wide"])
def test_a_cell_that_is_none_is_a_wrong_use(build: ModuleType, tmp_path: Path, cell: str) -> None:
    result = judged(build, tmp_path, usual(build, 20), "--cell", cell)
    assert result.exit_code == 2
    assert "--cell" in result.stderr


def test_a_file_that_is_not_there_is_named(build: ModuleType, tmp_path: Path) -> None:
    result = judged(build, tmp_path, None)
    assert isinstance(result.exception, PlannerError)
    assert "a.csv" in str(result.exception)


FILES_JUDGED = [
    case("all at one point", at_one_point, [], "All incidents lie in one cell"),
    case("coordinates of zero", first_with(longitude="0", latitude="0"), [], "without coordinates"),
    case("coordinates of nan", first_with(longitude="nan", latitude="nan"), [], "rejected"),
    case("coordinates of no end", first_with(longitude="1e308", latitude="-inf"), [], "rejected"),
    case("no times of day", all_with(occurred_from=""), [], ""),
    case("a mistyped year", first_with(occurred_from="1901-01-01", reported_at="1901-01-02"),
         [], ""),
    case("the end of time", lambda rows: rows, ["--to", "9999-12-31"], ""),
    case("one week", lambda rows: rows, ["--to", "2024-01-07"], "mostly noise"),
    case("a short history", lambda rows: rows, ["--from", "2023-01-09"], "expect little"),
    case("a few records far off",
         first_with(longitude="-1.0", latitude="52.5"), [], "stretch the area"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "options", "note"), FILES_JUDGED)
def test_a_poor_file_is_judged_with_a_note_and_without_confidence(
    build: ModuleType,
    tmp_path: Path,
    change: Callable[[Rows], Rows],
    options: list[str],
    note: str,
) -> None:
    result = judged(build, tmp_path, change(usual(build)), *options)
    assert result.exception is None, result.exception
    document = json.loads(result.stdout, parse_constant=refuse)
    assert document["chosen"] == document["floor"]
    assert document["fell_back"] is True
    assert note in " ".join(document["notes"])


def test_one_week_alone_has_the_widest_interval(build: ModuleType, tmp_path: Path) -> None:
    result = judged(build, tmp_path, usual(build), "--to", "2024-01-07")
    found = json.loads(result.stdout, parse_constant=refuse)["difference"]["1"]
    assert (found["low"], found["high"]) == (-1.0, 1.0)


def test_months_only_want_months(build: ModuleType, tmp_path: Path) -> None:
    months = [f"{year}-{month:02}" for year in (2023, 2024) for month in range(1, 13)]
    rows = [build.crime(f"c{n}{month}", at=(120.0 * n, 80.0 * n), Month=month)
            for month in months for n in range(6)]  # fmt: skip
    path = build.write(tmp_path / "2023-01-police-street.csv", build.police_csv(rows))
    for options, words in ([], "--every month"), (["--every", "month", "--by", "shift"], "--by"):
        result = CliRunner().invoke(app, ["backtest", str(path), *DAYS, *options, "--json"])
        assert isinstance(result.exception, PlannerError), result.exception
        assert words in str(result.exception)
    asked = ["backtest", str(path), *DAYS, "--every", "month", "--json"]
    result = CliRunner().invoke(app, asked)
    document = json.loads(result.stdout, parse_constant=refuse)
    assert document["windows"] == 6 and document["chosen"] == document["floor"]


@pytest.mark.parametrize("folder", ["campus"])
def test_real_records_are_judged_in_short(shared_data: Path, folder: str) -> None:
    path = next((shared_data / folder).glob("ucpd*.csv"), None)
    if path is None:
        pytest.skip("the reference data on this machine has no records of the campus")
    given = ["--from", "2019-01-01", "--to", "2019-02-28", "--cell", "1000",
             "--time-zone", "America/Chicago", "--json"]  # fmt: skip
    result = CliRunner().invoke(app, ["backtest", str(path), *given])
    assert result.exception is None, result.exception
    document = json.loads(result.stdout, parse_constant=refuse)
    assert document["incidents"] > 50
