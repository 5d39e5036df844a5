"""Planning a shift: from a workspace and a scenario to the files that people use."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from planner.allocate.plan import Plan
from planner.allocate.planning import make_plan
from planner.allocate.scenario import Scenario, read_scenario
from planner.errors import Infeasible, ScenarioError, UnreadableFile
from planner.picture import Picture
from planner.publish.exports import routes_gpx
from planner.publish.printmap import hotspot_pdf
from planner.publish.webmap import map_page
from planner.service.workspace import take_picture

PLAN_FILE, MAP_FILE, PRINT_FILE, ROUTES_FILE = "plan.json", "map.html", "hotspots.pdf", "routes.gpx"


@dataclass(frozen=True)
class Written:
    """A plan, and where its files are."""

    plan: Plan
    folder: Path


def plan_shift(workspace: Path, scenario_file: Path | None, out: Path) -> Written:
    """Plan a shift and write ``plan.json``, ``map.html``, ``hotspots.pdf`` and ``routes.gpx``.

    Parameters
    ----------
    workspace
        Folder of the workspace; it is only read.
    scenario_file
        A scenario in TOML; the usual scenario if None.
    out
        Folder for the files; it is made if need be.

    Raises
    ------
    PlannerError
        If the scenario or the workspace can't be used; then no file is written.
    """
    scenario = Scenario() if scenario_file is None else read_scenario(scenario_file)
    picture = take_picture(workspace)
    try:
        plan = make_plan(picture, scenario)
    except (ScenarioError, Infeasible) as error:
        if scenario_file is None:
            raise
        raise type(error)(f"{scenario_file}: {error}") from error
    write_plan(picture, plan, out)
    return Written(plan, out)


def write_plan(picture: Picture, plan: Plan, out: Path) -> None:
    """Write a plan's files to a folder, all or none.

    Raises
    ------
    UnreadableFile
        If the folder can't be written.
    """
    contents = {
        PLAN_FILE: plan.to_json().encode(),
        MAP_FILE: map_page(picture, plan).encode(),
        PRINT_FILE: hotspot_pdf(picture, plan),
        ROUTES_FILE: routes_gpx(plan).encode(),
    }
    in_the_way = [name for name in contents if (out / name).is_dir()]
    if in_the_way:
        raise UnreadableFile(f"{out / in_the_way[0]}: is a folder; choose another --out.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out, prefix=".plan-") as beside:
            for name, content in contents.items():
                (Path(beside) / name).write_bytes(content)
            for name in contents:
                (Path(beside) / name).replace(out / name)
    except OSError as error:
        raise UnreadableFile(
            f"{out}: cannot be written ({error.strerror}); choose another folder with --out."
        ) from error
