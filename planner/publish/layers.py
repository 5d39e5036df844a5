"""What the web map shows, as layers of GeoJSON: shapes, their styles and their words.

Every text from data passes :func:`planner.publish.style.in_map` on its way in. Shapes that say
nothing of their own (buildings, streets) are one feature each layer, which draws in one go.
"""

import numpy as np
import shapely

from planner.allocate.plan import (
    HotspotNote,
    PatrolsPlan,
    Plan,
    RiskNote,
    Route,
    Stop,
    StopKind,
)
from planner.geo import to_degrees
from planner.picture import Picture
from planner.publish import style
from planner.publish.camera_layers import camera_layers
from planner.publish.features import (
    MapLayer,
    Style,
    area_style,
    chip,
    collection,
    feature,
    line_style,
)
from planner.publish.risk_view import RiskView, risk_ranks, risk_view
from planner.publish.risk_words import Wording, number, zone_tip
from planner.publish.stop_words import (
    END,
    KIND_MARKS,
    crew_words,
    escort_end,
    mode_words,
    what_words,
)
from planner.publish.style import in_map
from planner.publish.walked_streets import walked_streets

HATCH = "risk-hatch"
RISK_OPACITY = 0.7
MOST_SHOWN = 0.9
WIDEST, NARROWEST = 5.5, 3.0
MAJOR = ("motorway", "trunk", "primary", "secondary", "tertiary")
WALKS = ("footway", "path", "steps", "cycleway", "pedestrian", "track", "corridor", "bridleway")


def ground_layers(picture: Picture) -> list[MapLayer]:
    """Draw what stays the same from plan to plan: sites, buildings and streets."""
    estate = picture.estate
    sites = _merged(estate.sites.geometry.to_numpy(), shapely.multipolygons)
    buildings = _merged(estate.buildings.geometry.to_numpy(), shapely.multipolygons)
    shapes = [
        feature(sites, estate.crs, style=area_style(style.SITE_LINE, "#efe9dc", weight=1.0)),
        feature(buildings, estate.crs, style=area_style(style.BUILDING_LINE, style.BUILDING, 0.6)),
    ]
    ground = MapLayer("Sites and buildings", "ground", collection(shapes))
    if estate.streets is None:
        return [ground]
    return [ground, MapLayer("Streets", "ground", collection(_street_features(picture)))]


def plan_layers(picture: Picture, plan: Plan) -> list[MapLayer]:
    """Draw what a plan says: risk, cameras, hotspots, and a layer for each team."""
    wording = Wording()
    layers = [risk_layer(picture, plan.risk, risk_view(plan.risk, wording), wording)]
    layers += camera_layers(picture, plan)
    if plan.hotspots:
        layers.append(MapLayer("Hotspots", "hotspots", collection(_hotspot_features(plan))))
    routes = plan.patrols.routes
    if routes:
        layers.append(MapLayer("Start and finish", "routes", collection(_post_features(routes))))
    return layers + [
        MapLayer(
            f"Team {in_map(route.team)}",
            "routes",
            collection(_route_features(route, number, plan.patrols)),
        )
        for number, route in enumerate(routes)
    ]


def view_of(picture: Picture, plan: Plan) -> list[list[float]]:
    """Return the south-west and north-east corners (latitude, longitude) to show first.

    All routes are in it. Cameras and hotspots widen it where they are near the routes: one far
    hospital would make the rest too small to read.
    """
    others = [np.asarray(spot.area, dtype=float) for spot in plan.hotspots if spot.area]
    others += [np.array([[camera.longitude, camera.latitude]]) for camera in plan.cameras.chosen]
    core = np.array(_places_of(plan.patrols.routes), dtype=float)
    if not len(core):
        middles = shapely.centroid(picture.estate.sites.geometry.to_numpy())
        core = to_degrees(shapely.get_coordinates(middles), picture.estate.crs)
    low, high = core.min(axis=0), core.max(axis=0)
    reach = 0.1 * (high - low)
    close = [
        points
        for points in others
        if ((points.mean(axis=0) >= low - reach) & (points.mean(axis=0) <= high + reach)).all()
    ]
    every = np.vstack([core, *close])
    (west, south), (east, north) = every.min(axis=0), every.max(axis=0)
    return [[float(south), float(west)], [float(north), float(east)]]


def _places_of(routes: tuple[Route, ...]) -> list[tuple[float, float]]:
    """List where routes go, longitude and latitude: their ways, and where escorts end."""
    ends = [escort_end(stop) for route in routes for stop in route.stops]
    ways = [point for route in routes for point in route.path]
    return ways + [end for end in ends if end is not None]


