"""Four kinds of zone behind one interface: of each, a point of the area has exactly one."""

from pathlib import Path
from types import ModuleType

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import EstateError
from planner.estate.layers.street_files import read_streets
from planner.estate.model import Estate
from planner.estate.sites import SiteFiles, read_sites
from planner.estate.street_segments import SHORT_M, street_segments
from planner.estate.streets import Streets, largest_part, network
from planner.estate.zone_kinds import zones_for
from planner.estate.zones import catchments, estate_area, stops_for, zone_of, zones_from_sites
from planner.geo import to_metric

KINDS = ["catchments", "beats", "streets", "grid"]


def made(build: ModuleType, kind: str, grid_m: float = 150.0) -> tuple[gpd.GeoDataFrame, object]:
    """Zones of a kind on the small estate, and its area."""
    estate = build.standing_estate()
    area = estate_area(estate.sites.geometry.to_numpy(), 250.0)
    beats = build.shapes_table([(0, 0, 150, {"name": "West"}), (150, 0, 150, {"name": "East"})])
    beats["_row"] = [1, 2]
    return zones_for(kind, estate.sites, estate.streets, beats, area, grid_m), area


@pytest.mark.parametrize("kind", KINDS)
def test_every_point_of_the_area_has_one_zone_and_lies_in_its_catchment(
    build: ModuleType, kind: str
) -> None:
    zones, area = made(build, kind)
    assert list(zones.columns) == ["zone", "name", "geometry"]
    assert zones["zone"].is_unique
    assert zones["name"].is_unique
    points = np.random.default_rng(3).uniform(-400, 800, (500, 2)) + build.CORNER
    rows = zone_of(points, zones, area)
    shapes = shapely.points(points)
    assert ((rows >= 0) == shapely.intersects(area, shapes)).all()
    metres = shapely.distance(shapes[:, None], zones.geometry.to_numpy()[None, :])
    assert (rows == metres.argmin(axis=1))[rows >= 0].all()
    inside = shapely.intersects(catchments(zones, area)[None, :], shapes[:, None])
    assert inside.sum(axis=1).tolist() == (rows >= 0).tolist()
    assert (inside.argmax(axis=1) == rows)[rows >= 0].mean() > 0.9


@pytest.mark.parametrize("kind", KINDS)
def test_stops_stand_on_the_street_node_nearest_each_core(build: ModuleType, kind: str) -> None:
    zones, _ = made(build, kind)
    streets = build.streets()
    stops = stops_for(zones, streets, 150.0)
    nodes = shapely.points(streets.points)
    for row, core in enumerate(zones.geometry):
        nearest = shapely.distance(nodes, core).min()
        assert shapely.distance(nodes[stops.nodes[row]], core) == pytest.approx(nearest)
        assert stops.reachable[row] == (nearest <= 150)


def test_site_catchments_are_the_zones_of_sites(estate: Estate, build: ModuleType) -> None:
    zones, _ = made(build, "catchments")
    assert zones.equals(zones_from_sites(estate.sites))


def test_squares_lie_on_the_metric_grid_and_are_named_by_the_nearest_site(
    build: ModuleType,
) -> None:
    zones, area = made(build, "grid")
    bounds = shapely.bounds(zones.geometry.to_numpy())
    assert (bounds % 150 == 0).all()
    assert (bounds[:, 2:] - bounds[:, :2] == 150).all()
    assert shapely.union_all(zones.geometry.to_numpy()).covers(area)
    assert (shapely.area(shapely.intersection(zones.geometry.to_numpy(), area)) > 0).all()
    row = int(zone_of(np.array([build.metres(50, 50)]), zones, area)[0])
    assert zones["name"][row].endswith("near Alpha College")
    assert zones["zone"][row] == zones["name"][row].split(" near ")[0].lower().replace(" ", "-")
    west = zones["name"][bounds[:, 0] == bounds[:, 0].min()]
    assert west.str.startswith("Square A").all()


def test_streets_are_cut_at_junctions_and_where_they_are_long(build: ModuleType) -> None:
    # South Lane has junctions 250 m apart: each half is cut in two.
    zones, _ = made(build, "streets")
    south = zones[zones["name"].str.startswith("South Lane")]
    assert south["name"].tolist() == [f"South Lane, {number} of 4" for number in (1, 2, 3, 4)]
    assert south["zone"].tolist() == [f"south-lane-{number}-of-4" for number in (1, 2, 3, 4)]
    assert south.geometry.length.tolist() == pytest.approx([100] * 4)
    assert south.geometry.centroid.x.is_monotonic_increasing
    whole, _ = made(build, "streets", grid_m=200.0)
    assert whole["name"].tolist().count("South Lane, 1 of 2") == 1
    assert zones.geometry.length.max() <= 150 + 1e-6


PLACE = st.tuples(st.integers(0, 6), st.integers(0, 6))
LINES = st.lists(st.lists(PLACE, min_size=2, max_size=4, unique=True), min_size=1, max_size=8)


def lines_of(places: list[list[tuple[int, int]]], side_m: float) -> gpd.GeoDataFrame:
    shapes = [shapely.LineString([(side_m * x, side_m * y) for x, y in line]) for line in places]
    names = ["High Street" if row % 2 else "" for row in range(len(shapes))]
    table = {"name": names, "highway": "footway"}
    return gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:32630")


