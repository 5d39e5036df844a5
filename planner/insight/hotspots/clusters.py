"""Clusters: which incidents lie so close together that they make one place.

Two methods, since neither sees all:

- HDBSCAN (Campello, Moulavi and Sander, 2013, "Density-based clustering based on hierarchical
  density estimates") on *distinct* places finds streets and squares at whatever scale they
  gather. It takes no weights and splits stacked points, so it sees each place once. What is too
  thin at the finest scale (fewer than ten incidents in all) is looked for at coarser ones, with
  twice as many places to a cluster each time.
- DBSCAN with sample weights (Ester, Kriegel, Sander and Xu, 1996, "A density-based algorithm for
  discovering clusters") looks at what HDBSCAN left over, and there density counts: one address
  with ten incidents is a gathering, ten addresses strewn about are none.

Both see the whole history, and neither says whether a gathering is more than chance.
"""

import numpy as np
import shapely
from sklearn.cluster import DBSCAN, HDBSCAN

FEWEST_PLACES = 4
MOST_FOR_ONE_CLUSTER = 32
# A cluster with fewer incidents in the whole history is tried again at a coarser scale.
LARGE = 10
SAME_PLACE_M = 5.0
WIDEST_ALONE_M = 250.0
FEWEST_AT_ONE_PLACE = 10
CLOSE_M = 25.0
MARGIN_M = 18.0


def distinct_places(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Join points that are within some metres into places.

    Parameters
    ----------
    points
        Metres, shape (n, 2).

    Returns
    -------
    places, place
        Metres, shape (m, 2), and the row of each point's place, shape (n,).
    """
    rounded, place = np.unique(np.round(points / SAME_PLACE_M), axis=0, return_inverse=True)
    return rounded * SAME_PLACE_M, place.ravel()


def clusters_of(points: np.ndarray) -> np.ndarray:
    """Return the cluster of each incident, -1 where it belongs to none.

    Parameters
    ----------
    points
        Metres, shape (n, 2), finite.
    """
    if not len(points):
        return np.zeros(0, dtype=int)
    places, place = distinct_places(points)
    weights = np.bincount(place)
    labels = np.full(len(places), -1)
    finest = _gathered_places(places, FEWEST_PLACES)
    size = FEWEST_PLACES
    while size <= MOST_FOR_ONE_CLUSTER:
        left = np.flatnonzero(labels < 0)
        found = finest if size == FEWEST_PLACES else _gathered_places(places[left], size)
        _take(labels, left, found, np.bincount(found + 1, weights[left])[1:] >= LARGE)
        size *= 2
    left = np.flatnonzero(labels < 0)
    for found in (finest[left], _heavy_places(places[left], weights[left])):
        _take(labels, left, np.where(labels[left] < 0, found, -1))
    clusters: np.ndarray = labels[place]
    return clusters


def _take(
    labels: np.ndarray, rows: np.ndarray, found: np.ndarray, kept: np.ndarray | None = None
) -> None:
    """Give the clusters found among some rows numbers of their own, or only those to be kept."""
    wanted = (found >= 0) if kept is None else np.append(kept, False)[found]
    _, number = np.unique(found[wanted], return_inverse=True)
    labels[rows[wanted]] = number + labels.max(initial=-1) + 1


def _gathered_places(places: np.ndarray, fewest: int) -> np.ndarray:
    if len(places) < fewest:
        return np.full(len(places), -1)
    model = HDBSCAN(
        min_cluster_size=fewest, min_samples=2, cluster_selection_method="leaf", copy=True
    )
    labels: np.ndarray = model.fit_predict(places)
    if (labels < 0).all() and np.ptp(places, axis=0).max() <= WIDEST_ALONE_M:
        # Leaves are parts of something larger; a gathering with nothing around it has none.
        model.set_params(cluster_selection_method="eom", allow_single_cluster=True)
        labels = model.fit_predict(places)
    return labels


def _heavy_places(places: np.ndarray, weights: np.ndarray) -> np.ndarray:
    if not len(places):
        return np.zeros(0, dtype=int)
    model = DBSCAN(eps=CLOSE_M, min_samples=FEWEST_AT_ONE_PLACE)
    labels: np.ndarray = model.fit_predict(places, sample_weight=weights)
    return labels


def outline(points: np.ndarray) -> shapely.Geometry:
    """Draw a polygon around points, with a margin; metres, shape (n, 2)."""
    hull = shapely.concave_hull(shapely.multipoints(points), ratio=0.6)
    return shapely.simplify(shapely.buffer(hull, MARGIN_M), 1.0)