def _merged(shapes: np.ndarray, kind: np.ufunc) -> shapely.Geometry:
    parts = shapely.get_parts(shapes)
    wanted = 3 if kind is shapely.multipolygons else 1
    return kind(parts[shapely.get_type_id(parts) == wanted])


def _street_features(picture: Picture) -> list[str]:
    streets = picture.estate.streets
    if streets is None:
        return []
    highway = streets.lines["highway"].astype(str).str.removesuffix("_link")
    shapes = streets.lines.geometry.to_numpy()
    major, walk = highway.isin(MAJOR).to_numpy(), highway.isin(WALKS).to_numpy()
    classes = ((walk, 1.6), (~major & ~walk, 4.0), (major, 6.0))
    drawn = [
        (colour, width + edge, shapes[rows])
        for colour, edge in ((style.STREET_EDGE, 1.4), (style.STREET, 0.0))
        for rows, width in classes
        if rows.any()
    ]
    return [
        feature(
            _merged(lines, shapely.multilinestrings),
            picture.estate.crs,
            style=line_style(colour, width, interactive=False),
        )
        for colour, width, lines in drawn
    ]


def risk_layer(picture: Picture, risk: RiskNote, view: RiskView, wording: Wording) -> MapLayer:
    """Draw zones in classes, each with its forecast in words.

    Parameters
    ----------
    risk
        Of all the estate's zones.
    view
        Their classes.
    wording
        What the forecast counts, and over what span.
    """
    columns = zip(picture.estate.catchments, risk.zones, view.levels, risk_ranks(risk), strict=True)
    features = [
        feature(
            area,
            picture.estate.crs,
            style=_zone_style(int(level)),
            tip=zone_tip(zone, int(rank), len(risk.zones), wording),
        )
        for area, zone, level, rank in columns
    ]
    return MapLayer("Risk by zone", "risk", collection(features))


def risk_bounds(picture: Picture, risk: RiskNote) -> list[list[float]]:
    """Return the south-west and north-east corners (latitude, longitude) of where most is expected.

    Zones that together hold nine tenths of it are wholly in it: far ones would make the rest too
    small to read.
    """
    expected = np.array([zone.expected for zone in risk.zones])
    order = np.argsort(-expected, kind="stable")
    before = np.cumsum(expected[order]) - expected[order]
    chosen = order[before < MOST_SHOWN * expected.sum()] if expected.sum() > 0 else order
    boxes = shapely.bounds(np.asarray(picture.estate.catchments, dtype=object)[chosen])
    corners = np.vstack([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])
    (west, south), (east, north) = to_degrees(corners, picture.estate.crs)
    return [[float(south), float(west)], [float(north), float(east)]]


def _zone_style(level: int) -> Style:
    top = level == len(style.RISK_COLOURS) - 1
    fill = f"url(#{HATCH})" if top else style.RISK_COLOURS[level]
    return {
        "color": "#ffffff", "weight": 0.8, "opacity": 0.7,
        "fillColor": fill, "fillOpacity": RISK_OPACITY,
    }  # fmt: skip


def _hotspot_features(plan: Plan) -> list[str]:
    features = []
    for spot in plan.hotspots:
        tip = hotspot_words(spot)
        outline = (
            line_style(style.HOTSPOT, 2.2)
            if spot.more_than_chance
            else line_style(style.HOTSPOT_DOUBTFUL, 1.6, dashArray="5 4")
        )
        features.append(feature(shapely.Polygon(spot.area), None, style=outline, tip=tip))
        top = shapely.Point(max(spot.area, key=lambda point: point[1]))
        features.append(feature(top, None, label=chip("hotspot", str(spot.rank)), tip=tip))
    return features


def hotspot_words(spot: HotspotNote) -> str:
    """Say in a map what a hotspot is."""
    often = style.category_words([(item.name, item.count) for item in spot.categories])
    lines = [
        f"<b>Hotspot {spot.rank}: {in_map(spot.name)}</b>",
        f"{spot.count:,} incidents in the latest period, "
        f"{style.change_words(spot.change)} on the one before; "
        f"{style.trend_words(spot.trend, spot.trend_q)}",
        f"{style.chance_words(spot.q).capitalize()}: its area would hold "
        f"{style.number_words(spot.expected)} were risk the same everywhere",
        f"Most often {in_map(often)}" if often else "",
        f"Busiest {in_map(spot.peak_hours)}" if spot.peak_hours else "",
    ]
    return "<br>".join(in_tip for in_tip in lines if in_tip)


