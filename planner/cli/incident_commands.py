"""Commands that take incidents in and ask a person what they mean."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.program import AsJson, Workspace, app, say, show, working


@app.command(name="import")
def import_(
    files: Annotated[
        list[Path], typer.Argument(help="Files of incidents: CSV, TSV, XLSX or JSON.")
    ],
    workspace: Workspace = None,
    profile: Annotated[
        Path | None, typer.Option(help="Source profile in TOML: which column is what.")
    ] = None,
    propose: Annotated[
        bool, typer.Option("--propose", help="Import nothing; propose a source profile instead.")
    ] = False,
    covers: Annotated[
        str | None, typer.Option(help="Days that the files cover, as FROM/TO (YYYY-MM-DD).")
    ] = None,
    area: Annotated[
        Path | None, typer.Option(help="GeoJSON polygon of the area that the files cover.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read, check, locate and store files of incidents."""
    from planner.ui.words import import_document, import_words

    if propose:
        _propose(files, as_json)
        return
    from planner.service.importing import Reading, import_files, stated_period
    from planner.service.workspace import workspace_folder

    folder = workspace_folder(workspace)
    period = stated_period(folder, covers) if covers else None
    with working("Reading the incidents"):
        done = import_files(folder, files, reading=Reading(profile, period, area))
    show(as_json, import_document(done), lambda: say("\n".join(import_words(done))))


def _propose(files: list[Path], as_json: bool) -> None:
    from planner.incidents.proposals import propose_profile
    from planner.ui.words import proposal_document

    for path in files:
        proposal = propose_profile(path)
        show(as_json, proposal_document(proposal), partial(say, proposal.to_toml()))


@app.command()
def review(
    workspace: Workspace = None,
    place: Annotated[str | None, typer.Option(help="A written place to decide.")] = None,
    means: Annotated[
        str | None, typer.Option(help="The site or building that it means; 'none' for none.")
    ] = None,
    pair: Annotated[
        tuple[str, str] | None,
        typer.Option(help="Two records to decide, each as SOURCE:KEY; the first will count."),
    ] = None,
    same: Annotated[
        bool | None, typer.Option("--same/--different", help="Whether the pair is one event.")
    ] = None,
    record: Annotated[
        str | None, typer.Option(help="A recording place to decide, by its key as listed.")
    ] = None,
    weight: Annotated[
        str | None, typer.Option(help="What its incidents count: exclude, keep, or 0 to 1.")
    ] = None,
    category: Annotated[
        str | None, typer.Option(help="Only its incidents of this category.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", help="Only what is recorded from this day on.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="How many of each kind to list.")] = 10,
    as_json: AsJson = False,
) -> None:
    """List what needs a person, or decide it: places, events told twice, recording desks."""
    if (place is None) != (means is None):
        raise typer.BadParameter("give --place and --means together")
    if (pair is None) != (same is None):
        raise typer.BadParameter("give --pair together with --same or --different")
    if (record is None) != (weight is None):
        raise typer.BadParameter("give --record and --weight together")
    if record is None and (category is not None or since is not None):
        raise typer.BadParameter("--category and --from belong to --record")
    if sum(given is not None for given in (place, pair, record)) > 1:
        raise typer.BadParameter("decide a place, a pair or a recording place, one at once")
    from planner.service.workspace import workspace_folder

    folder = workspace_folder(workspace)
    if place is not None and means is not None:
        _decide_place(folder, place, means, as_json)
    elif pair is not None and same is not None:
        _decide_pair(folder, pair, same, as_json)
    elif record is not None and weight is not None:
        _decide_record(folder, record, weight, category or "", since or "", as_json)
    else:
        _list_questions(folder, most, as_json)


def _decide_place(folder: Path, place: str, means: str, as_json: bool) -> None:
    from planner.service.deciding import decide_place
    from planner.ui.review_words import decided_words

    with working("Moving the incidents"):
        decided = decide_place(folder, place, means)
    show(as_json, vars(decided), lambda: say(decided_words(decided)))


def _decide_pair(folder: Path, pair: tuple[str, str], same: bool, as_json: bool) -> None:
    from planner.service.deciding import decide_pair
    from planner.ui.review_words import paired_words

    decide_pair(folder, *pair, same=same)
    show(as_json, {"pair": pair, "same": same}, lambda: say(paired_words(*pair, same)))


def _decide_record(
    folder: Path, record: str, weight: str, category: str, since: str, as_json: bool
) -> None:
    from planner.service.recording_places import decide_record
    from planner.ui.review_words import weighed_words

    decided = decide_record(folder, record, weight, category=category, since=since)
    show(as_json, vars(decided), lambda: say(weighed_words(decided)))


def _list_questions(folder: Path, most: int, as_json: bool) -> None:
    from planner.service.reviewing import open_questions
    from planner.ui.review_words import questions_document, questions_words

    with working("Looking for what needs a person"):
        found = open_questions(folder, most)
    show(as_json, questions_document(found), lambda: say("\n".join(questions_words(found))))
