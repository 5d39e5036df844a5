import json
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from planner.errors import NoIncidents
from planner.insight.hotspots.survey import Survey, survey
from planner.insight.hotspots.zone_scores import zone_table

NOW = datetime(2025, 7, 1, tzinfo=ZoneInfo("Europe/London"))


def surveyed(build: ModuleType, rows: list[dict[str, Any]], periods: Any = None) -> Survey:
    spans = build.periods(("2024-07-01", "2025-07-01")) if periods is None else periods
    return survey(build.located(rows), spans, build.estate(), NOW, seed=1)


def some(build: ModuleType, count: int, **changes: Any) -> list[dict[str, Any]]:
    """Incidents in Alpha College, one a day."""
    spread = np.random.default_rng(1).uniform(5, 95, (count, 2))
    days = pd.date_range("2025-02-01", periods=count).strftime("%Y-%m-%dT12:00")
    return [
        {"x": build.CORNER[0] + x, "y": build.CORNER[1] + y, "occurred_from": day,
         "occurred_to": day} | changes
        for (x, y), day in zip(spread, days, strict=True)
    ]  # fmt: skip


def finite(found: Survey) -> bool:
    """Whether no number of a survey is missing or infinite."""
    numbers = found.zones.drop(columns=["zone", "name"]).to_numpy(float)
    parts = [numbers.ravel()]
    parts += [np.array([s.expected, s.p, s.q, float(s.count)]) for s in found.hotspots]
    if found.repeats is not None:
        repeats = found.repeats
        parts += [
            table.ravel() for table in (repeats.expected, repeats.p, repeats.q, repeats.ratio)
        ]
    if found.streets is not None:
        parts.append(found.streets.per_metre)
    return all(np.isfinite(part).all() for part in parts)


def test_a_survey_holds_every_method(build: ModuleType) -> None:
    found = surveyed(build, some(build, 60))
    assert found.incidents == 60
    assert found.hotspots
    assert found.streets is not None
    assert found.streets.snapped + found.streets.off_streets == 60
    assert found.repeats is not None
    assert len(found.repeats.dated.days) == 60
    assert found.zones["count"].sum() == 60
    assert found.warnings == ()
    assert finite(found)


def test_without_periods_there_is_nothing_to_survey(build: ModuleType) -> None:
    with pytest.raises(NoIncidents, match="planner import"):
        surveyed(build, some(build, 3), build.periods())


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "only 0 incidents"),
        ([{"occurred_to": "2025-06-02T23:00"}], "only 1 incident:"),
        ([{}] * 40, "at one place"),
        ([{"time_known": "unknown"}] * 30, "known day"),
        ([{"anonymised": True}] * 30, "snap points"),
    ],
)
def test_thin_records_are_warned_of(build: ModuleType, rows: list[Any], words: str) -> None:
    found = surveyed(build, rows)
    assert any(words in text for text in found.warnings)
    assert not any(spot.more_than_chance for spot in found.hotspots)
    assert not found.alerts
    assert finite(found)


def test_one_day_of_history_is_warned_of(build: ModuleType) -> None:
    rows = some(build, 30, occurred_from="2025-06-30T10:00", occurred_to="2025-06-30T10:00")
    found = surveyed(build, rows, build.periods(("2025-06-30", "2025-07-01")))
    assert any("only 1 day:" in text for text in found.warnings)
    assert {spot.trend for spot in found.hotspots} <= {"no change shown"}
    assert finite(found)


def test_what_near_repeats_leave_out_is_said(build: ModuleType) -> None:
    rows = some(build, 30) + some(build, 7, time_known="month")
    assert any("leave out 7 incidents" in text for text in surveyed(build, rows).warnings)


def test_an_estate_without_streets_has_no_street_density(build: ModuleType) -> None:
    periods = build.periods(("2024-07-01", "2025-07-01"))
    bare = build.estate(streets=None)
    assert survey(build.located(some(build, 30)), periods, bare, NOW, seed=1).streets is None


def test_the_tables_are_of_the_latest_period_only(build: ModuleType) -> None:
    old = some(build, 10, occurred_to="2024-08-01T12:00", occurred_from="2024-08-01T12:00")
    found = surveyed(build, some(build, 25) + old)
    alone = zone_table(build.located(some(build, 25)), build.estate())
    assert found.zones["count"].tolist() == alone["count"].tolist()


def test_a_survey_is_the_same_again(build: ModuleType) -> None:
    one, other = (surveyed(build, some(build, 40)) for _ in range(2))
    assert one.hotspots == other.hotspots
    assert one.zones.equals(other.zones)


def csv(build: ModuleType, count: int = 30, **changes: str) -> str:
    rows = []
    for number in range(count):
        at = (10 + (number * 37) % 80, 10 + (number * 53) % 80)
        day = f"2025-{1 + number % 6:02d}-{1 + number % 28:02d}"
        rows.append(
            build.incident(
                f"r{number}",
                at,
                occurred_from=f"{day}T21:00",
                occurred_to=f"{day}T22:00",
                reported_at=f"{day}T23:00",
                **changes,
            )
        )
    return str(build.control_room_csv(rows))


def test_the_command_says_what_it_found(
    build: ModuleType, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from typer.testing import CliRunner

    from planner.cli import app

    build.import_text(workspace, csv(build))
    run = CliRunner().invoke(app, ["hotspots", "-w", str(workspace)])
    assert run.exit_code == 0, run.output
    for words in ("more than chance", "bandwidth 100 m", "Knox", "alert areas", "Gi*"):
        assert words in run.output, words
    as_json = CliRunner().invoke(app, ["hotspots", "-w", str(workspace), "--json"])
    document = json.loads(as_json.stdout)
    assert document["incidents"] == sum(zone["count"] for zone in document["zones"])
    assert document["streets"]["bandwidth_m"] == 100
    assert all(spot["q"] >= spot["p"] > 0 for spot in document["hotspots"])
    assert all(spot["area"]["type"] == "Polygon" for spot in document["hotspots"])
    assert "NaN" not in as_json.stdout
