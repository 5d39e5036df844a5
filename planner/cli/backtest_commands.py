"""The command that judges the forecast: on a file, or on a workspace's own records."""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

from planner.cli.program import AsJson, Workspace, app, say, show, working

ONLY_OF_FILES = {
    "first": "--from", "last": "--to", "cell": "--cell", "every": "--every", "by": "--by",
    "time_zone": "--time-zone",
}  # fmt: skip


@app.command()
def backtest(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(
            help="A file of incidents, as for 'import'; without one, a workspace's own records."
        ),
    ] = None,
    workspace: Workspace = None,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="First day to judge, of a file."),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="Last day to judge, of a file."),
    ] = None,
    cell: Annotated[
        float, typer.Option(min=10, max=10_000, help="Side of a cell in metres.")
    ] = 150,
    every: Annotated[str, typer.Option(help="Length of a window: 7d, 2w or month.")] = "7d",
    category: Annotated[str | None, typer.Option(help="Judge one category only.")] = None,
    by: Annotated[Literal["shift"] | None, typer.Option(help="Judge cells shift by shift.")] = None,
    time_zone: Annotated[
        str, typer.Option(help="The zone that the file's times are in.")
    ] = "Europe/London",
    as_json: AsJson = False,
) -> None:
    """Judge the forecast on past windows, beside counting.

    Of a file, cells are judged from --from to --to; no workspace is needed. Of a workspace (-w
    DIR), its own zones are judged on the last two years of weeks, or on all months.
    """
    if file is None:
        _of_workspace(context, workspace, category, as_json)
        return
    if workspace is not None:
        raise typer.BadParameter("Give a FILE or a workspace (-w DIR), not both.")
    missing = [name for name, day in (("--from", first), ("--to", last)) if day is None]
    if first is None or last is None:
        raise typer.BadParameter(f"Missing option '{missing[0]}': a FILE is judged between days.")
    from planner.service.backtesting import BacktestWish, backtest_file
    from planner.ui.backtest_words import backtest_document

    wish = BacktestWish(first.date(), last.date(), cell, every, category, by == "shift", time_zone)
    with working("Forecasting window after window"):
        done = backtest_file(file, wish)
    show(as_json, backtest_document(done), lambda: _tell(done))


def _of_workspace(
    context: typer.Context, workspace: Path | None, category: str | None, as_json: bool
) -> None:
    from planner.service.track_record import track_record_of
    from planner.service.workspace import workspace_folder
    from planner.ui.backtest_words import track_document

    given = [option for name, option in ONLY_OF_FILES.items() if _was_given(context, name)]
    if given:
        raise typer.BadParameter(f"{given[0]} goes with a FILE; a workspace has its own windows.")
    if workspace is None and not os.environ.get("PLANNER_WORKSPACE"):
        raise typer.BadParameter("Give a FILE of incidents, or a workspace with -w DIR.")
    folder = workspace_folder(workspace)
    with working("Forecasting window after window"):
        record = track_record_of(folder, category)
    show(as_json, track_document(record), lambda: _tell_track(record))


def _was_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _tell(done: Any) -> None:
    from planner.publish.track_words import result_words

    result = done.result
    unit = "zone-shifts" if done.wish.by_shift else "cells"
    say(
        f"{result.windows:,} windows, {result.zones:,} {unit}, {round(result.incidents):,} "
        f"incidents."
    )
    _show_rivals(result)
    say("\n".join(result_words(result)))
    for note in done.notes:
        say(f"Note: {note}")


def _tell_track(record: Any) -> None:
    from planner.publish.track_words import record_words

    for source in record.sources:
        if source.result is not None:
            _show_rivals(source.result)
        say("\n".join(record_words(source)))


def _show_rivals(result: Any) -> None:
    from planner.publish.track_words import backtest_rows

    table = Table("forecast", "1 %", "2 %", "5 %", "10 %", "PAI 1 %", "PEI* 1 %", "log score")
    for row in backtest_rows(result):
        table.add_row(*row)
    Console().print(table)
