"""What needs a person: each thing once, the most pressing first, and no more told than needed."""

from collections.abc import Callable, Mapping
from dataclasses import astuple
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from planner.errors import WorkspaceError
from planner.incidents.model import PLACE_COLUMNS
from planner.service.deciding import decide_pair, decide_place
from planner.service.importing import Reading, import_files
from planner.service.reviewing import Questions, open_questions
from planner.service.workspace import open_register, open_workspace
from planner.settings import write_settings

LODGE = """source = "college lodge"
required = ["lodge ref", "kind", "since", "until", "where", "lon", "lat", "crime"]
[columns]
reference = "lodge ref"
category = "kind"
occurred_from = "since"
occurred_to = "until"
place = "where"
longitude = "lon"
latitude = "lat"
police_reference = "crime"
[dates]
occurred_from = ["YYYY-MM-DDTHH:mm"]
occurred_to = ["YYYY-MM-DDTHH:mm"]
"""
COLUMNS = ["lodge ref", "kind", "since", "until", "where", "lon", "lat", "crime"]
USUAL = {"kind": "Theft", "since": "2025-06-02T22:30", "until": "2025-06-02T23:30",
         "where": "the lodge"}  # fmt: skip
Fill = Callable[..., Path]


@pytest.fixture
def fill(build: ModuleType, workspace: Path) -> Fill:
    """Import rows of the control room, a college's lodge and the police; return the workspace."""

    def lodge_row(row: Mapping[str, str]) -> dict[str, str]:
        longitude, latitude = build.degrees(55, 50)
        return USUAL | {"lon": str(longitude), "lat": str(latitude)} | dict(row)

    def fill(
        control_room: list[dict[str, str]] | None = None,
        lodge: list[dict[str, str]] | None = None,
        police: list[dict[str, str]] | None = None,
    ) -> Path:
        if control_room:
            build.import_text(workspace, build.control_room_csv(control_room), "room.csv")
        if police:
            build.import_text(workspace, build.police_csv(police), "police.csv")
        if lodge:
            profile = build.write(workspace.parent / "lodge.toml", LODGE)
            text = build.csv_text([lodge_row(row) for row in lodge], COLUMNS)
            path = build.write(workspace.parent / "lodge.csv", text)
            import_files(workspace, [path], build.NOW, Reading(profile=profile))
        return workspace

    return fill


def places(found: Questions) -> list[tuple[str, int, str]]:
    return [(item.place, item.incidents, item.because) for item in found.places]


def pairs(found: Questions) -> list[tuple[str, str]]:
    return [(item.first, item.second) for item in found.pairs]


def test_before_the_first_import_nothing_is_asked(workspace: Path) -> None:
    assert open_questions(workspace) == Questions((), (), 0, 0, 0, False)


def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="planner init"):
        open_questions(tmp_path)


def test_places_that_most_incidents_have_come_first(fill: Fill, build: ModuleType) -> None:
    rows = [build.incident(f"h{n}", at=None, place="The Old Shed") for n in range(3)]
    rows += [build.incident("s", at=None, place="the old  shed,"), build.incident("known")]
    rows += [build.incident("z", at=None, place="zz top"), build.incident("n", at=None, place="")]
    rows += [build.incident("c", at=None, place="Chapl of Alfa")]
    folder = fill(rows)
    found = open_questions(folder)
    assert places(found) == [
        ("The Old Shed", 4, "no coordinates"), ("Chapl of Alfa", 1, "no coordinates"),
        ("zz top", 1, "no coordinates"),
    ]  # fmt: skip
    assert (found.places_in_all, found.incidents) == (3, 8)
    assert found.places[1].candidates[0].name == "Chapel, Alpha College"
    fewer = open_questions(folder, most=1)
    assert (len(fewer.places), fewer.places_in_all) == (1, 3)


def test_coordinates_that_lie_elsewhere_are_asked_about(fill: Fill, build: ModuleType) -> None:
    rows = [build.incident("a", at=(250, 50), place="Gamma Library"),
            build.incident("b", at=(50, 350), place="Gamma Library"),
            build.incident("c", at=None, place="Gamma Library")]  # fmt: skip
    assert places(open_questions(fill(rows))) == [("Gamma Library", 1, "coordinates lie elsewhere")]
    build.import_text(fill(), build.control_room_csv([build.incident("d", at=None, place="Nook"),
                      build.incident("e", at=(20, 20), place="Nook")]))  # fmt: skip
    assert ("Nook", 1, "no coordinates") in places(open_questions(fill()))


def test_what_the_police_write_beside_a_snap_point_is_not_asked(
    fill: Fill, build: ModuleType
) -> None:
    folder = fill(police=[build.crime("p", at=None, Location="No Location")])
    found = open_questions(folder)
    assert (found.incidents, found.places) == (1, ())


