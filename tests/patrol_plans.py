"""Plans of invented places with stops of every kind, made by hand: nothing is solved."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.allocate.plan import (
    Baseline,
    Baselines,
    CamerasPlan,
    EstateNote,
    PatrolsPlan,
    PictureNote,
    Plan,
    RiskNote,
    Route,
    ShiftNote,
    Stop,
    StopKind,
)
from planner.allocate.scenario import Scenario, scenario_from
from planner.estate.model import Estate
from planner.estate.streets import network
from planner.geo import to_degrees
from planner.picture import Picture
from planner.settings import Settings

CRS = "EPSG:32630"
MIDDLE = (620_400.0, 5_735_200.0)
STARTS = datetime.fromisoformat("2026-11-27T22:00:00+00:00")
WHY = (
    "2nd highest risk of 90 zones: 0.041 incidents expected this shift, mostly its own records; "
    "31 recorded in 730 days, most often bicycle theft; busiest about 23:00."
)


def degrees(east: float, north: float) -> tuple[float, float]:
    """Longitude and latitude of a place, in metres from the middle of the estate."""
    point = np.array([[MIDDLE[0] + east, MIDDLE[1] + north]])
    longitude, latitude = np.round(to_degrees(point, CRS)[0], 6).tolist()
    return longitude, latitude


def at(minutes: float) -> str:
    return (STARTS + timedelta(minutes=minutes)).isoformat(timespec="seconds")


def stop(
    kind: StopKind = "visit", east: float = 0.0, north: float = 0.0, minutes: float = 10.0,
    **more: object,
) -> Stop:  # fmt: skip
    longitude, latitude = degrees(east, north)
    given: dict[str, object] = {
        "zone": "z1" if kind in ("visit", "must-visit") else "", "name": "Elm Court",
        "longitude": longitude, "latitude": latitude, "arrive": at(minutes),
        "leave": at(minutes + 10), "risk": 0.041 if kind == "visit" else 0.0, "kind": kind,
        "why": WHY,
    }  # fmt: skip
    return Stop.model_validate(given | more)


def every_kind() -> tuple[Stop, ...]:
    """A visit, a visit that must be made, an escort with another team, a meal and a call."""
    longitude, latitude = degrees(200, 260)
    return (
        stop("visit", -150, 60, 10, rank=1, detour_minutes=12.4, lost_without=0.03),
        stop("visit", -40, 180, 30, name="Ash Yard", rank=2, detour_minutes=4.0),
        stop("must-visit", 60, 120, 50, name="Oak Hall"),
        stop(
            "duty", 140, 40, 70, name="Lime Library", why="Escort: bring the float to Oak Hall.",
            to_name="Oak Hall", to_longitude=longitude, to_latitude=latitude, with_team="B",
        ),
        stop("meal", 0, 0, 100, name="Home Post", why="Meal break of 30 minutes."),
        stop("call", -90, -80, 150, name="Elm Lodge", why="Call at 00:20: alarm."),
    )  # fmt: skip


def route(stops: Sequence[Stop] = (), team: str = "A", **more: object) -> Route:
    points = [(stop.longitude, stop.latitude) for stop in stops]
    home = degrees(0, 0)
    given: dict[str, object] = {
        "team": team, "start": "Home Post", "finish": "Home Post", "starts_at": at(0),
        "ends_at": at(400), "length_m": 3_450.0, "stops": tuple(stops),
        "path": (home, *points, home), "check_ins": (at(60), at(120), at(180)),
    }  # fmt: skip
    return Route.model_validate(given | more)


def many_stops(count: int, why: str = WHY, name: str = "Long Named Court and Lodge") -> list[Stop]:
    """Visits on a spiral, ranked as visits of one gap."""
    turns = np.linspace(0, 4 * np.pi, count)
    far = np.linspace(60, 420, count)
    return [
        stop(
            "visit", float(out * np.cos(turn)), float(out * np.sin(turn)), 10 + 12 * number,
            name=f"{name} {number + 1}", why=why, rank=number + 1, detour_minutes=3.0,
        )
        for number, (turn, out) in enumerate(zip(turns, far, strict=True))
    ]  # fmt: skip


def plan(
    routes: Sequence[Route] = (), name: str = "Oxbridge", illustrative: bool = False,
    scenario: Scenario | None = None, relaxed: Sequence[str] = (), changes: Sequence[str] = (),
    measure: str = "incidents",
) -> Plan:  # fmt: skip
    nothing = Baseline(
        risk_covered=0, gap=1, risk_low=0, risk_high=0, cameras_covered=0, cameras_gap=1
    )
    return Plan(
        id="abc123", version="9.9", scenario=scenario or scenario_from({}),
        estate=EstateNote(name=name, time_zone="Europe/London", illustrative=illustrative),
        picture=PictureNote(as_of="2026-10-01T00:00:00+01:00", fingerprint="f" * 64),
        shift=ShiftNote(name="night", starts_at=at(0), ends_at=at(480), day="week 7 of term"),
        patrols=PatrolsPlan(
            routes=tuple(routes), risk_covered=0.1, bound=0.2, gap=0.5, stopped_by="",
            relaxed=tuple(relaxed), changes=tuple(changes), measure=measure,
        ),
        cameras=CamerasPlan(chosen=(), covered=0, bound=1, gap=1, standing=0, stopped_by=""),
        baselines=Baselines(none=nothing, random=nothing), hotspots=(),
        risk=RiskNote(
            expected=1, low=0, high=2, low_95=0, high_95=3, standings=(), covered_days=730,
            timed=True, zones=(),
        ),
        warnings=(),
    )  # fmt: skip


def picture(names: Sequence[str] = ("Elm Court", "Oak Hall"), streets: bool = True) -> Picture:
    """An estate of square sites and a grid of streets, without incidents."""
    x, y = MIDDLE
    steps = np.linspace(-250, 250, len(names))
    squares = [shapely.box(x + s - 35, y + s / 3 - 35, x + s + 35, y + s / 3 + 35) for s in steps]
    sites = gpd.GeoDataFrame(
        {
            "site": [f"s{n}" for n in range(len(names))], "name": list(names), "kind": "college",
            "aliases": "[]", "controller": "", "access": "own",
        },
        geometry=squares, crs=CRS,
    )  # fmt: skip
    buildings = gpd.GeoDataFrame(
        {
            "building": ["b0"], "site": ["s0"], "name": ["Yard"], "kind": "college",
            "controller": "", "access": "own",
        },
        geometry=[shapely.buffer(squares[0].centroid, 15)], crs=CRS,
    )  # fmt: skip
    grid = np.linspace(-300, 300, 5)
    ways = [shapely.LineString([(x - 300, y + g), (x + 300, y + g)]) for g in grid]
    ways += [shapely.LineString([(x + g, y - 300), (x + g, y + 300)]) for g in grid]
    lines = gpd.GeoDataFrame(
        {"name": [f"Tree Street {n}" for n in range(10)], "highway": "residential"},
        geometry=ways, crs=CRS,
    )  # fmt: skip
    zones = sites[["site", "name", "geometry"]].rename(columns={"site": "zone"})
    cameras = gpd.GeoDataFrame(
        {"name": [], "controller": [], "access": [], "range_m": []}, geometry=[], crs=CRS
    )
    estate = Estate(CRS, sites, buildings, network(lines) if streets else None, zones, cameras)
    return Picture(Settings(crs=CRS), estate, pd.DataFrame(), pd.DataFrame())
