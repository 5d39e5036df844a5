"""Where teams are now: a small CSV or JSON table of team, longitude and latitude."""

import math
from pathlib import Path

import pandas as pd

from planner.errors import RefusedFile, ScenarioError, UnknownFormat, UnreadableFile
from planner.incidents.files.rows import read_rows

LARGEST_FILE = 1 << 20
TEAM, LONGITUDE, LATITUDE = "team", "longitude", "latitude"
COLUMNS = (TEAM, LONGITUDE, LATITUDE)
FORM = "give a header team,longitude,latitude and a row for each team, or JSON records of the same"


def read_positions(path: Path) -> dict[str, tuple[float, float]]:
    """Read where teams are.

    Parameters
    ----------
    path
        CSV with any separator, XLSX, or JSON; other columns are left alone.

    Returns
    -------
    dict of str to tuple
        Longitude and latitude in degrees, by team.

    Raises
    ------
    UnreadableFile
        If the file can't be read.
    RefusedFile
        If it is larger than 1 MiB, or dangerous to open.
    UnknownFormat
        If it is no such table.
    ScenarioError
        If a value is wrong; the message names row and column.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be read ({error.strerror}).") from error
    if size > LARGEST_FILE:
        raise RefusedFile(f"{path}: is larger than 1 MiB, and positions of teams are not; {FORM}.")
    try:
        rows = read_rows(path)
    except UnknownFormat as error:
        raise UnknownFormat(f"{path}: is no table of positions; {FORM}.") from error
    if rows.broken:
        number, reason, _ = rows.broken[0]
        raise ScenarioError(f"{path}: row {number}: {reason}; correct it.")
    names = {name.casefold(): name for name in rows.header}
    missing = [column for column in COLUMNS if column not in names]
    if missing:
        raise UnknownFormat(f"{path}: has no column '{missing[0]}'; {FORM}.")
    return _positions(path, rows.table[[names[column] for column in COLUMNS]])


def _positions(path: Path, table: pd.DataFrame) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    for number, team, longitude, latitude in table.itertuples(name=None):
        where = f"{path}: row {number}"
        if not team:
            raise ScenarioError(f"{where}, {TEAM}: is empty; give the team's name or letter.")
        if team in found:
            raise ScenarioError(f"{where}, {TEAM}: '{team[:40]}' stands twice; keep one row.")
        found[team] = (
            degrees(longitude, 180, f"{where}, {LONGITUDE}"),
            degrees(latitude, 90, f"{where}, {LATITUDE}"),
        )
    return found


def degrees(text: str, most: float, where: str) -> float:
    """Read longitude or latitude: a number from -most to most.

    Raises
    ------
    ScenarioError
        If it is none.
    """
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not -most <= value <= most:
        raise ScenarioError(
            f"{where}: '{text[:40]}' is no number of degrees from -{most:g} to {most:g}; correct "
            "it."
        )
    return value


def written_position(text: str, where: str) -> tuple[float, float] | None:
    """Read ``longitude, latitude``; None where a text is no two numbers.

    Raises
    ------
    ScenarioError
        If they are numbers, and not of degrees.
    """
    parts = [part.strip() for part in text.split(",")]
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return None
    if len(numbers) != 2:
        return None
    return degrees(parts[0], 180, where), degrees(parts[1], 90, where)
