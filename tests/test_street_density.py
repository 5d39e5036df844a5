from types import ModuleType

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.estate.streets import Streets, network
from planner.insight.hotspots.street_density import street_density


def streets_of(*lines: list[tuple[float, float]], names: list[str] | None = None) -> Streets:
    table = {"name": names or ["A Street"] * len(lines), "highway": "residential"}
    shapes = [shapely.LineString(line) for line in lines]
    return network(gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:32630"))


def mass(density, streets: Streets) -> float:
    return float(density.per_metre @ streets.lengths)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(0, 80), st.sampled_from([8.0, 60.0, 100.0, 1_000.0]))
def test_every_incident_is_spread_whole(build: ModuleType, seed, count, bandwidth) -> None:
    streets = build.streets()
    random = np.random.default_rng(seed)
    points = build.CORNER + random.uniform(-150, 550, (count, 2))
    density = street_density(points, streets, bandwidth)
    assert density.snapped + density.off_streets == count
    assert mass(density, streets) == pytest.approx(density.snapped)
    assert (density.per_metre >= 0).all()
    assert density.bandwidth_m == bandwidth


def test_it_does_not_cross_between_streets_that_do_not_meet() -> None:
    """Two streets 20 m apart, as on both banks of a river."""
    streets = streets_of([(0, 0), (500, 0)], [(0, 20), (500, 20)], names=["South", "North"])
    density = street_density(np.array([[250.0, 0.0]]), streets, 100.0)
    assert density.per_metre[streets.names == "North"].max() == 0.0
    assert density.per_metre[streets.names == "South"].max() > 0


def test_on_a_straight_street_it_is_the_kernel_of_a_line() -> None:
    streets = streets_of([(0, 0), (1_000, 0)])
    density = street_density(np.array([[500.0, 0.0]]), streets, 100.0)
    middles = streets.points[streets.edges].mean(axis=1)[:, 0]
    away = np.abs(middles - 500) / 100
    kernel = 0.75 / 100 * np.maximum(1 - away**2, 0)
    assert density.per_metre == pytest.approx(kernel, rel=0.03, abs=1e-4)


def test_a_junction_splits_it_evenly_between_the_ways_ahead() -> None:
    arms = [[(0, 0), (300, 0)], [(0, 0), (0, 300)], [(0, 0), (0, -300)], [(0, 0), (-300, 0)]]
    streets = streets_of(*arms, names=["East", "North", "South", "West"])
    density = street_density(np.array([[50.0, 0.0]]), streets, 120.0)
    by_arm = {
        name: float((density.per_metre * streets.lengths)[streets.names == name].sum())
        for name in ("East", "North", "South", "West")
    }
    assert by_arm["North"] == pytest.approx(by_arm["South"])
    assert by_arm["North"] == pytest.approx(by_arm["West"])
    assert by_arm["East"] > 3 * by_arm["North"] > 0


def test_risk_that_is_even_along_the_streets_is_found_even() -> None:
    """Junctions gain nothing by being junctions."""
    lines = [[(0, y), (800, y)] for y in (0, 200, 400, 600, 800)]
    lines += [[(x, 0), (x, 800)] for x in (0, 200, 400, 600, 800)]
    pieces = shapely.union_all([shapely.LineString(line) for line in lines])
    streets = streets_of(*[list(line.coords) for line in shapely.get_parts(pieces)])
    ends = streets.points[streets.edges]
    along = np.random.default_rng(1).random((len(ends), 40, 1))
    points = (ends[:, :1] * along + ends[:, 1:] * (1 - along)).reshape(-1, 2)
    density = street_density(points, streets, 80.0)
    middles = ends.mean(axis=1)
    inner = ((middles > 150) & (middles < 650)).all(axis=1)
    even = len(points) / streets.lengths.sum()
    assert density.per_metre[inner].mean() == pytest.approx(even, rel=0.05)
    assert density.per_metre[inner].std() < 0.12 * even


def test_the_densest_stretches_are_named(build: ModuleType) -> None:
    streets = build.streets()
    points = np.tile(build.metres(150, 100), (30, 1))
    density = street_density(points, streets)
    first = density.stretches[0]
    assert first.street == "Middle Street"
    assert 2 <= first.incidents <= 30
    assert first.per_100_m == pytest.approx(100 * first.incidents / first.length_m)
    assert np.hypot(*(first.middle - build.metres(150, 100))) < 30


def test_far_incidents_are_counted_and_left_out(build: ModuleType) -> None:
    density = street_density(np.array([[0.0, 0.0]]), build.streets())
    assert (density.snapped, density.off_streets) == (0, 1)
    assert density.stretches == ()
    none = street_density(np.zeros((0, 2)), build.streets())
    assert not none.per_metre.any()
