"""Routes for hand-held devices: GPX 1.1."""

from datetime import datetime

import gpxpy.gpx

from planner.allocate.plan import Plan, Route
from planner.publish.style import ILLUSTRATIVE, clock


def routes_gpx(plan: Plan) -> str:
    """Write each team's route as a GPX track, and each stop as a waypoint with its time."""
    document = gpxpy.gpx.GPX()
    document.creator = f"planner {plan.version}"
    document.name = f"{plan.estate.name}: {plan.scenario.name}"
    document.description = f"Plan {plan.id}"
    if plan.estate.illustrative:
        document.description += f". {ILLUSTRATIVE}"
    for route in plan.patrols.routes:
        document.tracks.append(_track(route))
        document.waypoints.extend(_waypoints(route))
    return document.to_xml(version="1.1")


def _track(route: Route) -> gpxpy.gpx.GPXTrack:
    track = gpxpy.gpx.GPXTrack(
        name=f"Team {route.team}",
        description=f"{clock(route.starts_at)} to {clock(route.ends_at)}, {route.length_m:.0f} m",
    )
    segment = gpxpy.gpx.GPXTrackSegment()
    segment.points = [gpxpy.gpx.GPXTrackPoint(lat, lon) for lon, lat in route.path]
    track.segments.append(segment)
    return track


def _waypoints(route: Route) -> list[gpxpy.gpx.GPXWaypoint]:
    return [
        gpxpy.gpx.GPXWaypoint(
            stop.latitude,
            stop.longitude,
            time=datetime.fromisoformat(stop.arrive),
            name=f"{route.team}{number} {stop.name}",
            description=f"{clock(stop.arrive)} to {clock(stop.leave)}. {stop.why}",
        )
        for number, stop in enumerate(route.stops, start=1)
    ]