def _post_features(routes: tuple[Route, ...]) -> list[str]:
    ends = {route.path[0]: route.start for route in routes if route.path}
    ends |= {route.path[-1]: route.finish for route in routes if route.path}
    return [
        feature(
            shapely.Point(place),
            None,
            label=chip("post", "Post"),
            tip=f"<b>{in_map(name)}</b><br>Where teams start or finish",
        )
        for place, name in ends.items()
    ]


def _route_features(route: Route, place: int, patrols: PatrolsPlan) -> list[str]:
    look = style.team_style(place)
    # Earlier teams have wider lines and white edges lie below all lines, so that where streets
    # are shared each team still shows.
    width = WIDEST - (WIDEST - NARROWEST) * place / max(len(patrols.routes) - 1, 1)
    dashes = " ".join(f"{width * part:.1f}" for part in look.dashes)
    tip = (
        f"<b>Team {in_map(route.team)}</b>, {style.clock(route.starts_at)} to "
        f"{style.clock(route.ends_at)}<br>{len(route.stops)} stops, "
        f"{route.length_m / 1000:.1f} km {in_map(mode_words(route.mode))}, "
        f"{crew_words(route.officers)}"
    )
    path = walked_streets(route)
    lines = [
        feature(
            path, None, style=line_style("#ffffff", width + 3.0, pane="casings", interactive=False)
        ),
        feature(
            path, None, style=line_style(look.colour, width, dashArray=dashes or "none"), tip=tip
        ),
    ]
    return ([] if path.is_empty else lines) + _stop_features(route, look.colour, patrols.measure)


def _stop_features(route: Route, colour: str, measure: str) -> list[str]:
    """Label each place of a route with the numbers of its stops, ``A3`` or ``A3·8``.

    Stops of one kind share a label at one place; each kind has a shape and a mark of its own.
    """
    shared: dict[tuple[float, float, StopKind], list[tuple[int, Stop]]] = {}
    for count, stop in enumerate(route.stops, start=1):
        shared.setdefault((stop.longitude, stop.latitude, stop.kind), []).append((count, stop))
    team = in_map(route.team)
    features = [
        feature(
            shapely.Point(longitude, latitude),
            None,
            label=_stop_chip(team, kind, [count for count, _ in stops], colour),
            tip=f"<b>{in_map(stops[0][1].name)}</b>" + "".join(_stay(team, *s) for s in stops),
            popup=_stop_words(team, stops, measure),
        )
        for (longitude, latitude, kind), stops in shared.items()
    ]
    return features + _end_features(route, team)


def _stop_chip(team: str, kind: StopKind, counts: list[int], colour: str) -> str:
    mark = f" {KIND_MARKS[kind]}" if KIND_MARKS[kind] else ""
    numbers = "·<wbr>".join(str(count) for count in counts)
    return chip(f"stop {kind}", f"{team}{numbers}{mark}", colour)


def _end_features(route: Route, team: str) -> list[str]:
    """Label where escorts end: ``A4 end``."""
    ends = [
        (count, stop, end)
        for count, stop in enumerate(route.stops, start=1)
        if (end := escort_end(stop)) is not None
    ]
    return [
        feature(
            shapely.Point(end),
            None,
            label=chip("stop end", f"{team}{count} {END}", style.INK),
            tip=f"<b>{in_map(stop.to_name)}</b><br><b>{team}{count}</b> the escort from "
            f"{in_map(stop.name)} ends here by {style.clock(stop.leave)}",
        )
        for count, stop, end in ends
    ]


def _stay(team: str, count: int, stop: Stop) -> str:
    return (
        f"<br><b>{team}{count}</b> {style.clock(stop.arrive)} to {style.clock(stop.leave)}: "
        f"{in_map(what_words(stop))}"
    )


def _stop_words(team: str, stops: list[tuple[int, Stop]], measure: str) -> str:
    times = "".join(_stay(team, *stop) + _covers(stop[1], measure) for stop in stops)
    # Visits to a place share their reason; what is asked for has its own.
    whys = dict.fromkeys(in_map(stop.why) for _, stop in stops if stop.why)
    return f"<b>{in_map(stops[0][1].name)}</b>{times}" + "".join(f"<br>{why}" for why in whys)


def _covers(stop: Stop, measure: str) -> str:
    """Say what a stop covers; a meal that covers nothing needs no figure."""
    if stop.kind != "visit" and stop.risk == 0:
        return ""
    return f"; covers {number(stop.risk)} expected {in_map(measure)}"
