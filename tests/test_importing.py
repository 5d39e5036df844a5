"""Importing: every row accounted for, corrections kept, and the time and area that files cover."""

import json
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from planner.errors import EstateError, SettingsError, UnreadableFile
from planner.service.importing import Reading, import_files, stated_period
from planner.service.workspace import open_register, open_workspace, take_picture


def incidents_of(workspace: Path) -> pd.DataFrame:
    settings, _ = open_workspace(workspace)
    with open_register(workspace, settings) as register:
        return register.incidents()


def sum_holds(done: object) -> bool:
    total = done.total  # type: ignore[attr-defined]
    return bool(total("read") == total("accepted") + total("rejected") + total("duplicates"))


def test_a_later_file_corrects_and_says_so(build: ModuleType, workspace: Path) -> None:
    build.import_text(workspace, build.control_room_csv([build.incident("A")]), "one.csv")
    other = build.incident("A", category="Burglary")
    done = build.import_text(workspace, build.control_room_csv([other]), "two.csv")
    assert (done.total("accepted"), done.total("corrected")) == (1, 1)
    assert sum_holds(done)
    assert any("correct a record" in note for note in done.notes)
    again = build.import_text(workspace, build.control_room_csv([build.incident("A")]), "one.csv")
    assert (again.total("accepted"), again.total("duplicates")) == (0, 1)
    assert incidents_of(workspace)["category"].tolist() == ["burglary"]


def test_a_picture_of_a_past_day_shows_what_was_known_then(
    build: ModuleType, workspace: Path
) -> None:
    first = build.write(workspace.parent / "a.csv", build.control_room_csv([build.incident("A")]))
    rows = [build.incident("A", category="Burglary"), build.incident("B")]
    second = build.write(workspace.parent / "b.csv", build.control_room_csv(rows))
    import_files(workspace, [first], datetime(2026, 1, 10, tzinfo=UTC))
    import_files(workspace, [second], datetime(2026, 1, 20, tzinfo=UTC))
    then = take_picture(workspace, datetime(2026, 1, 15, tzinfo=UTC))
    assert then.on_estate["category"].tolist() == ["theft"]
    assert sorted(take_picture(workspace).on_estate["category"]) == ["burglary", "theft"]
    before = take_picture(workspace, datetime(2026, 1, 1, tzinfo=UTC))
    assert before.incidents.empty
    assert before.periods.empty


def test_a_stated_period_goes_before_what_the_rows_tell(build: ModuleType, workspace: Path) -> None:
    path = build.write(workspace.parent / "a.csv", build.control_room_csv([build.incident("A")]))
    covers = stated_period(workspace, "2025-06-01/2025-06-30")
    import_files(workspace, [path], build.NOW, Reading(covers=covers))
    periods = take_picture(workspace).periods
    # Local days of London in summer.
    assert periods["starts_at"].tolist() == [build.moment("2025-05-31T23:00")]
    assert periods["ends_at"].tolist() == [build.moment("2025-06-30T23:00")]


@pytest.mark.parametrize(
    "text",
    ["", "2025-06-01", "2025-06-30/2025-06-01", "June/July", "a/b/c", "9999-12-31/9999-12-31"],
)
def test_a_period_that_is_none_is_named(workspace: Path, text: str) -> None:
    with pytest.raises(SettingsError, match="FROM/TO"):
        stated_period(workspace, text)


def test_a_stated_area_limits_what_the_file_covers(build: ModuleType, workspace: Path) -> None:
    path = build.write(workspace.parent / "a.csv", build.control_room_csv([build.incident("A")]))
    drawn = build.collection([build.square_feature(-20, -20, 140)])
    area = build.write(workspace.parent / "area.geojson", drawn)
    import_files(workspace, [path], build.NOW, Reading(area=area))
    picture = take_picture(workspace)
    (zones,) = picture.areas.values()
    assert picture.estate.zones["name"].to_numpy()[zones].tolist() == ["Alpha College"]


