"""From a deployment of cameras to the part of a plan that says it."""

import numpy as np
import shapely
from shapely.affinity import rotate

from planner.allocate.baselines import Spread, random_cameras
from planner.allocate.cameras import roles
from planner.allocate.cameras.deployment import Deployment, deploy
from planner.allocate.cameras.roles import Options
from planner.allocate.cameras.shares import lost_without
from planner.allocate.cameras.solving import Effort
from planner.allocate.cameras.study import Study
from planner.allocate.cameras.views import FULL_CIRCLE, Views, look_around
from planner.allocate.plan import (
    CameraChoice,
    CamerasPlan,
    PointPair,
    PrivateNote,
    PrivateView,
    StandingCamera,
    gap_between,
)
from planner.allocate.scenario import Scenario
from planner.allocate.sightlines.optics import WIDEST_LENS_DEGREES, reach_m
from planner.geo import degree_pairs, true_bearing

SEEN_AT_ALL = 1e-9
ROLE_WORDS = {
    roles.NEW: "new", roles.MOVED: "moved here", roles.TURNED: "turned",
    roles.PLACED_EACH_TERM: "placed each term",
}  # fmt: skip


def camera_weights(study: Study, scenario: Scenario) -> np.ndarray:
    """Return what is to be covered: incidents, harm or a mix, of each row, in incidents."""
    share = scenario.patrols.harm_share
    if share <= 0 or not study.harm.sum() > 0:
        return study.incidents
    scale = study.incidents.sum() / study.harm.sum()
    mixed: np.ndarray = (1 - share) * study.incidents + share * study.harm * scale
    return mixed


def deploy_for(study: Study, scenario: Scenario, effort: Effort | None = None) -> Deployment:
    """Choose the cameras of a scenario.

    Raises
    ------
    ScenarioError
        If it names what is not there, or a budget buys nothing.
    Infeasible
        If no choice reaches all least covers.
    """
    hard = effort or Effort(seed=scenario.solver.seed, seconds=scenario.solver.seconds)
    return deploy(study, scenario.cameras, camera_weights(study, scenario), hard)


def cameras_plan(deployment: Deployment) -> CamerasPlan:
    """Write a deployment out."""
    study, covering = deployment.study, deployment.covering
    grade = deployment.grade
    covered, bound = covered_and_bound(deployment)
    return CamerasPlan(
        chosen=_choices(deployment),
        covered=covered,
        bound=bound,
        gap=gap_between(covering.value, covering.bound),
        standing=standing_cover(deployment),
        stopped_by=covering.stopped_by,
        harm_covered=deployment.share(study.harm),
        incidents_covered=deployment.share(study.incidents),
        purchase=deployment.purchase,
        yearly=deployment.yearly,
        currency=study.settings.currency,
        prices=study.settings.prices,
        grade=grade,
        standard=study.settings.grades.source,
        pixels_per_metre=study.settings.grades.pixels_per_metre[grade],
        own=_standing_notes(deployment),
        private=_private_notes(deployment),
        ruled_out=deployment.possible.ruled_out,
    )  # fmt: skip


def covered_and_bound(deployment: Deployment) -> tuple[float, float]:
    """Return the share of what counts that is covered, and what no choice exceeds."""
    problem, covering = deployment.problem, deployment.covering
    total = float(problem.weights.sum())
    value = float(problem.weights @ np.minimum(problem.cover(covering.chosen), 1.0))
    if problem.again.any():
        return value / total, min(1.0, covering.bound / total)
    return value / total, max(covering.bound, value) / total


def standing_cover(deployment: Deployment) -> float:
    """Return the share of what counts that the cameras that stand and work cover alone."""
    weights = deployment.problem.weights
    rows = len(deployment.study.incidents)
    by_term = weights.reshape(-1, rows)
    seen = np.asarray(deployment.possible.kept.seen.sum(axis=0)).ravel()
    return float((by_term * np.minimum(seen, 1.0)).sum() / weights.sum())


def random_choice(deployment: Deployment, seed: int) -> Spread:
    """Return what new cameras drawn at random cover, as many as were chosen, as shares."""
    problem = deployment.problem
    new = (deployment.options.table["role"] == roles.NEW).to_numpy()[deployment.row]
    total = float(problem.weights.sum())
    number = int(new[deployment.covering.chosen].sum())
    others = deployment.covering.chosen[~new[deployment.covering.chosen]]
    drawn = random_cameras(problem, np.flatnonzero(new), others, number, seed)
    return Spread(drawn.mean / total, drawn.low / total, drawn.high / total)


