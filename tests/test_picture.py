from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from planner.errors import NoIncidents
from planner.estate.model import Estate
from planner.picture import MATCH_COLUMNS, Picture
from planner.service.workspace import take_picture
from planner.settings import Settings


def picture(build: ModuleType, estate: Estate, rows: list[Any], **settings: Any) -> Picture:
    spans = build.periods(("2025-06-01", "2025-07-01")) if rows else build.periods()
    return Picture(Settings(crs=build.CRS, **settings), estate, build.located(rows), spans)


def decided(*pairs: tuple[str, str, str, str, bool]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=MATCH_COLUMNS)


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


def test_a_pair_that_a_person_matched_counts_once(build: ModuleType, estate: Estate) -> None:
    rows = [{"key": "own"}, {"key": "theirs", "source": "college"}]
    made = replace(
        picture(build, estate, rows),
        matches=decided(("control room", "own", "college", "theirs", True)),
    )
    assert made.on_estate["key"].tolist() == ["own"]


def test_a_person_can_say_that_a_stated_reference_is_wrong(
    build: ModuleType, estate: Estate
) -> None:
    rows = [
        {"key": "own", "police_reference": "c1"},
        {"key": "c1", "source": "police", "reference": "c1"},
    ]
    made = replace(
        picture(build, estate, rows),
        matches=decided(("control room", "own", "police", "c1", False)),
    )
    assert made.on_estate["key"].tolist() == ["own", "c1"]


def test_sensitive_incidents_are_in_the_totals_only(build: ModuleType, estate: Estate) -> None:
    rows = [{"key": "a"}, {"key": "b", "category": "welfare concern"}]
    made = picture(build, estate, rows)
    assert made.counted["key"].tolist() == ["a", "b"]
    assert made.on_estate["key"].tolist() == ["a"]
    assert made.sensitive == 1


def test_categories_are_those_of_the_list(build: ModuleType, estate: Estate) -> None:
    made = picture(build, estate, [{"category": "theft of pedal cycle"}, {"category": "quux"}])
    assert made.on_estate["category"].tolist() == ["bicycle theft", "other"]
    assert made.on_estate["written_category"].tolist() == ["theft of pedal cycle", "quux"]
    assert (made.on_estate["harm"] > 0).all()


def test_a_stated_area_covers_the_zones_whose_middle_it_holds(
    build: ModuleType, estate: Estate
) -> None:
    made = picture(build, estate, [{}])
    west, south = build.degrees(-20, -20)
    east, north = build.degrees(120, 120)
    area = shapely.to_wkt(shapely.box(west, south, east, north))
    made = replace(made, periods=made.periods.assign(area=area))
    names = estate.zones["name"].to_numpy()
    assert names[made.areas[area]].tolist() == ["Alpha College"]


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


def test_what_stands_around_changes_the_fingerprint(build: ModuleType) -> None:
    house = gpd.GeoDataFrame(
        {"kind": ["building"], "name": "", "use": "house", "controller": "", "listed": "",
         "height_m": 6.0, "valid_from": "", "valid_to": ""},
        geometry=[build.square(400, 0, 20)], crs=build.CRS,
    )  # fmt: skip
    tables = [None, house, house.assign(height_m=9.0), house.translate(1, 0).to_frame("geometry")]
    prints = [
        picture(
            build, build.estate(**({} if table is None else {"surroundings": table})), [{}]
        ).fingerprint
        for table in tables
    ]
    assert len(set(prints)) == 4