def test_an_area_without_a_polygon_is_refused(build: ModuleType, workspace: Path) -> None:
    path = build.write(workspace.parent / "a.csv", build.control_room_csv([build.incident("A")]))
    area = build.write(
        workspace.parent / "area.geojson", build.collection([build.point_feature(0, 0)])
    )
    with pytest.raises(EstateError, match="polygon"):
        import_files(workspace, [path], build.NOW, Reading(area=area))


def test_a_profile_of_ones_own_is_tried_first(build: ModuleType, workspace: Path) -> None:
    rows = "Ref;Kind;When;Where\n7;Theft;03/04/2025 10:00;Alpha College\n"
    path = build.write(workspace.parent / "ours.csv", rows)
    profile = build.write(
        workspace.parent / "ours.toml",
        'source = "college log"\nrequired = ["Ref", "Kind", "When", "Where"]\n[columns]\n'
        'reference = "Ref"\ncategory = "Kind"\noccurred_from = "When"\nplace = "Where"\n'
        '[dates]\noccurred_from = ["DD/MM/YYYY HH:mm"]\n',
    )
    done = import_files(workspace, [path], build.NOW, Reading(profile=profile))
    assert done.total("accepted") == 1
    kept = incidents_of(workspace)
    assert kept["source"].tolist() == ["college log"]
    assert kept["site"].tolist() == ["alpha-college"]
    assert kept["occurred_from"].tolist() == [build.moment("2025-04-03T09:00")]


def test_categories_that_the_list_lacks_are_noted(build: ModuleType, workspace: Path) -> None:
    text = build.control_room_csv([build.incident("A", category="Umbrella")])
    done = build.import_text(workspace, text)
    assert any("umbrella" in note and "planner.toml" in note for note in done.notes)


def test_the_note_on_unlisted_categories_tells_how_sensitive_ones_count(
    build: ModuleType, workspace: Path
) -> None:
    text = build.control_room_csv([build.incident("A", category="sexual assault (historic)")])
    done = build.import_text(workspace, text)
    assert any("'other sensitive'" in note for note in done.notes)
    assert take_picture(workspace).counted["category"].tolist() == ["other sensitive"]


def test_no_file_is_an_error(workspace: Path) -> None:
    with pytest.raises(UnreadableFile):
        import_files(workspace, [])


def test_every_file_of_incidents_that_we_have_adds_up(
    shared_data: Path, workspace: Path, build: ModuleType
) -> None:
    for path in sorted((shared_data / "oxford" / "police").rglob("*.csv")):
        done = import_files(workspace, [path], build.NOW)
        assert sum_holds(done), path.name
        assert done.total("rejected") == sum(done.reasons.values())
    campus = shared_data / "campus" / "ucpd_2011_2019.csv"
    done = import_files(workspace, [campus], build.NOW)
    assert sum_holds(done)
    assert done.total("read") == 10_650
    assert json.dumps(done.reasons)


def test_a_later_decision_on_a_pair_is_not_in_a_past_picture(
    build: ModuleType, workspace: Path
) -> None:
    own = build.control_room_csv([build.incident("A")])
    police = build.police_csv([build.crime("c1")])
    paths = [
        build.write(workspace.parent / "own.csv", own),
        build.write(workspace.parent / "police.csv", police),
    ]
    import_files(workspace, paths, datetime(2026, 1, 10, tzinfo=UTC))
    settings, _ = open_workspace(workspace)
    with open_register(workspace, settings) as register:
        later = int(datetime(2026, 1, 20, tzinfo=UTC).timestamp())
        register.record_match("control room", "A", "police", "c1", True, later)
    then = take_picture(workspace, datetime(2026, 1, 15, tzinfo=UTC))
    assert (len(then.counted), then.told_twice) == (2, 0)
    assert (len(take_picture(workspace).counted), take_picture(workspace).told_twice) == (1, 1)
