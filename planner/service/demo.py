"""The demo: a whole workspace of Oxford with illustrative incidents."""

import runpy
import tomllib
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
        import_files(workspace, [_write_incidents(workspace)])
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
        ),
        name=ESTATE_NAME,
        illustrative=True,
        terms=TypeAdapter(list[Term]).validate_python(calendar["terms"]),
        days=TypeAdapter(list[NamedDays]).validate_python(calendar["days"]),
    )
    return import_files(workspace, [_write_incidents(workspace)])


def _write_incidents(workspace: Path) -> Path:
    source = bundled("geodata") / "oxford"
    generate = runpy.run_path(str(source / "generate_incidents.py"))["generate"]
    generate(source).to_csv(workspace / INCIDENTS_FILE, index=False)
    return workspace / INCIDENTS_FILE
