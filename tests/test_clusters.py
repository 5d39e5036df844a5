import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planner.insight.hotspots.clusters import (
    CLOSE_M,
    FEWEST_AT_ONE_PLACE,
    SAME_PLACE_M,
    clusters_of,
    distinct_places,
    outline,
)


def grid_of_places() -> np.ndarray:
    """Places 300 m apart, each with one incident."""
    side = np.arange(6) * 300.0
    return np.array([(x, y) for x in side for y in side])


def test_one_heavy_address_is_a_cluster_and_light_ones_are_none() -> None:
    heavy = np.tile([150.0, 150.0], (FEWEST_AT_ONE_PLACE, 1))
    points = np.vstack([grid_of_places(), heavy])
    clusters = clusters_of(points)
    assert len(set(clusters[-FEWEST_AT_ONE_PLACE:])) == 1
    assert clusters[-1] >= 0
    lighter = clusters_of(points[:-1])
    assert lighter[-1] == -1


def test_weights_join_addresses_that_stand_close() -> None:
    pair = np.tile([[150.0, 150.0], [150.0 + CLOSE_M - 5, 150.0]], (5, 1))
    clusters = clusters_of(np.vstack([grid_of_places(), pair]))
    assert len(set(clusters[-10:])) == 1
    assert clusters[-1] >= 0


@given(st.integers(0, 60), st.integers(0, 10_000))
def test_incidents_at_one_place_share_a_cluster(count, seed) -> None:
    random = np.random.default_rng(seed)
    points = random.integers(0, 30, (count, 2)) * 20.0
    clusters = clusters_of(points)
    assert clusters.shape == (count,)
    _, place = distinct_places(points)
    for number in np.unique(place):
        assert len(set(clusters[place == number])) == 1
    held = np.unique(clusters[clusters >= 0])
    assert held.tolist() == list(range(len(held)))


def test_places_are_points_within_some_metres() -> None:
    points = np.array([[0.0, 0.0], [1.0, 1.0], [40.0, 0.0]])
    places, place = distinct_places(points)
    assert place[0] == place[1] != place[2]
    assert np.abs(places[place] - points).max() <= SAME_PLACE_M / 2


def test_an_outline_holds_its_points() -> None:
    points = np.array([[0.0, 0.0], [50.0, 0.0], [20.0, 30.0]])
    shape = outline(points)
    assert shape.geom_type == "Polygon"
    assert shapely.contains_xy(shape, *points.T).all()
    assert outline(points[:1]).area > 0


def test_a_thin_gathering_is_found_at_a_coarser_scale() -> None:
    random = np.random.default_rng(2)
    thin = random.uniform(0, 120, (24, 2))
    strewn = random.uniform(-1_500, 1_500, (150, 2))
    clusters = clusters_of(np.vstack([thin, strewn]))
    assert np.bincount(clusters[:24][clusters[:24] >= 0]).max() >= 10