def changes(deployment: Deployment) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what changes but the stated cameras, the one that adds most first.

    Returns
    -------
    rows, terms, adds
        Of each, the row of its option, its term (-1 for the whole year), and the share of what
        counts that it adds to all the others; shape (changed,).
    """
    problem, chosen = deployment.problem, deployment.covering.chosen
    role = deployment.options.table["role"].to_numpy(object)[deployment.row[chosen]]
    changed = chosen[role != roles.KEPT]
    lost = lost_without(problem, chosen)[role != roles.KEPT] / float(problem.weights.sum())
    order = np.argsort(-lost, kind="stable")
    return deployment.row[changed][order], deployment.term[changed][order], lost[order]


def _choices(deployment: Deployment) -> tuple[CameraChoice, ...]:
    """List what changes: the stated cameras, then those chosen, the one that adds most first."""
    rows, terms, lost = changes(deployment)
    names = tuple("" if term < 0 else deployment.term_names[term] for term in terms)
    made = _written(deployment, deployment.options, rows, lost, names)
    stated = deployment.possible.stated
    if stated is None:
        return made
    adds = stated_adds(deployment, stated)
    return (
        *_written(deployment, stated, np.arange(len(stated)), adds, ("",) * len(stated)), *made,
    )  # fmt: skip


def stated_adds(deployment: Deployment, stated: Options) -> np.ndarray:
    """Return what each stated camera adds to all the others, as a share, shape (stated,)."""
    problem, chosen = deployment.problem, deployment.covering.chosen
    whole, cover = problem.value(chosen), problem.cover(chosen)
    terms = len(deployment.term_names)
    rows = [np.tile(stated.seen[[row]].toarray().ravel(), terms) for row in range(len(stated))]
    without = [float(problem.worth(cover - row).sum()) for row in rows]
    return (whole - np.array(without)) / float(problem.weights.sum())


def _written(
    deployment: Deployment,
    options: Options,
    rows: np.ndarray,
    adds: np.ndarray,
    terms: tuple[str, ...],
) -> tuple[CameraChoice, ...]:
    if not len(rows):
        return ()
    study, part = deployment.study, options.only(rows)
    areas = view_areas(study, part, deployment.grade)
    points = part.views.places[part.views.place]
    crs = study.picture.estate.crs
    places = degree_pairs(points, crs)
    bearings = true_bearing(part.views.bearing, points, crs)
    return tuple(
        CameraChoice(
            name=str(row.name_),
            longitude=place[0],
            latitude=place[1],
            range_m=float(part.views.range_m[at]),
            adds=float(adds[at]),
            role=ROLE_WORDS[str(row.role)],
            term=terms[at],
            kind=str(row.kind),
            mount=str(row.mount),
            bearing=round(float(bearings[at]), 1) % FULL_CIRCLE,
            field_of_view=FULL_CIRCLE if part.views.turns[at] else float(
                part.views.field_of_view[at]
            ),
            consents=tuple(row.consents),
            purchase=float(row.price),
            yearly=float(row.yearly),
            private=private_views(study, part, at),
            area=areas[at],
        )
        for at, (row, place) in enumerate(
            zip(part.table.rename(columns={"name": "name_"}).itertuples(), places, strict=True)
        )
    )  # fmt: skip


def view_areas(
    study: Study, options: Options, grade: str | None = None
) -> tuple[tuple[PointPair, ...], ...]:
    """Return the outlines of what options see, in longitude and latitude; empty where nothing.

    Parameters
    ----------
    study, options
        What sees, and what stands in the way.
    grade
        The detail in which it is seen by day, by a name of the settings' table; all that lies in
        range if None.
    """
    if not len(options):
        return ()
    views = options.views
    around = look_around(views, study.walls)
    areas = []
    for row in range(len(views)):
        wide = FULL_CIRCLE if views.turns[row] else float(views.field_of_view[row])
        view = around.outline(int(views.place[row]), float(views.bearing[row]), wide)
        if grade is not None and np.isfinite(views.sensor_px[row]):
            needed = study.settings.grades.pixels_per_metre[grade]
            view = shapely.intersection(view, _in_detail(views, row, needed))
        areas.append(_pairs(view, study.picture.estate.crs))
    return tuple(areas)


def _in_detail(views: Views, row: int, pixels: float) -> shapely.Polygon:
    """Return the ground where a metre has so many pixels: flat across a lens, else a disc."""
    field = float(views.field_of_view[row])
    x, y = (float(metres) for metres in views.places[views.place[row]])
    depth = float(reach_m(pixels, views.height_m[row], field, views.sensor_px[row]))
    if views.turns[row] or field > WIDEST_LENS_DEGREES:
        return shapely.Point(x, y).buffer(depth)
    beside = float(views.range_m[row])
    ahead = shapely.box(x - beside, y - beside, x + beside, y + depth)
    turned: shapely.Polygon = rotate(ahead, -float(views.bearing[row]), origin=(x, y))
    return turned


def _pairs(view: shapely.Geometry, crs: str) -> tuple[PointPair, ...]:
    parts = shapely.get_parts(view)
    if not len(parts):
        return ()
    largest = shapely.simplify(parts[int(np.argmax(shapely.area(parts)))], 0.05)
    return degree_pairs(shapely.get_coordinates(shapely.get_exterior_ring(largest)), crs)


def private_views(study: Study, options: Options, row: int) -> tuple[PrivateView, ...]:
    """Return the private places that an option could see, in the order of the estate's."""
    exposed = options.exposed[[row]]
    names = study.private.places["name"].to_numpy(object)
    masks = bool(options.table["masks"].iloc[row])
    return tuple(
        PrivateView(
            name=str(names[place]), share=float(share), unmasked=0.0 if masks else float(share)
        )
        for place, share in zip(exposed.indices, exposed.data, strict=True)
        if share > SEEN_AT_ALL
    )


