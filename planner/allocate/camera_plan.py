"""From a picture and its risk to new camera positions, beside those that stand."""

import numpy as np
import shapely

from planner.allocate.baselines import Spread, random_cameras
from planner.allocate.cameras.covering import place_so_many
from planner.allocate.cameras.shares import added_in_turn
from planner.allocate.cameras.solving import solve
from planner.allocate.demand import Demand, camera_candidates, risk_points
from planner.allocate.plan import CameraChoice, CamerasPlan, gap_between
from planner.allocate.scenario import Scenario
from planner.geo import in_range, to_degrees
from planner.insight.risk.model import Risk
from planner.picture import Picture


def plan_cameras(picture: Picture, risk: Risk, scenario: Scenario) -> tuple[CamerasPlan, Spread]:
    """Choose new cameras; return them, and what cameras drawn at random cover (shares).

    Cameras stand for years, so the risk they are placed by is that of a mean day.
    """
    estate = picture.estate
    demand = risk_points(picture.on_estate, estate, risk)
    candidates = camera_candidates(demand, estate)
    positions = shapely.get_coordinates(candidates.geometry.to_numpy())
    seen = in_range(positions, demand.points, scenario.cameras.range_m)
    standing = _seen_today(picture, demand)
    weights = demand.weights / demand.weights.sum()
    problem = place_so_many(weights, seen, standing.astype(float), scenario.cameras.new)
    covering = solve(problem)
    order, adds = added_in_turn(problem, covering.chosen)
    zones = candidates["zone"].to_numpy(int)[order]
    chosen = _choices(picture, positions[order], zones, adds, scenario)
    plan = CamerasPlan(
        chosen=chosen,
        covered=covering.value,
        bound=covering.bound,
        gap=gap_between(covering.value, covering.bound),
        standing=float(weights[standing].sum()),
        stopped_by=covering.stopped_by,
    )
    draws = random_cameras(weights, seen, standing, scenario.cameras.new, scenario.solver.seed)
    return plan, draws


def _seen_today(picture: Picture, demand: Demand) -> np.ndarray:
    cameras = picture.estate.cameras
    positions = shapely.get_coordinates(cameras.geometry.to_numpy())
    seen = in_range(positions, demand.points, cameras["range_m"].to_numpy(float))
    standing: np.ndarray = np.asarray(seen.sum(axis=0)).ravel() > 0
    return standing


def _choices(
    picture: Picture,
    points: np.ndarray,
    zones: np.ndarray,
    adds: np.ndarray,
    scenario: Scenario,
) -> tuple[CameraChoice, ...]:
    if not len(points):
        return ()
    estate = picture.estate
    names = estate.zones["name"].to_numpy(dtype=object)[zones]
    streets = (
        estate.streets.nearest_name(points, estate.stop_reach_m)
        if estate.streets is not None
        else np.full(len(points), "", dtype=object)
    )
    degrees = np.round(to_degrees(points, estate.crs), 6)
    return tuple(
        CameraChoice(
            name=f"{street}, by {name}" if street else f"By {name}",
            longitude=float(longitude),
            latitude=float(latitude),
            range_m=scenario.cameras.range_m,
            adds=float(adds),
        )
        for street, name, (longitude, latitude), adds in zip(
            streets, names, degrees, adds, strict=True
        )
    )