@given(places=LINES, side_m=st.sampled_from([7.0, 30.0, 200.0]))
def test_segments_are_all_streets_once_and_not_many_are_short(
    places: list[list[tuple[int, int]]], side_m: float
) -> None:
    walking: Streets = network(lines_of(places, side_m))
    ends = np.unique(np.sort(walking.edges, axis=1), axis=0)
    longest = 60.0
    segments = street_segments(walking, longest)
    metres = segments.geometry.length
    # Stretches between the same corners that overlie one another count as one or as two.
    once = np.hypot(*(walking.points[ends[:, 0]] - walking.points[ends[:, 1]]).T).sum()
    assert metres.sum() == pytest.approx(once, abs=1e-3)
    assert set(segments.geom_type) <= {"LineString", "MultiLineString"}
    alone = metres[metres < SHORT_M - 1e-6].index
    for row in alone:  # A short one is left only where it meets nothing longer.
        others = segments.geometry.drop(row)
        met = others[others.distance(segments.geometry[row].boundary) < 1e-6]
        ends_met = met[
            shapely.distance(met.boundary.to_numpy(), segments.geometry[row].boundary) < 1e-6
        ]
        assert (ends_met.length <= metres[row] + 1e-6).all()


def test_unnamed_ways_are_named_by_the_nearest_site(estate: Estate, build: ModuleType) -> None:
    shapes = [[(-20, -20), (60, -20)], [(210, -20), (290, -20)], [(60, -20), (210, -20)]]
    lines = gpd.GeoDataFrame(
        {"name": "", "highway": ["footway", "service", "residential"]},
        geometry=[shapely.LineString([build.metres(*at) for at in line]) for line in shapes],
        crs=build.CRS,
    )
    area = estate_area(estate.sites.geometry.to_numpy(), 250.0)
    zones = zones_for("streets", estate.sites, network(lines), None, area, 500.0)
    assert sorted(zones["name"]) == ["Path near Alpha College", "Road near Beta Museum"]


def test_private_ways_and_streets_off_the_area_are_no_zones(
    estate: Estate, build: ModuleType
) -> None:
    lines = build.street_lines()
    lines["access"] = np.where(lines["name"] == "Cross Lane", "private", "public")
    far = shapely.LineString([build.metres(450, -50), build.metres(3_000, -50)])
    lines.loc[len(lines)] = ["Far Road", "primary", far, "public"]
    area = estate_area(estate.sites.geometry.to_numpy(), 250.0)
    zones = zones_for("streets", estate.sites, network(lines), None, area, 150.0)
    assert not zones["name"].str.startswith("Cross Lane").any()
    assert zones.geometry.distance(area).max() == 0
    with pytest.raises(EstateError, match="No public street"):
        zones_for("streets", estate.sites, network(lines.tail(1)), None, shapely.Point(0, 0), 150.0)


@pytest.mark.parametrize(
    ("kind", "grid_m", "words"),
    [
        ("beats", 150, "need a file"),
        ("streets", 150, "need the streets"),
        ("grid", 1, "choose a larger grid_m"),
        ("rooms", 150, "no kind of zone 'rooms'"),
    ],
)
def test_what_a_kind_needs_is_named(estate: Estate, kind: str, grid_m: float, words: str) -> None:
    area = estate_area(estate.sites.geometry.to_numpy(), 250.0)
    with pytest.raises(EstateError, match=words):
        zones_for(kind, estate.sites, None, None, area, grid_m)


def test_every_incident_inside_the_campus_hull_has_a_zone(shared_data: Path) -> None:
    folder = shared_data / "campus"
    sites, _ = read_sites(
        SiteFiles([folder / "uchicago-buildings.geojson"], name_field="BLDG_NAME1")
    )
    written = pd.read_csv(folder / "ucpd_2011_2019.csv", dtype=str, keep_default_na=False)
    places = written["validated_location"].str.extract(r"(-?[\d.]+)\s*,\s*(-?[\d.]+)").astype(float)
    crs = ":".join(sites.sites.crs.to_authority())
    points = to_metric(places[1].to_numpy(), places[0].to_numpy(), crs)
    cores = sites.sites.geometry.to_numpy()
    hull = shapely.convex_hull(shapely.union_all(cores))
    inside = shapely.intersects_xy(hull, points)
    assert inside.sum() > 1_000
    area = estate_area(cores, 250.0)
    for kind in ("catchments", "grid"):
        zones = zones_for(kind, sites.sites, None, None, area, 150.0)
        assert (zone_of(points, zones, area)[inside] >= 0).all()


def test_street_zones_of_oxford_are_few_and_named(shared_data: Path) -> None:
    folder = shared_data / "oxford"
    sites, _ = read_sites(SiteFiles(sorted((folder / "estate").glob("*.json"))))
    crs = ":".join(sites.sites.crs.to_authority())
    lines, _, _ = largest_part(read_streets(folder / "streets_central.osm", crs))
    area = estate_area(sites.sites.geometry.to_numpy(), 250.0)
    zones = zones_for("streets", sites.sites, network(lines), None, area, 150.0)
    metres = zones.geometry.length
    assert 200 < len(zones) < 700
    assert (metres < SHORT_M).mean() < 0.05
    assert zones["name"].str.match(r".+, \d+ of \d+$|[^,]+$").all()
    assert zones["name"].str.startswith("Banbury Road").any()