def test_a_decision_about_a_place_that_is_gone_is_asked_anew(fill: Fill, build: ModuleType) -> None:
    folder = fill([build.incident("a", at=None, place="The Old Shed")])
    nobody = pd.DataFrame(columns=PLACE_COLUMNS)
    with open_register(folder, open_workspace(folder)[0]) as register:
        register.record_alias("the old shed", "gone", "gone-shed", nobody, 1_760_000_000)
    assert len(open_questions(folder).places) == 1
    decide_place(folder, "The Old Shed", "none")
    assert open_questions(folder).places == ()


def test_a_pair_tells_what_a_person_needs(fill: Fill, build: ModuleType) -> None:
    folder = fill(
        [build.incident("A1"), build.incident("A2", occurred_from="2025-07-05T22:00",
         occurred_to="2025-07-06T09:00", reported_at="", place="")],
        [{"lodge ref": "L1"}, {"lodge ref": "L2", "since": "2025-07-05T23:00",
         "until": "2025-07-05T23:00"}],
    )  # fmt: skip
    found = open_questions(folder)
    assert found.pairs_in_all == 2
    said = {item.first: (item.first_says, item.second_says, item.because) for item in found.pairs}
    assert said["control room:A1"] == (
        "theft, Mon 2 Jun 2025, 22:00 to 23:00, Alpha",
        "theft, Mon 2 Jun 2025, 22:30 to 23:30, the lodge",
        "same category and time, 5 m apart",
    )
    assert said["control room:A2"][:2] == (
        "theft, Sat 5 Jul 2025, 22:00 to Sun 6 Jul 2025, 09:00",
        "theft, Sat 5 Jul 2025, 23:00, the lodge",
    )


@pytest.mark.parametrize("category", ["Harassment", "Welfare check on a student", "prevent lead"])
def test_of_a_sensitive_pair_neither_category_nor_place_is_told(
    fill: Fill, build: ModuleType, category: str
) -> None:
    folder = fill(
        [build.incident("A1", category=category, place="Staircase 4, room 7")],
        [{"lodge ref": "L1", "kind": category, "where": "her room"}],
    )
    (asked,) = open_questions(folder).pairs
    assert asked.first_says == "sensitive category, Mon 2 Jun 2025, 22:00 to 23:00"
    told = " ".join(map(str, astuple(asked))).lower()
    assert not any(word in told for word in (category.lower(), "room 7", "her room"))


def test_a_pair_that_is_counted_once_already_comes_last(fill: Fill, build: ModuleType) -> None:
    folder = fill(
        [build.incident("A1"), build.incident("A2", at=(250, 350))],
        [{"lodge ref": "L1"}, {"lodge ref": "L2", "crime": "c1", "lon": "", "lat": ""}],
        [build.crime("c1", at=(250, 250), Month="2025-06", Location="On or near Cross Lane")],
    )  # fmt: skip
    first, second = open_questions(folder).pairs
    assert (first.first, first.second) == ("control room:A1", "college lodge:L1")
    assert (second.first, second.second) == ("college lodge:L2", "police:c1")
    assert second.second_says == "burglary, June 2025, On or near Cross Lane"
    assert "counts once" in second.because
    assert second.score > first.score


def test_each_record_is_asked_about_once_at_a_time(fill: Fill, build: ModuleType) -> None:
    folder = fill(
        [build.incident("A1"), build.incident("A2", at=(70, 50))],
        [{"lodge ref": "L1"}, {"lodge ref": "L2", "since": "2025-06-02T20:00"}],
    )
    found = open_questions(folder)
    assert pairs(found) == [("control room:A1", "college lodge:L1")]
    decide_pair(folder, "control room:A1", "college lodge:L1", same=False)
    asked = pairs(open_questions(folder))
    assert asked == [("control room:A1", "college lodge:L2"),
                     ("control room:A2", "college lodge:L1")]  # fmt: skip
    for pair in asked:
        decide_pair(folder, *pair, same=True)
    assert pairs(open_questions(folder)) == []


def test_what_follows_from_decisions_is_not_asked(fill: Fill, build: ModuleType) -> None:
    longitude, latitude = build.degrees(55, 50)
    folder = fill([build.incident("A1")], [{"lodge ref": "L1"}])
    other = build.write(folder.parent / "other.toml", LODGE.replace("college lodge", "warden"))
    row = USUAL | {"lodge ref": "W1", "lon": str(longitude), "lat": str(latitude)}
    path = build.write(folder.parent / "warden.csv", build.csv_text([row], COLUMNS))
    import_files(folder, [path], build.NOW, Reading(profile=other))
    assert open_questions(folder).pairs_in_all == 3
    decide_pair(folder, "control room:A1", "college lodge:L1", same=True)
    decide_pair(folder, "warden:W1", "college lodge:L1", same=True)
    assert open_questions(folder).pairs == ()


def test_invented_incidents_are_said_to_be_invented(workspace: Path) -> None:
    settings, _ = open_workspace(workspace)
    write_settings(workspace, settings.model_copy(update={"illustrative": True}))
    assert open_questions(workspace).illustrative
