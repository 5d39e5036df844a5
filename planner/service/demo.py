"""The demo: a whole workspace of Oxford with illustrative incidents."""

import runpy
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter

import planner
from planner.errors import WorkspaceError
from planner.service.importing import Imported, import_files
from planner.service.workspace import EstateFiles, make_workspace, open_workspace
from planner.settings import FILE_NAME as SETTINGS_FILE
from planner.settings import NamedDays, Term

ESTATE_NAME = "Oxford (demonstration)"
INCIDENTS_FILE = "incidents.csv"


def bundled(name: str) -> Path:
    """Return a file or folder that comes with the program, from a checkout or a wheel."""
    package = Path(planner.__file__).resolve().parent
    inside = package / "bundled" / name
    return inside if inside.exists() else package.parent / name


def demo_workspace(workspace: Path) -> Path:
    """Make the demo workspace, or use the one that an earlier demo made there.

    Raises
    ------
    WorkspaceError
        If the folder holds another workspace.
    """
    if (workspace / SETTINGS_FILE).exists():
        settings, _ = open_workspace(workspace)
        if settings.name != ESTATE_NAME or not settings.illustrative:
            raise WorkspaceError(f"{workspace}: holds another workspace; choose another folder.")
        _import_incidents(workspace)
    else:
        make_demo(workspace)
    return workspace


def make_demo(workspace: Path) -> Imported:
    """Make the demo workspace: the estate, its calendar, and two years of invented incidents."""
    source = bundled("geodata") / "oxford"
    calendar = tomllib.loads((source / "calendar.toml").read_text(encoding="utf-8"))
    make_workspace(
        workspace,
        EstateFiles(
            sites=[source / "sites.geojson", source / "buildings.geojson"],
            streets=source / "streets.geojson",
            cameras=source / "cameras.geojson",
            surroundings=[source / "surroundings.geojson"],
        ),
        name=ESTATE_NAME,
        illustrative=True,
        terms=TypeAdapter(list[Term]).validate_python(calendar["terms"]),
        days=TypeAdapter(list[NamedDays]).validate_python(calendar["days"]),
    )
    return _import_incidents(workspace)


def _import_incidents(workspace: Path) -> Imported:
    source = bundled("geodata") / "oxford"
    records = runpy.run_path(str(source / "generate_incidents.py"))["generate"](source)
    records.to_csv(workspace / INCIDENTS_FILE, index=False)
    # The demo must not depend on the day on which it is run.
    last = datetime.fromisoformat(records["reported_at"].max()).replace(tzinfo=UTC)
    return import_files(workspace, [workspace / INCIDENTS_FILE], last + timedelta(days=1))
