"""The command that says what is expected where."""

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from planner.cli.program import AsJson, Workspace, app, say, show, working

SHOWN = 20


@app.command()
def forecast(
    workspace: Workspace = None,
    category: Annotated[str | None, typer.Option(help="Forecast one category only.")] = None,
    harm: Annotated[
        bool, typer.Option("--harm", help="Forecast harm, not the number of incidents.")
    ] = False,
    shift: Annotated[
        str | None, typer.Option(help="A shift of the settings; the next one if not given.")
    ] = None,
    date: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day on which the shift starts.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Forecast from what was known by then: YYYY-MM-DD[THH:MM].")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what is expected of each zone in a shift, and how far that can be off."""
    from planner.service.forecasting import ForecastWish, forecast_workspace
    from planner.service.planning import stated_moment
    from planner.service.workspace import workspace_folder
    from planner.ui.forecast_words import forecast_document

    folder = workspace_folder(workspace)
    moment = stated_moment(folder, as_of) if as_of else None
    wish = ForecastWish(shift, date.date() if date else None, category, harm)
    with working("Forecasting the shift"):
        found = forecast_workspace(folder, wish, moment)
    show(as_json, forecast_document(found), lambda: _tell(found))


def _tell(found: Any) -> None:
    from planner.ui.forecast_words import (
        forecast_rows,
        forecast_words,
        made_of_lines,
        standing_lines,
    )

    say("\n".join(forecast_words(found)))
    table = Table("rank", "zone", "expected", "4 in 5", "19 in 20", "recorded")
    for row in forecast_rows(found)[:SHOWN]:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
    left = len(found.risk.zones) - SHOWN
    if left > 0:
        say(f"... and {left:,} more zones (--json lists all).")
    say("What the busiest are made of:")
    say("\n".join(made_of_lines(found)))
    say("\n".join(standing_lines(found)))
