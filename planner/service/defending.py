"""Defending cameras: the case for one, the yearly sheet of those that stand, and an honest test."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from planner.allocate.audience import seen_by
from planner.allocate.camera_plan import deploy_for
from planner.allocate.cameras.deployment import Deployment
from planner.allocate.cameras.study import Study
from planner.allocate.comparison.case import camera_case
from planner.allocate.comparison.case_parts import CameraCase
from planner.allocate.comparison.held_out import HoldOut
from planner.allocate.comparison.holdout import hold_out
from planner.allocate.comparison.yearly_sheet import YearlyRow, yearly_sheet
from planner.allocate.planning import risk_of_shift
from planner.allocate.scenario import Scenario, resolve_shift
from planner.errors import ScenarioError
from planner.picture import Picture
from planner.publish.case_page import case_html
from planner.publish.yearly_sheet_page import yearly_sheet_html
from planner.service.comparing import Wanted, scenarios_of
from planner.service.planning import write_files
from planner.service.workspace import open_register, take_picture

CASE_PAGE, CASE_FILE, SHEET_PAGE = "case.html", "case.json", "yearly_sheet.html"


@dataclass(frozen=True)
class Defended:
    """What was written, and where."""

    folder: Path
    files: tuple[str, ...]


def write_case(
    workspace: Path, wanted: Wanted, camera: str, out: Path, as_of: datetime | None = None
) -> tuple[CameraCase, Defended]:
    """Write the page that has to be defended for one camera: ``case.html`` and ``case.json``.

    Parameters
    ----------
    workspace
        Folder of the workspace; that the case was made is entered in its audit log.
    wanted
        One scenario: the camera is one that it chooses, or one of the service's own that stands.
    camera
        Its name, or C1, C2 and so on for those that the scenario chooses.
    out
        Folder for the files; it is made if need be.
    as_of
        By what was known at that moment; by all that is known if None.

    Raises
    ------
    PlannerError
        If there is no such camera, or the scenario or the workspace can't be used.
    """
    picture, scenario = _asked(workspace, wanted, as_of)
    case = camera_case(_deployment(picture, scenario), camera)
    _log(workspace, picture, {"case": case.name, "scenario": scenario.name})
    contents = {
        CASE_PAGE: case_html(case, picture).encode(),
        CASE_FILE: case.model_dump_json(indent=1).encode(),
    }
    write_files(out, contents)
    return case, Defended(out, tuple(contents))


def write_yearly_sheet(
    workspace: Path, out: Path, as_of: datetime | None = None
) -> tuple[tuple[YearlyRow, ...], Defended]:
    """Write the yearly sheet of the service's own cameras: keep, move or remove.

    Raises
    ------
    ScenarioError
        If the service has no camera of its own.
    PlannerError
        If the workspace can't be used.
    """
    picture, scenario = _asked(workspace, Wanted(("today",)), as_of)
    if picture.estate.own_cameras.empty:
        raise ScenarioError(
            "The service has no camera of its own that stands, so there is no sheet to write; give "
            "them to 'planner init --cameras' with the service as their controller."
        )
    rows = yearly_sheet(_deployment(picture, scenario))
    _log(workspace, picture, {"yearly_sheet": len(rows)})
    write_files(out, {SHEET_PAGE: yearly_sheet_html(rows, picture).encode()})
    return rows, Defended(out, (SHEET_PAGE,))


def hold_out_cameras(
    workspace: Path, wanted: Wanted, until: datetime, as_of: datetime | None = None
) -> HoldOut:
    """Choose cameras with what was known up to a moment, and score them on what came after.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    wanted
        One scenario: how many new cameras, of which kinds.
    until
        The moment.
    as_of
        By what was known then; by all that is known if None.

    Raises
    ------
    PlannerError
        If there are no incidents before or after, or something can't be used.
    """
    picture, scenario = _asked(workspace, wanted, as_of)
    cameras = scenario.cameras
    return hold_out(picture, until, cameras.most_new, cameras, scenario.solver.seed)


def _asked(workspace: Path, wanted: Wanted, as_of: datetime | None) -> tuple[Picture, Scenario]:
    """Return the picture as the one scenario's audience may see it, and the scenario."""
    if len(wanted.scenarios) > 1:
        raise ScenarioError("Give one scenario: a camera's case is that of one choice.")
    whole = take_picture(workspace, as_of)
    named = scenarios_of(whole, wanted)[-1]
    return seen_by(whole, named.scenario), named.scenario


def _deployment(picture: Picture, scenario: Scenario) -> Deployment:
    shift = resolve_shift(scenario.shift, picture.settings, picture.as_of)
    return deploy_for(Study(picture, risk_of_shift(picture, scenario, shift)), scenario)


def _log(workspace: Path, picture: Picture, subject: dict[str, Any]) -> None:
    with open_register(workspace, picture.settings) as register:
        whole = subject | {"picture": picture.fingerprint}
        register.log_once("cameras", whole, int(datetime.now(UTC).timestamp()))
