from types import ModuleType

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.sparse import csr_array

from planner.insight.hotspots.zone_scores import gi_star, local_moran, touching, zone_table

SIDE = 8


def board() -> np.ndarray:
    """Squares of a chessboard."""
    x, y = (side.ravel() for side in np.meshgrid(np.arange(SIDE), np.arange(SIDE)))
    return shapely.box(x * 100, y * 100, x * 100 + 100, y * 100 + 100)


def published_gi_star(counts: np.ndarray, neighbours: csr_array) -> np.ndarray:
    """Equation 14.3 of Getis and Ord (1996), zone by zone."""
    weights = neighbours.toarray() + np.eye(len(counts))
    n, mean = len(counts), counts.mean()
    spread = np.sqrt((counts**2).mean() - mean**2)
    scores = []
    for row in weights:
        scale = spread * np.sqrt((n * (row**2).sum() - row.sum() ** 2) / (n - 1))
        scores.append((row @ counts - mean * row.sum()) / scale)
    return np.array(scores)


def test_zones_touch_their_neighbours_and_not_themselves() -> None:
    neighbours = touching(board()).toarray()
    assert (neighbours == neighbours.T).all()
    assert not neighbours.diagonal().any()
    assert sorted(set(neighbours.sum(axis=1))) == [3, 5, 8]
    assert touching(np.array([shapely.Polygon(), *board()], dtype=object)).toarray()[0].sum() == 0


@given(st.integers(0, 10_000))
def test_scores_are_as_published(seed) -> None:
    counts = np.random.default_rng(seed).poisson(2.0, SIDE**2).astype(float)
    neighbours = touching(board())
    assert gi_star(counts, neighbours) == pytest.approx(
        published_gi_star(counts, neighbours), abs=1e-9
    )
    moran = local_moran(counts, neighbours)
    off = counts - counts.mean()
    weights = neighbours.toarray()
    weights /= weights.sum(axis=1, keepdims=True)
    local = (len(counts) - 1) * off * (weights @ off) / (off @ off)
    assert moran == pytest.approx(local, abs=1e-9)


@pytest.mark.parametrize("counts", [np.zeros(64), np.full(64, 3.0)])
def test_zones_that_are_all_alike_have_no_scores(counts) -> None:
    neighbours = touching(board())
    assert gi_star(counts, neighbours).tolist() == [0.0] * 64
    assert local_moran(counts, neighbours).tolist() == [0.0] * 64


def test_a_zone_alone_has_a_neighbourhood_of_itself() -> None:
    apart = np.array([shapely.box(0, 0, 1, 1), shapely.box(9, 9, 10, 10), shapely.box(5, 5, 6, 6)])
    neighbours = touching(apart)
    assert local_moran(np.array([5.0, 1.0, 0.0]), neighbours).tolist() == [0.0] * 3
    assert gi_star(np.array([5.0, 1.0, 0.0]), neighbours)[0] > 0
    none = csr_array((0, 0))
    assert gi_star(np.zeros(0), none).shape == local_moran(np.zeros(0), none).shape == (0,)


def rows_in(build: ModuleType, zones: list[str], seed: int = 1) -> pd.DataFrame:
    """Incidents at places of their own in the named zones."""
    spread = np.random.default_rng(seed).uniform(5, 95, (len(zones), 2))
    corner = {"alpha-college": (0, 0), "beta-museum": (200, 0), "gamma-library": (0, 300)}
    return build.located([
        {"zone": zone, "x": build.CORNER[0] + corner[zone][0] + dx,
         "y": build.CORNER[1] + corner[zone][1] + dy}
        for zone, (dx, dy) in zip(zones, spread, strict=True)
    ])  # fmt: skip


def test_the_tail_is_of_a_zone_and_its_neighbours_given_the_total(build: ModuleType) -> None:
    estate = build.estate()
    rows = rows_in(build, ["alpha-college"] * 9 + ["beta-museum"] * 2 + ["gamma-library"])
    table = zone_table(rows, estate).set_index("zone")
    assert table["count"].to_dict() == {"alpha-college": 9, "beta-museum": 2, "gamma-library": 1}
    area = shapely.area(estate.catchments)
    weights = touching(estate.catchments).toarray() + np.eye(3)
    shares = weights @ area / area.sum()
    counts = weights @ np.array([9, 2, 1])
    assert table["p"].to_numpy() == pytest.approx(stats.binom.sf(counts - 1, 12, shares.clip(0, 1)))
    assert table["expected"].to_numpy() == pytest.approx(12 * shares)


def test_exposure_by_zone_gives_each_zone_the_same(build: ModuleType) -> None:
    estate = build.estate()
    rows = rows_in(build, ["alpha-college"] * 6)
    shares = (touching(estate.catchments).toarray() + np.eye(3)).sum(axis=1) / 3
    found = zone_table(rows, estate, exposure="zones")
    assert found["expected"].to_numpy() == pytest.approx(6 * shares)


def test_zones_without_ground_and_without_incidents_are_no_hotspots(build: ModuleType) -> None:
    squares = [build.square(0, 0, 100), build.square(0, 0, 100), build.square(400, 400, 100)]
    zones = gpd.GeoDataFrame(
        {"zone": ["a", "b", "c"], "name": ["A", "B", "C"]}, geometry=squares, crs=build.CRS
    )
    estate = build.estate(zones=zones)
    assert shapely.area(estate.catchments)[1] == 0
    rows = rows_in(build, ["alpha-college"] * 4).assign(zone=["a", "b", "b", "c"])
    for table in (zone_table(rows, estate), zone_table(rows.iloc[:0], estate)):
        numbers = table.drop(columns=["zone", "name"]).to_numpy(float)
        assert np.isfinite(numbers).all()
        assert (table["p"] > 0).all()
    assert zone_table(rows, estate)["p"].iloc[1] == 1.0
