"""Routes for other programs: GPX 1.1 for hand-helds, GeoJSON for maps, CSV for spreadsheets."""

import json
from collections.abc import Iterator
from datetime import datetime

import gpxpy.gpx
import pandas as pd

from planner.allocate.plan import Plan, Route, Stop
from planner.publish.stop_words import END, escort_end, mode_words, what_words
from planner.publish.style import ILLUSTRATIVE, clock
from planner.publish.tables import spreadsheet_csv
from planner.text import readable

ESCORT_END = "escort end"


def routes_gpx(plan: Plan) -> str:
    """Write each team's route as a GPX track, and each stop as a waypoint with its time.

    A waypoint's ``type`` is the stop's kind, and ``escort end`` where an escort ends.
    """
    document = gpxpy.gpx.GPX()
    document.creator = f"planner {plan.version}"
    document.name = readable(f"{plan.estate.name}: {plan.scenario.name}")
    document.description = f"Plan {plan.id}"
    if plan.estate.illustrative:
        document.description += f". {ILLUSTRATIVE}"
    for route in plan.patrols.routes:
        document.tracks.append(_track(route))
        document.waypoints.extend(_waypoints(route))
    return document.to_xml(version="1.1")


def _track(route: Route) -> gpxpy.gpx.GPXTrack:
    track = gpxpy.gpx.GPXTrack(
        name=readable(f"Team {route.team}"),
        description=readable(
            f"{clock(route.starts_at)} to {clock(route.ends_at)}, {route.length_m:.0f} m "
            f"{mode_words(route.mode)}"
        ),
    )
    segment = gpxpy.gpx.GPXTrackSegment()
    segment.points = [gpxpy.gpx.GPXTrackPoint(lat, lon) for lon, lat in route.path]
    track.segments.append(segment)
    return track


def _waypoints(route: Route) -> Iterator[gpxpy.gpx.GPXWaypoint]:
    for number, stop in enumerate(route.stops, start=1):
        yield gpxpy.gpx.GPXWaypoint(
            stop.latitude,
            stop.longitude,
            time=datetime.fromisoformat(stop.arrive),
            name=readable(f"{route.team}{number} {stop.name}"),
            description=readable(
                f"{clock(stop.arrive)} to {clock(stop.leave)}, {what_words(stop)}. {stop.why}"
            ),
            type=stop.kind,
        )
        end = escort_end(stop)
        if end is not None:
            yield gpxpy.gpx.GPXWaypoint(
                end[1],
                end[0],
                time=datetime.fromisoformat(stop.leave),
                name=readable(f"{route.team}{number} {END} {stop.to_name}"),
                description=readable(f"{clock(stop.leave)}: the escort from {stop.name} ends here"),
                type=ESCORT_END,
            )


def routes_geojson(plan: Plan) -> str:
    """Write routes and stops as GeoJSON (RFC 7946): longitude and latitude in WGS 84.

    A team is one LineString with ``team``, ``mode``, ``officers``, ``starts_at``, ``ends_at`` and
    ``length_m``; a team without a way has no geometry. A stop is one Point with ``number``,
    ``team``, ``kind``, ``name``, ``arrive``, ``leave``, ``risk``, ``rank`` and ``why``, and where
    an escort ends. Moments are local, with their offset from UTC.

    Returns
    -------
    str
        A FeatureCollection, with ``plan``, ``estate``, ``illustrative`` and ``shift`` in its
        ``metadata``, a foreign member as the RFC allows.
    """
    features = [feature for route in plan.patrols.routes for feature in _features(route)]
    metadata = {
        "plan": plan.id,
        "version": plan.version,
        "estate": plan.estate.name,
        "illustrative": plan.estate.illustrative,
        "shift": plan.shift.model_dump(),
        "measure": plan.patrols.measure,
    }
    document = {"type": "FeatureCollection", "metadata": metadata, "features": features}
    return json.dumps(document, ensure_ascii=False, allow_nan=False)


def _features(route: Route) -> Iterator[dict[str, object]]:
    properties = route.model_dump(
        include={"team", "mode", "officers", "start", "finish", "starts_at", "ends_at", "length_m"}
    )
    # A line needs two points; a feature may have none.
    line = {"type": "LineString", "coordinates": route.path} if len(route.path) > 1 else None
    yield {"type": "Feature", "geometry": line, "properties": {"feature": "route"} | properties}
    for number, stop in enumerate(route.stops, start=1):
        yield _stop_feature(route, number, stop)


def _stop_feature(route: Route, number: int, stop: Stop) -> dict[str, object]:
    said = stop.model_dump(exclude={"made_of", "longitude", "latitude"})
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": (stop.longitude, stop.latitude)},
        "properties": {"feature": "stop", "team": route.team, "number": number} | said,
    }


def stops_csv(plan: Plan) -> str:
    """Write every stop as a row of CSV, safe for any spreadsheet.

    ``arrive`` and ``leave`` are local moments with their offset from UTC; ``covers`` and
    ``lost_without`` are expected incidents, or what else the plan covers; ``to_place`` is where
    an escort ends.
    """
    rows = [
        _csv_row(route, number, stop)
        for route in plan.patrols.routes
        for number, stop in enumerate(route.stops, start=1)
    ]
    columns = [
        "team", "number", "kind", "place", "to_place", "with_team", "arrive", "leave", "minutes",
        "covers", "rank", "detour_minutes", "lost_without", "why",
    ]  # fmt: skip
    whole = {"number": "Int64", "rank": "Int64"}
    return spreadsheet_csv(pd.DataFrame(rows, columns=columns).astype(whole))


def _csv_row(route: Route, number: int, stop: Stop) -> tuple[object, ...]:
    stay = datetime.fromisoformat(stop.leave) - datetime.fromisoformat(stop.arrive)
    return (
        route.team, number, stop.kind, stop.name, stop.to_name, stop.with_team, stop.arrive,
        stop.leave, round(stay.total_seconds() / 60, 1), stop.risk, stop.rank, stop.detour_minutes,
        stop.lost_without, stop.why,
    )  # fmt: skip
