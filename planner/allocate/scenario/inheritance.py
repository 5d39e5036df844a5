"""Scenarios that inherit: a file names another and says only what differs.

::

    inherits = "tonight.toml"      # beside this file, or the name of a built-in scenario
    name = "Five more cameras"
    [cameras]
    new = 5

Tables are merged key by key; a list, such as ``[[teams]]``, replaces the list of the other.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from planner.errors import ScenarioError, SettingsError
from planner.settings import read_toml

INHERITS = "inherits"
DEEPEST = 20

Content = dict[str, Any]
# Asked only where something inherits: what is built in follows from a workspace's records.
BuiltIn = Callable[[], Mapping[str, Content]]


def none_built_in() -> Mapping[str, Content]:
    """Return no built-in scenario."""
    return {}


def with_inherited(
    content: Content,
    folder: Path,
    built_in: BuiltIn,
    where: str,
    seen: tuple[str, ...] = (),
) -> Content:
    """Return the content of a scenario with what it inherits.

    Parameters
    ----------
    content
        As a file has it.
    folder
        Where the files are that it names.
    built_in
        Returns the scenarios that can be inherited by name.
    where
        What the file is called, for messages.
    seen
        Those that led here.

    Raises
    ------
    ScenarioError
        If a scenario inherits from itself, what it inherits is missing, or the chain is longer
        than 20.
    UnreadableFile
        If a file can't be read.
    """
    if INHERITS not in content:
        return content
    known = built_in()
    own = {key: value for key, value in content.items() if key != INHERITS}
    wanted = content[INHERITS]
    if not isinstance(wanted, str) or not wanted.strip():
        raise ScenarioError(
            f"{where}: inherits: name one other scenario: a TOML file beside this one, or "
            f"{_listed(known)}."
        )
    chain = (*seen, where)
    name, other, beside = _other(wanted, folder, known, where)
    if name in chain:
        way = " -> ".join(Path(each).name for each in (*chain[chain.index(name) :], name))
        raise ScenarioError(
            f"{Path(where).name}: inherits: the scenario inherits from itself ({way}); take "
            "'inherits' out of one of them."
        )
    if len(chain) >= DEEPEST:
        raise ScenarioError(f"{where}: inherits: the chain is longer than {DEEPEST} scenarios.")
    return merged(with_inherited(other, beside, built_in, name, chain), own)


def _other(
    wanted: str, folder: Path, built_in: Mapping[str, Content], where: str
) -> tuple[str, Content, Path]:
    """Return the inherited scenario's name, its content, and where its own files are."""
    file = folder / wanted
    if wanted in built_in and not file.is_file():
        return wanted, dict(built_in[wanted]), folder
    if not file.is_file():
        raise ScenarioError(
            f"{where}: inherits: there is no scenario '{wanted}', neither as a file beside it nor "
            f"built in; built in are {_listed(built_in)}."
        )
    try:
        return str(file.resolve()), read_toml(file), file.parent
    except SettingsError as error:
        raise ScenarioError(f"{where}: inherits: {error}") from error


def _listed(built_in: Mapping[str, Content]) -> str:
    return ", ".join(f"'{name}'" for name in built_in) or "none"


def merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> Content:
    """Return a table with what differs laid over it; tables within it are merged alike."""
    result = dict(base)
    for key, value in own.items():
        other = result.get(key)
        if isinstance(value, Mapping) and isinstance(other, Mapping):
            result[key] = merged(other, value)
        else:
            result[key] = value
    return result
