from pathlib import Path
from types import ModuleType

import pytest

from planner.errors import NoIncidents, UnknownCategory
from planner.service.surveying import survey_hotspots


def imported(build: ModuleType, workspace: Path) -> Path:
    rows = [
        build.incident(f"r{number}", (10 + 2 * number, 40.0), category=category)
        for number, category in enumerate(["Theft"] * 9 + ["Burglary"] * 6 + ["Sexual assault"] * 5)
    ]
    build.import_text(workspace, build.control_room_csv(rows))
    return workspace


def test_one_category_is_surveyed_alone(build: ModuleType, workspace: Path) -> None:
    folder = imported(build, workspace)
    everything, burglary = survey_hotspots(folder), survey_hotspots(folder, " BURGLARY ")
    assert everything.category == ""
    assert burglary.category == "burglary"
    assert everything.survey.repeats is not None
    assert burglary.survey.repeats is not None
    assert len(burglary.survey.repeats.dated.days) == 6
    assert len(everything.survey.repeats.dated.days) == 15


def test_a_sensitive_category_is_never_shown_by_place(build: ModuleType, workspace: Path) -> None:
    folder = imported(build, workspace)
    sensitive = survey_hotspots(folder).picture.counted.query("sensitive")["category"].unique()
    assert len(sensitive)
    for name in sensitive:
        with pytest.raises(UnknownCategory, match="totals"):
            survey_hotspots(folder, name)


def test_a_category_that_is_not_known_is_named_with_those_that_are(
    build: ModuleType, workspace: Path
) -> None:
    with pytest.raises(UnknownCategory, match="is 'burglary' meant") as caught:
        survey_hotspots(imported(build, workspace), "burglery")
    assert "theft" in str(caught.value)
    assert "sex" not in str(caught.value).replace("sexual", "sex").split("choose one of:")[1]


def test_a_category_that_never_occurs_is_empty_with_a_warning(
    build: ModuleType, workspace: Path
) -> None:
    done = survey_hotspots(imported(build, workspace), "robbery")
    assert done.survey.hotspots == ()
    assert done.survey.incidents == 0
    assert any("0 incidents" in text for text in done.survey.warnings)
    assert (done.survey.zones["q"] == 1).all()


def test_without_incidents_there_is_a_named_error(build: ModuleType, workspace: Path) -> None:
    with pytest.raises(NoIncidents, match="planner import"):
        survey_hotspots(workspace)
    far = build.control_room_csv([build.incident("far", (90_000.0, 0.0), place="Far away")])
    build.import_text(workspace, far)
    with pytest.raises(NoIncidents, match="estate"):
        survey_hotspots(workspace)
