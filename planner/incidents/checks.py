"""Checks that every source shares: the reasons for a rejection, and coordinates."""

import numpy as np
import pandas as pd
from pyproj import CRS

from planner.geo import to_degrees, to_metric
from planner.incidents.source_profiles import SourceProfile
from planner.text import readable_column

SHOWN = 30
# Two places this far apart are not of one estate.
FAR_M = 20_000.0


class Reasons:
    """Collects the first reason for which each row is rejected."""

    def __init__(self, index: pd.Index):
        self._fine = pd.Series(True, index=index)
        self._found = [pd.Series([], dtype="str", index=index[:0])]

    def add(
        self, wrong: pd.Series, before: str, shown: pd.Series | None = None, after: str = ""
    ) -> None:
        """Give the rows marked True a reason, unless they have one.

        Parameters
        ----------
        wrong
            Booleans, shape (n,).
        before, shown, after
            The reason: words, the text of the row that they are about, words.
        """
        fresh = wrong & self._fine
        if not fresh.any():
            return
        self._fine &= ~fresh
        if shown is None:
            self._found.append(pd.Series(before, index=fresh.index[fresh], dtype="str"))
        else:
            text = readable_column(shown[fresh].str.slice(0, SHOWN))
            self._found.append(before + text + after)

    @property
    def accepted(self) -> pd.Series:
        """Rows without a reason, as booleans."""
        return self._fine

    @property
    def rejected(self) -> pd.Series:
        """Reason by row number, of the rows that have one."""
        return pd.concat(self._found).sort_index()


def column_of(table: pd.DataFrame, name: str) -> pd.Series:
    """Return a column of text; an empty one where the file does not have it."""
    if name in table.columns:
        return table[name]
    return pd.Series("", index=table.index, dtype="str")


def coordinates(
    table: pd.DataFrame,
    profile: SourceProfile,
    reasons: Reasons,
    about: tuple[float, float] | None = None,
) -> pd.DataFrame:
    """Read coordinates; rows without any, or with 0 and 0, have NaN.

    Parameters
    ----------
    about
        Longitude and latitude of the middle of the estate; tells an easting from a northing.

    Returns
    -------
    pandas.DataFrame
        Columns ``longitude`` and ``latitude``, degrees in WGS84.
    """
    columns = profile.columns
    if columns.easting:
        return _from_grid(table, profile, reasons, about)
    if columns.point:
        points = _from_one_column(table, columns.point, reasons)
    else:
        points = _numbers(
            table, {"longitude": columns.longitude, "latitude": columns.latitude}, reasons
        )
    for name, limit in (("longitude", 180), ("latitude", 90)):
        column = columns.point or getattr(columns, name)
        over = points[name].abs() > limit
        reasons.add(over, f"{column}: {limit} is exceeded by ", column_of(table, column))
    return points if profile.crs == "EPSG:4326" else _to_wgs84(points, profile.crs)


def _numbers(table: pd.DataFrame, columns: dict[str, str], reasons: Reasons) -> pd.DataFrame:
    """Read a pair of columns; NaN where both are empty or 0."""
    texts = {name: column_of(table, column) for name, column in columns.items()}
    none = np.logical_and.reduce([text == "" for text in texts.values()])
    read = {}
    for name, text in texts.items():
        number = pd.to_numeric(text, errors="coerce").astype("float64")
        wrong = ~none & ~np.isfinite(number)
        reasons.add(wrong, f"{columns[name]}: '", text, "' is not a number")
        read[name] = number
    points = pd.DataFrame(read, index=table.index)
    return points.mask((points == 0).all(axis=1))


def _from_one_column(table: pd.DataFrame, column: str, reasons: Reasons) -> pd.DataFrame:
    text = column_of(table, column)
    halves = text.str.extract(r"^\s*([^,]*?)\s*,\s*([^,]*?)\s*$")
    numbers = halves.apply(pd.to_numeric, errors="coerce").astype("float64")
    wrong = (text != "") & ~np.isfinite(numbers).all(axis=1)
    reasons.add(wrong, f"{column}: '", text, "' is not 'latitude,longitude'")
    points = pd.DataFrame({"longitude": numbers[1], "latitude": numbers[0]})
    return points.mask((points == 0).all(axis=1))


def _from_grid(
    table: pd.DataFrame,
    profile: SourceProfile,
    reasons: Reasons,
    about: tuple[float, float] | None,
) -> pd.DataFrame:
    easting, northing = profile.columns.easting, profile.columns.northing
    grid = _numbers(table, {"x": easting, "y": northing}, reasons)
    both = column_of(table, easting) + ", " + column_of(table, northing)
    names = f"{easting} and {northing}"
    degrees = (grid["x"].abs() <= 180) & (grid["y"].abs() <= 90)
    reasons.add(
        degrees, f"{names}: ", both, " look like degrees; give metres, or name the columns "
        "longitude and latitude in the profile",
    )  # fmt: skip
    swapped = _changed_places(grid[~degrees], profile.crs, about).reindex(
        grid.index, fill_value=False
    )
    turned = column_of(table, northing) + ", " + column_of(table, easting)
    reasons.add(
        swapped, f"{names}: have probably changed places; check whether it should be ", turned
    )
    points = _to_wgs84(grid, profile.crs)
    outside = grid["x"].notna() & ~_within(points, profile.crs)
    reasons.add(outside, f"{names}: ", both, f" lies outside the area of {profile.crs}")
    return points


def _changed_places(grid: pd.DataFrame, crs: str, about: tuple[float, float] | None) -> pd.Series:
    """Find points far from the middle that lie ten times nearer when turned.

    Without a stated middle that of the points is taken: it shows rows that are unlike the others.
    """
    if about is None:
        middle = grid.median().to_numpy()
    else:
        middle = to_metric(np.array([about[0]]), np.array([about[1]]), crs)[0]
    there, turned = grid.to_numpy() - middle, grid[["y", "x"]].to_numpy() - middle
    away = np.hypot(there[:, 0], there[:, 1])
    return pd.Series(
        (away > FAR_M) & (np.hypot(turned[:, 0], turned[:, 1]) < away / 10), index=grid.index
    )


def _to_wgs84(points: pd.DataFrame, crs: str) -> pd.DataFrame:
    degrees = to_degrees(points.to_numpy(float), crs)
    read = pd.DataFrame(degrees, index=points.index, columns=["longitude", "latitude"])
    return read.where(np.isfinite(read).all(axis=1))


def _within(points: pd.DataFrame, crs: str) -> pd.Series:
    area = CRS.from_user_input(crs).area_of_use
    if area is None:
        return points["longitude"].notna()
    return points["longitude"].between(area.west, area.east) & points["latitude"].between(
        area.south, area.north
    )
