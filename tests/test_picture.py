from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from planner.errors import NoIncidents
from planner.estate.model import Estate
from planner.picture import Picture
from planner.service.workspace import take_picture
from planner.settings import Settings


def picture(build: ModuleType, estate: Estate, rows: list[Any], **settings: Any) -> Picture:
    spans = build.periods(("2025-06-01", "2025-07-01")) if rows else build.periods()
    return Picture(Settings(crs=build.CRS, **settings), estate, build.located(rows), spans)


def test_a_picture_is_of_the_end_of_the_newest_period(build: ModuleType, estate: Estate) -> None:
    as_of = picture(build, estate, [{}]).as_of
    assert as_of == build.moment("2025-07-01")
    assert (as_of.hour, str(as_of.tzinfo)) == (1, "Europe/London")


def test_without_an_import_there_is_no_moment(build: ModuleType, estate: Estate) -> None:
    with pytest.raises(NoIncidents, match="planner import"):
        _ = picture(build, estate, []).as_of


def test_what_lies_off_the_estate_does_not_count(build: ModuleType, estate: Estate) -> None:
    made = picture(build, estate, [{"key": "in"}, {"key": "out", "zone": ""}])
    assert made.on_estate["key"].tolist() == ["in"]


def test_an_event_that_both_sources_tell_counts_once(build: ModuleType, estate: Estate) -> None:
    rows = [
        {"key": "own", "police_reference": "c1"},
        {"key": "own too"},
        {"key": "c1", "source": "police", "reference": "c1"},
        {"key": "c2", "source": "police", "reference": "c2"},
        {"key": "asb", "source": "police", "reference": ""},
    ]
    made = picture(build, estate, rows)
    assert made.on_estate["key"].tolist() == ["own", "own too", "c2", "asb"]
    assert made.told_twice == 1


def test_the_same_knowledge_has_the_same_fingerprint(build: ModuleType) -> None:
    rows = [{"key": "a"}, {"key": "b", "category": "burglary"}]
    one = picture(build, build.estate(), rows).fingerprint
    assert one == picture(build, build.estate(), rows).fingerprint
    assert len(one) == 64
    assert int(one, 16)


def test_the_order_of_import_does_not_matter(build: ModuleType, estate: Estate) -> None:
    rows = [{"key": "a"}, {"key": "b", "category": "burglary"}]
    one = picture(build, estate, rows)
    other = picture(build, estate, rows[::-1])
    assert one.fingerprint == other.fingerprint


CHANGES: dict[str, Callable[[ModuleType], dict[str, Any]]] = {
    "category": lambda build: {"rows": [{"category": "arson"}]},
    "time": lambda build: {"rows": [{"occurred_to": "2025-06-02T22:31"}]},
    "place": lambda build: {"rows": [{"x": 620_000.001}]},
    "another incident": lambda build: {"rows": [{}, {}]},
    "setting": lambda build: {"walking_km_per_hour": 5.0},
    "streets": lambda build: {"estate": build.estate(streets=None)},
    "site": lambda build: {"estate": build.estate(zones=build.estate().zones.iloc[:2])},
    "site name": lambda build: {
        "estate": build.estate(sites=build.estate().sites.assign(name="x"))
    },
}


@pytest.mark.parametrize("change", CHANGES)
def test_other_knowledge_has_another_fingerprint(build: ModuleType, change: str) -> None:
    usual: dict[str, Any] = {"estate": build.estate(), "rows": [{}]}
    before = picture(build, **usual).fingerprint
    assert picture(build, **(usual | CHANGES[change](build))).fingerprint != before


def test_two_workspaces_that_know_the_same_have_one_fingerprint(
    build: ModuleType, tmp_path: Path
) -> None:
    texts = [build.control_room_csv([build.incident("a")]), build.police_csv([build.crime("b")])]
    prints = []
    for number, order in enumerate((texts, texts[::-1])):
        folder = tmp_path / str(number) / "estate"
        build.new_workspace(folder)
        for place, text in enumerate(order):
            build.import_text(folder, text, f"{place}.csv")
        prints.append(take_picture(folder).fingerprint)
    assert prints[0] == prints[1]
