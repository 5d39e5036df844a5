"""A small choice of cameras to make cases of: the small estate, with two of its own that stand."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.allocate.camera_plan import deploy_for
from planner.allocate.cameras.deployment import Deployment
from planner.allocate.cameras.study import Study
from planner.allocate.scenario import Scenario, resolve_shift
from planner.estate.cameras import COLUMNS as CAMERA_COLUMNS
from planner.estate.cameras import USUAL
from planner.estate.surroundings import COLUMNS as AROUND_COLUMNS
from planner.insight.risk.forecast import shift_risk
from planner.picture import Picture
from planner.settings import Settings

HOSTILE = "<script>alert(1)</script>${x}`"
POLICE_CRIMES = 40


def cameras(build: Any) -> gpd.GeoDataFrame:
    """Two of the service's own, one by the incidents and one by nothing, and a college's."""
    said = [
        ("Gate", "the service", (55, -38), 0.0, "2020-06-01"),
        ("Far", "the service", (340, 440), 0.0, ""),
        ("Porter", "Alpha College", (-45, 55), 90.0, ""),
    ]
    rows = [
        {**USUAL, "name": name, "controller": controller, "access": "not stated",
         "bearing": bearing, "field_of_view": 90.0, "sensor_px": 1_920.0, "valid_from": first,
         "valid_to": ""}
        for name, controller, _, bearing, first in said
    ]  # fmt: skip
    points = [shapely.Point(build.metres(*place)) for _, _, place, *_ in said]
    table = gpd.GeoDataFrame(pd.DataFrame(rows), geometry=points, crs=build.CRS)
    return table[CAMERA_COLUMNS]


def around(build: Any) -> gpd.GeoDataFrame:
    """A private window by the street, before the camera called Gate."""
    row = {name: "" for name in AROUND_COLUMNS if name != "geometry"}
    row |= {"kind": "private", "name": HOSTILE, "height_m": np.nan}
    window = shapely.Point(build.metres(58, -25))
    return gpd.GeoDataFrame(pd.DataFrame([row]), geometry=[window], crs=build.CRS)


def incidents(build: Any) -> pd.DataFrame:
    """Thefts and three assaults before Gate, damage behind the chapel, and police crimes."""
    rows: list[Mapping[str, Any]] = []
    for number in range(30):
        day = f"2025-{1 + number % 12:02d}-{1 + number % 27:02d}"
        rows.append(_at(build, (56 + number % 3, -20), "bicycle theft", day, "21"))
    rows += [_at(build, (55, -25), "assault", f"2025-0{month}-05", "02") for month in (2, 3, 4)]
    for number in range(25):
        day = f"2025-{1 + number % 12:02d}-{1 + number % 25:02d}"
        rows.append(_at(build, (72 + number % 5, 98), "criminal damage", day, "14"))
    for number in range(POLICE_CRIMES):
        month = f"2025-{1 + number % 12:02d}"
        rows.append(
            _at(build, (56, -20), "burglary", f"{month}-01", "00")
            | {"source": "police", "anonymised": True, "time_known": "month"}
        )
    return build.located(rows)


def _at(
    build: Any, place: tuple[float, float], category: str, day: str, hour: str
) -> dict[str, Any]:
    x, y = build.metres(*place)
    return {
        "x": x, "y": y, "category": category, "occurred_from": f"{day}T{hour}:00",
        "occurred_to": f"{day}T{hour}:30", "zone": "alpha-college",
    }  # fmt: skip


def picture(build: Any, **changes: Any) -> Picture:
    """The picture of the small estate with those cameras and incidents."""
    estate = build.estate(cameras=cameras(build), surroundings=around(build))
    periods = pd.concat(
        [
            build.periods(("2025-01-01", "2026-01-01"), source=source)
            for source in ("control room", "police")
        ],
        ignore_index=True,
    )
    settings = Settings(crs=build.CRS, name=HOSTILE, illustrative=True)
    return replace(Picture(settings, estate, incidents(build), periods.assign(area="")), **changes)


def deployment(build: Any, seen: Picture | None = None, **wanted: Any) -> Deployment:
    """The choice of a scenario's cameras, one new one if nothing else is asked."""
    whole = seen or picture(build)
    scenario = Scenario.model_validate({"cameras": {"new": 1, **wanted}})
    shift = resolve_shift(scenario.shift, whole.settings, whole.as_of)
    return deploy_for(Study(whole, shift_risk(whole.expectation, shift)), scenario)