def _standing_notes(deployment: Deployment) -> tuple[StandingCamera, ...]:
    """Say of each of the service's own cameras what it adds, and what becomes of it."""
    possible, study = deployment.possible, deployment.study
    kept, standing = possible.kept, possible.standing
    own = np.flatnonzero(standing.own)
    if not len(own):
        return _gone_notes(deployment)
    weights = deployment.problem.weights.reshape(-1, len(study.incidents)).sum(axis=0)
    adds = added_by_each(kept, weights)[own] / float(weights.sum())
    part = kept.only(own)
    areas = view_areas(study, part, deployment.grade)
    places = degree_pairs(part.views.places[part.views.place], study.picture.estate.crs)
    after = _becomes(deployment)
    there = tuple(
        StandingCamera(
            name=str(standing.names[row]),
            longitude=places[at][0],
            latitude=places[at][1],
            adds=float(adds[at]),
            becomes=after.get(int(row), "kept"),
            private=private_views(study, part, at),
            area=areas[at],
        )
        for at, row in enumerate(own)
    )
    return (*there, *_gone_notes(deployment))


def _gone_notes(deployment: Deployment) -> tuple[StandingCamera, ...]:
    """Name the service's own cameras that the scenario takes away, or that are out of order."""
    wanted, estate = deployment.wanted, deployment.study.picture.estate
    table = estate.own_cameras
    gone = table[table["name"].isin((*wanted.remove, *wanted.down))]
    places = degree_pairs(shapely.get_coordinates(gone.geometry.to_numpy()), estate.crs)
    return tuple(
        StandingCamera(
            name=str(name),
            longitude=place[0],
            latitude=place[1],
            adds=0.0,
            becomes="removed" if name in wanted.remove else "out of order",
        )
        for name, place in zip(gone["name"], places, strict=True)
    )


def added_by_each(kept: Options, weights: np.ndarray) -> np.ndarray:
    """Return what each camera that stands adds to all the others, shape (kept,)."""
    seen = kept.seen
    cover = np.asarray(seen.sum(axis=0)).ravel()
    row = np.repeat(np.arange(len(kept)), np.diff(seen.indptr))
    left = cover[seen.indices] - seen.data
    each = weights[seen.indices] * (np.minimum(cover[seen.indices], 1.0) - np.minimum(left, 1.0))
    adds: np.ndarray = np.bincount(row, each, minlength=len(kept))
    return adds


def _becomes(deployment: Deployment) -> dict[int, str]:
    """Return what becomes of each standing camera that does not stay as it is."""
    possible, table = deployment.possible, deployment.options.table
    standing = table["standing"].to_numpy()
    role = table["role"].to_numpy(object)
    chosen = deployment.chosen
    after = {int(row): "placed each term" for row in possible.relocated}
    after |= {int(row): "moved" for row in possible.weakest}
    for row in np.unique(standing[standing >= 0]):
        taken = [str(role[option]) for option in chosen if standing[option] == row]
        if not taken:
            after[int(row)] = "moved" if possible.moves else "removed"
        elif taken[0] == roles.TURNED:
            after[int(row)] = "turned"
    return after


def _private_notes(deployment: Deployment) -> tuple[PrivateNote, ...]:
    """Say of each private place how much of it any camera could see, masked and unmasked."""
    possible, study = deployment.possible, deployment.study
    parts = [possible.kept.only(possible.stays), deployment.options.only(deployment.chosen)]
    if possible.stated is not None:
        parts.append(possible.stated)
    whole = roles.together(parts)
    if not whole.exposed.shape[1] or not len(whole):
        return ()
    masks = whole.table["masks"].to_numpy(bool)
    most = whole.exposed.max(axis=0).toarray().ravel()
    bare = np.flatnonzero(~masks)
    unmasked = (
        whole.exposed[bare].max(axis=0).toarray().ravel() if len(bare) else np.zeros(len(most))
    )
    places = study.private.places
    return tuple(
        PrivateNote(
            name=str(places["name"].iloc[row]),
            kind=str(places["kind"].iloc[row]),
            could_be_seen=float(most[row]),
            unmasked=float(unmasked[row]),
        )
        for row in np.flatnonzero(most > SEEN_AT_ALL)
    )
