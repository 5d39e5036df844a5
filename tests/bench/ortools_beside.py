"""OR-Tools' routing on a team orienteering instance: JSON from standard input, the score printed.

A process of its own: OR-Tools and the planner's solver bring two versions of one library, which
can't be loaded together. It is called by ``orienteering.py --beside ortools``.
"""

import json
import sys

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2
from scipy.spatial.distance import cdist

SECONDS_A_UNIT = 10_000


def score(
    points: np.ndarray, scores: np.ndarray, teams: int, longest: float, seconds: float
) -> float:
    """Solve an instance in so many seconds; 0 where nothing is found."""
    count = len(points)
    far = np.ceil(cdist(points, points) * SECONDS_A_UNIT - 1e-6).astype(int)
    nodes = pywrapcp.RoutingIndexManager(count, teams, [0] * teams, [count - 1] * teams)
    model = pywrapcp.RoutingModel(nodes)
    callback = model.RegisterTransitCallback(
        lambda a, b: int(far[nodes.IndexToNode(a), nodes.IndexToNode(b)])
    )
    model.SetArcCostEvaluatorOfAllVehicles(callback)
    model.AddDimension(callback, 0, int(longest * SECONDS_A_UNIT + 1e-6), True, "far")
    for node in range(1, count - 1):
        # As in the product: a score unit is worth ten units of distance.
        model.AddDisjunction([nodes.NodeToIndex(node)], int(scores[node] * 10 * SECONDS_A_UNIT))
    wish = pywrapcp.DefaultRoutingSearchParameters()
    wish.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    wish.time_limit.FromMilliseconds(int(seconds * 1000))
    found = model.SolveWithParameters(wish)
    if found is None:
        return 0.0
    missed = {
        node
        for node in range(1, count - 1)
        if found.Value(model.NextVar(nodes.NodeToIndex(node))) == nodes.NodeToIndex(node)
    }
    return float(sum(scores[node] for node in range(1, count - 1) if node not in missed))


if __name__ == "__main__":
    given = json.load(sys.stdin)
    print(score(np.array(given["points"]), np.array(given["scores"]), given["teams"],
                given["longest"], given["seconds"]))  # fmt: skip
