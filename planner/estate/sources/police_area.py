"""The police's incidents in an area, from the API, in the layout of the street files.

As https://data.police.uk/docs describes it: the API answers 503 where an area holds more than
10,000 crimes, 429 beyond 15 requests a second, and refuses a GET request of more than 4,094
characters.
"""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import shapely

from planner.errors import DownloadFailed
from planner.estate.sources.area import read_json
from planner.estate.sources.faults import Declined, TryAgain
from planner.estate.sources.police import StreetFile
from planner.estate.sources.request import Request
from planner.estate.sources.web import Web
from planner.text import readable_column

COLUMNS = [
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location",
    "LSOA code", "LSOA name", "Crime type", "Last outcome category", "Context",
]  # fmt: skip
# The API's names of categories, and the files' names of the same.
CRIME_TYPES = {
    "anti-social-behaviour": "Anti-social behaviour",
    "bicycle-theft": "Bicycle theft",
    "burglary": "Burglary",
    "criminal-damage-arson": "Criminal damage and arson",
    "drugs": "Drugs",
    "other-crime": "Other crime",
    "other-theft": "Other theft",
    "possession-of-weapons": "Possession of weapons",
    "public-order": "Public order",
    "robbery": "Robbery",
    "shoplifting": "Shoplifting",
    "theft-from-the-person": "Theft from the person",
    "vehicle-crime": "Vehicle crime",
    "violent-crime": "Violence and sexual offences",
}
# A quarter of a quarter ...: a square of 20 km comes down to 300 m.
MOST_SPLITS = 6
LONGEST_GET = 3_500
TOO_MANY = 503
_FIELDS = [
    "id", "category", "month", "persistent_id", "context", "location_type", "location.latitude",
    "location.longitude", "location.street.name", "outcome_status.category",
]  # fmt: skip


def area_files(
    web: Web, server: str, area: shapely.Geometry, months: list[str]
) -> Iterator[StreetFile | str]:
    """Ask the API for the incidents of an area, month by month.

    Parameters
    ----------
    web, server, months
        As for :func:`force_files`.
    area
        Polygon in WGS84.

    Yields
    ------
    StreetFile or str
        A file, or the name of a month that is not published.

    Raises
    ------
    DownloadFailed
        If the service didn't answer.
    """
    published = _published(web, server)
    for month in months:
        if month not in published:
            yield month
            continue
        tables = [_crimes(web, server, part, month, 0) for part in shapely.get_parts(area)]
        together = pd.concat(tables, ignore_index=True).drop_duplicates("id")
        yield StreetFile(f"{month}-area-street.csv", _street_csv(together))


def _published(web: Web, server: str) -> set[str]:
    request = Request(
        "the list of published months",
        f"{server.rstrip('/')}/api/crimes-street-dates",
        most_bytes=10_000_000,
        check=_is_list,
    )
    web.cache.forget(request.digest)
    listed = read_json(web.fetch(request))
    return {str(item.get("date")) for item in listed if isinstance(item, dict)}


def _is_list(file: Path) -> None:
    if not isinstance(read_json(file), list):
        raise TryAgain("the answer is JSON, but no list")


def _crimes(web: Web, server: str, part: shapely.Polygon, month: str, depth: int) -> pd.DataFrame:
    """Ask for one polygon, and for its quarters where it holds too many."""
    may_split = depth < MOST_SPLITS
    try:
        answer = web.fetch(_question(server, part, month, may_split))
    except Declined as error:
        if error.status != TOO_MANY or not may_split:
            raise
        quarters = _quarters(part)
        tables = [_crimes(web, server, quarter, month, depth + 1) for quarter in quarters]
        return pd.concat(tables, ignore_index=True)
    return _crime_table(read_json(answer), month)


def _question(server: str, part: shapely.Polygon, month: str, may_split: bool) -> Request:
    corners = shapely.get_coordinates(part.exterior)[:-1]
    outline = ":".join(f"{latitude:.6f},{longitude:.6f}" for longitude, latitude in corners)
    return Request(
        f"the police incidents of {month}",
        f"{server.rstrip('/')}/api/crimes-street/all-crime",
        (("poly", outline), ("date", month)),
        posted=len(outline) > LONGEST_GET,
        most_bytes=100_000_000,
        check=_is_list,
        answers=frozenset({TOO_MANY}) if may_split else frozenset(),
    )


def _quarters(part: shapely.Polygon) -> list[shapely.Polygon]:
    west, south, east, north = part.bounds
    across, up = (west + east) / 2, (south + north) / 2
    boxes = [
        shapely.box(west, south, across, up),
        shapely.box(across, south, east, up),
        shapely.box(west, up, across, north),
        shapely.box(across, up, east, north),
    ]
    pieces = shapely.get_parts(shapely.intersection(shapely.make_valid(part), boxes))
    return [piece for piece in pieces if piece.geom_type == "Polygon"]


def _crime_table(answer: list[object], month: str) -> pd.DataFrame:
    rows = [item for item in answer if isinstance(item, dict)]
    table = pd.json_normalize(rows).reindex(columns=_FIELDS)
    if len(rows) < len(answer) or table[["id", "category", "month"]].isna().any(axis=None):
        raise DownloadFailed(
            f"The police incidents of {month} came in a form that is not known; nothing was "
            "written. Has the service changed?"
        )
    return table


def _street_csv(crimes: pd.DataFrame) -> bytes:
    """Write incidents in the layout of the street files; what the API doesn't say stays empty."""
    text = crimes.astype("str").where(crimes.notna(), "")
    slug, transport = text["category"], text["location_type"] == "BTP"
    plain = slug.str.replace("-", " ").str.capitalize()
    table = pd.DataFrame(
        {
            "Crime ID": text["persistent_id"],
            "Month": text["month"],
            "Reported by": transport.map({True: "British Transport Police", False: ""}),
            "Longitude": text["location.longitude"],
            "Latitude": text["location.latitude"],
            "Location": text["location.street.name"],
            "Crime type": slug.map(CRIME_TYPES).fillna(plain),
            "Last outcome category": text["outcome_status.category"],
            "Context": text["context"],
        }
    )
    table["Falls within"] = table["Reported by"]
    table["LSOA code"] = table["LSOA name"] = ""
    whole = table[COLUMNS].astype("str").apply(readable_column)
    return bytes(whole.to_csv(index=False, lineterminator="\n").encode("utf-8", "replace"))
