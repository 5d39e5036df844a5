"""Planning a shift: from a workspace and a scenario to the files that people use."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from planner.allocate.audience import seen_by
from planner.allocate.comparison.built_in import built_in_scenarios
from planner.allocate.plan import Plan
from planner.allocate.planning import make_plan, plan_for_audience
from planner.allocate.scenario import Scenario, read_scenario
from planner.allocate.varied_plan import varied_plan
from planner.clock import local_moment
from planner.errors import Infeasible, ScenarioError, SettingsError, UnreadableFile
from planner.estate.liaison.records import load_liaison
from planner.picture import Picture
from planner.publish.exports import routes_geojson, routes_gpx, stops_csv
from planner.publish.print_risk import RiskPage
from planner.publish.print_timing import draw_timing
from planner.publish.printmap import PageDrawer, hotspot_pdf
from planner.publish.route_card import route_cards_pdf
from planner.publish.route_card_notes import Numbers, contact_numbers
from planner.publish.webmap import map_page
from planner.service.forecasting import week_forecast
from planner.service.plan_files import read_plans
from planner.service.recording_places import undecided_records
from planner.service.track_record import track_record
from planner.service.workspace import open_register, open_workspace, take_picture
from planner.settings import PARTNERS

PLAN_FILE, MAP_FILE, PRINT_FILE, CARDS_FILE = (
    "plan.json", "map.html", "hotspots.pdf", "route_cards.pdf",
)  # fmt: skip
ROUTES_FILE, GEOJSON_FILE, STOPS_FILE = "routes.gpx", "routes.geojson", "stops.csv"


@dataclass(frozen=True)
class Written:
    """A plan, where its files are, and what they are called."""

    plan: Plan
    folder: Path
    files: tuple[str, ...]


def stated_moment(workspace: Path, text: str) -> datetime:
    """Read a day (its end is meant) or a moment, local where it states no offset.

    Raises
    ------
    SettingsError
        If it is neither.
    """
    settings, _ = open_workspace(workspace)
    try:
        if len(text) == len("YYYY-MM-DD"):
            following = date.fromisoformat(text) + timedelta(days=1)
            return local_moment(following, time(0), settings.time_zone)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise SettingsError(
            f"--as-of: '{text}' is no day YYYY-MM-DD or moment YYYY-MM-DDTHH:MM of use here."
        ) from error
    if moment.tzinfo is not None:
        return moment
    return local_moment(moment.date(), moment.time(), settings.time_zone)


def plan_shift(
    workspace: Path,
    scenario_file: Path | None,
    out: Path,
    as_of: datetime | None = None,
    vary: Sequence[Path] | None = None,
) -> Written:
    """Plan a shift and write its files: plan, map, print, route cards, and routes as data.

    Parameters
    ----------
    workspace
        Folder of the workspace; the plan is entered in its audit log.
    scenario_file
        A scenario in TOML; the usual scenario if None.
    out
        Folder for the files; it is made if need be.
    as_of
        Plan from what was known at that moment; from all that is known if None.
    vary
        Earlier plans to keep apart from, files and folders; None for the plan that covers most.

    Raises
    ------
    PlannerError
        If the scenario or the workspace can't be used; then no file is written.
    """
    earlier = None if vary is None else read_plans(vary)
    picture = take_picture(workspace, as_of)
    scenario = scenario_in(picture, scenario_file)
    undecided = undecided_records(picture)
    try:
        if earlier is None:
            plan = make_plan(picture, scenario, undecided)
        else:
            plan = varied_plan(picture, scenario, earlier, undecided)
    except (ScenarioError, Infeasible) as error:
        if scenario_file is None:
            raise
        raise type(error)(f"{scenario_file}: {error}") from error
    # The print is for partners: made from what they may see, whomever the plan is for.
    shared = plan_for_audience(picture, plan, PARTNERS, undecided)
    return write_for_all(workspace, picture, plan, shared, out)


def scenario_in(picture: Picture, file: Path | None) -> Scenario:
    """Read a scenario, which may inherit from a built-in one of the workspace.

    Parameters
    ----------
    picture
        What is known: built-in scenarios are made from it.
    file
        A scenario in TOML; the usual scenario if None.

    Raises
    ------
    UnreadableFile
        If the file can't be read.
    ScenarioError
        If it can't be used.
    """
    if file is None:
        return Scenario()
    return read_scenario(file, lambda: built_in_scenarios(picture))


def write_for_all(
    workspace: Path, picture: Picture, plan: Plan, printed: Plan | None, out: Path
) -> Written:
    """Enter a plan in the log and write its files: the print for partners, the rest for its own.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    picture
        What the plan was made from, unfiltered.
    plan, printed
        The plan, and the same as partners may see it; no print is written if None.
    out
        Folder for the files.

    Raises
    ------
    PlannerError
        If the log or the folder can't be written.
    """
    numbers = contact_numbers(load_liaison(workspace).contacts)
    contents = plan_contents(_logged(workspace, picture, plan), plan, numbers)
    if printed is not None:
        shared = _logged(workspace, picture, printed)
        contents[PRINT_FILE] = hotspot_pdf(shared, printed, print_pages(shared))
    write_files(out, contents)
    return Written(plan, out, tuple(contents))


def _logged(workspace: Path, picture: Picture, plan: Plan) -> Picture:
    """Enter a plan in the log; return the picture as the plan's audience may see it."""
    head = log_plan(workspace, picture, plan)
    return replace(seen_by(picture, plan.scenario), register_head=head)


def log_plan(workspace: Path, picture: Picture, plan: Plan) -> str:
    """Enter a plan in the audit log, once; return the entry's hash.

    Raises
    ------
    WorkspaceError
        If the register can't be written.
    """
    with open_register(workspace, picture.settings) as register:
        return register.log_once("plan", plan_subject(plan), int(datetime.now(UTC).timestamp()))


def print_pages(picture: Picture) -> tuple[PageDrawer, ...]:
    """Return what draws the pages of the print after the hotspots: when, and the risk to come.

    Parameters
    ----------
    picture
        As those may see it for whom the print is; graded entries play no part in these pages.

    Raises
    ------
    NoIncidents
        If no incident lies on the estate.
    """
    return draw_timing, RiskPage(week_forecast(picture), track_record(picture).sources)


def plan_subject(plan: Plan) -> dict[str, object]:
    """Return what the audit log keeps of a plan: names that follow from what its reader saw."""
    return {"plan": plan.id, "picture": plan.picture.fingerprint, "version": plan.version}


def plan_contents(picture: Picture, plan: Plan, numbers: Numbers = ()) -> dict[str, bytes]:
    """Return a plan's files by name, all but the print.

    Parameters
    ----------
    picture, plan
        The plan, and the picture as its audience may see it.
    numbers
        Whom teams can call, for their cards.
    """
    return {
        PLAN_FILE: plan.to_json().encode(),
        MAP_FILE: map_page(picture, plan).encode(),
        CARDS_FILE: route_cards_pdf(picture, plan, numbers),
        ROUTES_FILE: routes_gpx(plan).encode(),
        GEOJSON_FILE: routes_geojson(plan).encode(),
        STOPS_FILE: stops_csv(plan).encode(),
    }


def write_files(out: Path, contents: Mapping[str, bytes]) -> None:
    """Write files to a folder, all or none.

    Parameters
    ----------
    out
        The folder; it is made if need be.
    contents
        What each is to hold, by name.

    Raises
    ------
    UnreadableFile
        If the folder can't be written.
    """
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
