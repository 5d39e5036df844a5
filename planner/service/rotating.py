"""A rotation for many nights: from a workspace and a scenario to its files."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from planner.allocate.rotation_plan import Rotation, make_rotation
from planner.errors import Infeasible, ScenarioError
from planner.publish.rotation_csv import rotation_csv
from planner.service.planning import scenario_in, write_files
from planner.service.workspace import take_picture

ROTATION_FILE, NIGHTS_FILE = "rotation.json", "rotation.csv"


@dataclass(frozen=True)
class WrittenRotation:
    """A rotation, and where its files are."""

    rotation: Rotation
    folder: Path


def plan_nights(
    workspace: Path,
    scenario_file: Path | None,
    nights: int,
    cover_share: float,
    out: Path,
    as_of: datetime | None = None,
) -> WrittenRotation:
    """Make a rotation of routes and write ``rotation.json`` and ``rotation.csv``.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    scenario_file
        A scenario in TOML; the usual scenario if None.
    nights
        How many.
    cover_share
        What they must cover in the mean, as a share of the best plan.
    out
        Folder for the files; it is made if need be.
    as_of
        Plan from what was known at that moment; from all that is known if None.

    Raises
    ------
    PlannerError
        If something can't be used, or no rotation is possible; then no file is written.
    """
    if not 0 < cover_share <= 1:
        raise ScenarioError(
            f"--cover-share: {cover_share:g} is no share; give one above 0 and at most 1, such as "
            "0.95."
        )
    picture = take_picture(workspace, as_of)
    scenario = scenario_in(picture, scenario_file)
    try:
        rotation = make_rotation(picture, scenario, nights, cover_share)
    except (ScenarioError, Infeasible) as error:
        if scenario_file is None:
            raise
        raise type(error)(f"{scenario_file}: {error}") from error
    contents = {
        ROTATION_FILE: rotation.to_json().encode(),
        NIGHTS_FILE: rotation_csv(rotation).encode(),
    }
    write_files(out, contents)
    return WrittenRotation(rotation, out)
