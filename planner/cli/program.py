"""The program: how it starts, fails and shows; what its commands share."""

import io
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from planner import __version__
from planner.errors import PlannerError
from planner.text import readable

app = typer.Typer(
    help="Intelligence-led deployment: from incident records to patrols and cameras.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Workspace = Annotated[
    Path | None,
    typer.Option("-w", "--workspace", help="The workspace folder (or set PLANNER_WORKSPACE)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def main() -> None:
    """Run the command line; what a user can mend ends in one line and exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app()
    except PlannerError as error:
        words = readable(f"Error: {error}")
        Console(stderr=True, soft_wrap=True).print(words, markup=False, highlight=False)
        sys.exit(1)


def say(text: str) -> None:
    """Print one or more lines for a person."""
    Console(soft_wrap=True).print(text, markup=False, highlight=False)


def show(as_json: bool, document: dict[str, Any], words: Callable[[], None]) -> None:
    """Print a result as one JSON document, or in words."""
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n")
    else:
        words()


def working(text: str) -> Any:
    """Show on stderr that something is going on; nothing where stderr is no terminal."""
    return Console(stderr=True).status(text)


def not_together(given: Mapping[str, object]) -> None:
    """Refuse options that ask for different things, as a fault of usage."""
    names = [name for name, value in given.items() if value is not None]
    if len(names) > 1:
        raise typer.BadParameter(f"{' and '.join(names)} can't be given together.")


def _version(asked: bool) -> None:
    if asked:
        say(f"planner {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""
