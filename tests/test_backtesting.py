"""Backtesting a file of incidents, and what is said of it."""

import json
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import BacktestError
from planner.publish.track_words import TITLES, backtest_rows, result_words
from planner.service.backtesting import Backtested, BacktestWish, backtest_file, window_days
from planner.ui.backtest_words import backtest_document

WISH: dict[str, Any] = {"first": date(2024, 1, 1), "last": date(2024, 9, 29)}


def rows(build: ModuleType, count: int = 500, late_days: float = 0.5) -> list[dict[str, str]]:
    """Incidents of 2023 and 2024 at random places of a square of 900 m."""
    chance = np.random.default_rng(1)
    at = pd.Timestamp("2023-01-01") + pd.to_timedelta(np.sort(chance.uniform(0, 700, count)), "D")
    places = chance.uniform(0, 900, (count, 2)) ** 2 / 900
    written = "%Y-%m-%dT%H:%M"
    return [
        build.incident(
            f"A{number}", at=tuple(place), category="Theft" if number % 4 else "Alarm",
            occurred_from=when.strftime(written),
            occurred_to=(when + pd.Timedelta(minutes=30)).strftime(written),
            reported_at=(when + pd.Timedelta(days=late_days)).strftime(written),
        )
        for number, (place, when) in enumerate(zip(places, at, strict=True))
    ]  # fmt: skip


@pytest.fixture(scope="module")
def written(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    path: Path = build.write(folder / "a.csv", build.control_room_csv(rows(build)))
    return path


@pytest.fixture(scope="module")
def done(build: ModuleType, written: Path) -> Backtested:
    return backtest_file(written, BacktestWish(**WISH), build.NOW)


def finite(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and finite(inner) for key, inner in value.items())
    if isinstance(value, list):
        return all(finite(inner) for inner in value)
    return not isinstance(value, float) or bool(np.isfinite(value))


def test_the_document_is_json_with_the_keys_that_are_promised(done: Backtested) -> None:
    document = json.loads(json.dumps(backtest_document(done), allow_nan=False))
    assert finite(document)
    assert set(document) >= {
        "windows", "cells", "incidents", "models", "chosen", "floor", "difference",
        "versus_decayed_365", "calibration", "fell_back",
    }  # fmt: skip
    assert document["windows"] == 39
    parts = {"1", "2", "5", "10"}
    for scores in document["models"].values():
        assert set(scores) >= {"hit_rate", "pai", "log_score"}
        assert set(scores["hit_rate"]) == set(scores["pai"]) == parts
    assert document["chosen"] in document["models"] and document["floor"] in document["models"]
    for name in ("difference", "versus_decayed_365"):
        assert set(document[name]) == parts | {"log_score"}
        for found in document[name].values():
            assert found["low"] <= found["mean"] <= found["high"]
    assert set(document["calibration"]) == {"50", "80", "95"}
    assert document["fell_back"] is (document["chosen"] == document["floor"])


def test_each_forecast_has_a_title_and_a_row(done: Backtested) -> None:
    assert set(TITLES) >= set(done.result.models)
    told = backtest_rows(done.result)
    assert [row[0] for row in told] == [TITLES[name] for name in done.result.models]
    assert all(len(row) == 8 for row in told)


def test_words_say_how_it_stands(done: Backtested) -> None:
    words = " ".join(result_words(done.result))
    assert "not shown to be better than counting" in words or "the forecast is the model's" in words
    assert "nan" not in words.lower()


def test_what_comes_after_the_last_day_changes_nothing(
    build: ModuleType, written: Path, done: Backtested, tmp_path: Path
) -> None:
    # A week more, so that the records still cover the last window.
    ends = (WISH["last"] + timedelta(days=7)).isoformat()
    kept = [row for row in rows(build) if row["occurred_from"] <= ends]
    assert len(kept) < len(rows(build))
    path = build.write(tmp_path / "a.csv", build.control_room_csv(kept))
    shorter = backtest_document(backtest_file(path, BacktestWish(**WISH), build.NOW))
    assert json.dumps(shorter["models"]) == json.dumps(backtest_document(done)["models"])


def test_one_category_and_shifts_can_be_judged(build: ModuleType, written: Path) -> None:
    theft = backtest_file(written, BacktestWish(**WISH, category=" THEFT "), build.NOW)
    assert 0 < theft.result.incidents < 400
    shifts = backtest_file(written, BacktestWish(**WISH, by_shift=True), build.NOW)
    assert shifts.result.zones == 21 * shifts.cells
    assert finite(backtest_document(shifts)) and backtest_document(shifts)["by"] == "shift"


def test_cells_and_windows_are_those_of_the_wish(build: ModuleType, written: Path) -> None:
    months = backtest_file(written, BacktestWish(**WISH, every="month", cell_m=300), build.NOW)
    assert months.result.windows == 8  # September ends on the 30th.
    assert months.cells < 20
    assert any("cells" in note for note in months.notes)
    assert any("windows were judged" in note for note in months.notes)


@given(text=st.text(max_size=12) | st.from_regex(r"[0-9]{1,4}[dw]", fullmatch=True))
def test_a_length_is_read_or_refused(text: str) -> None:
    try:
        days = window_days(text)
    except BacktestError as error:
        assert "--every" in str(error)
    else:
        assert days is None if text == "month" else 1 <= (days or 0) <= 366


@pytest.mark.parametrize(("text", "days"), [("7d", 7), ("2w", 14), ("month", None), ("366d", 366)])
def test_lengths_of_windows(text: str, days: int | None) -> None:
    assert window_days(text) == days
