"""The command that judges the forecast."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

from planner.cli.program import AsJson, app, say, show, working


@app.command()
def backtest(
    file: Annotated[Path, typer.Argument(help="A file of incidents, as for 'import'.")],
    first: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day to judge.")
    ],
    last: Annotated[
        datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day to judge.")
    ],
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
    """Judge the forecast on past windows of a file, beside counting; no workspace is needed."""
    from planner.service.backtesting import BacktestWish, backtest_file
    from planner.ui.backtest_words import backtest_document

    wish = BacktestWish(first.date(), last.date(), cell, every, category, by == "shift", time_zone)
    with working("Forecasting window after window"):
        done = backtest_file(file, wish)
    show(as_json, backtest_document(done), lambda: _tell(done))


def _tell(done: Any) -> None:
    from planner.ui.backtest_words import backtest_rows, result_words

    result = done.result
    unit = "zone-shifts" if done.wish.by_shift else "cells"
    say(
        f"{result.windows:,} windows, {result.zones:,} {unit}, {round(result.incidents):,} "
        f"incidents."
    )
    table = Table("forecast", "1 %", "2 %", "5 %", "10 %", "PAI 1 %", "PEI* 1 %", "log score")
    for row in backtest_rows(result):
        table.add_row(*row)
    Console().print(table)
    say("\n".join(result_words(result)))
    for note in done.notes:
        say(f"Note: {note}")
