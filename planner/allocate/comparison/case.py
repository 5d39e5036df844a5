"""The case for a camera: what it shows, adds and costs, what else would do, and whom it touches."""

import numpy as np
import shapely

from planner.allocate.camera_plan import private_views, view_areas
from planner.allocate.cameras.deployment import Deployment
from planner.allocate.cameras.roles import Options
from planner.allocate.cameras.study import Study
from planner.allocate.cameras.views import FULL_CIRCLE, look_around
from planner.allocate.comparison.alternatives import DAYS_A_YEAR, alternatives
from planner.allocate.comparison.case_parts import CameraCase as CameraCase
from planner.allocate.comparison.case_parts import GradeReach, PrivateInView
from planner.allocate.comparison.code_of_practice import NO_ASSESSMENT, principles
from planner.allocate.comparison.land_in_view import land_in_view
from planner.allocate.comparison.meant_camera import Meant, is_placed_each_term, meant_camera
from planner.allocate.comparison.records_in_view import records_in_view
from planner.allocate.plan import gap_between
from planner.allocate.sightlines.optics import reach_m
from planner.camera_settings import RELOCATABLE, review_date
from planner.geo import degree_pairs, true_bearing

MASKED, STANDING_MASKED, BARE = (
    "to be masked", "to be masked: check that this camera can", "cannot be masked",
)  # fmt: skip


def camera_case(deployment: Deployment, which: str) -> CameraCase:
    """Make the case for one camera.

    Parameters
    ----------
    deployment
        The choice that it is of; its picture as the audience may see it.
    which
        The name of a camera that is put up, moved, turned or stated, or of one of the service's
        own that stand; or ``C1``, ``C2`` and so on, as the plan numbers what changes.

    Raises
    ------
    ScenarioError
        If there is no such camera, several have the name, or it is another's.
    """
    study, meant = deployment.study, meant_camera(deployment, which)
    options, grade, paper = meant.options, deployment.grade, study.settings.paper
    table, views = options.table.iloc[0], options.views
    crs = study.picture.estate.crs
    turns = bool(views.turns[0])
    longitude, latitude = degree_pairs(views.places, crs)[0]
    land = land_in_view(study.picture.estate, _ground(study, options))
    records = records_in_view(study, options, grade)
    private = _private(study, meant)
    review = review_date(paper, study.picture.as_of.date()).isoformat()
    day, night = meant.in_view
    purchase, yearly = _costs(deployment, meant)
    return CameraCase(
        name=meant.name,
        code=meant.code,
        role=meant.role,
        term=meant.term,
        kind=str(table["kind"]),
        mount=str(table["mount"]),
        longitude=longitude,
        latitude=latitude,
        bearing=round(float(true_bearing(views.bearing, views.places, crs)[0]), 1) % FULL_CIRCLE,
        field_of_view=float(views.field_of_view[0]),
        turns=turns,
        height_m=float(views.height_m[0]),
        range_m=float(views.range_m[0]),
        area=view_areas(study, options)[0],
        grade=grade,
        standard=study.settings.grades.source,
        reaches=_reaches(study, options),
        purpose=paper.purpose,
        records=records,
        expected_by_day=day * DAYS_A_YEAR,
        expected_after_dark=night * DAYS_A_YEAR,
        adds=meant.adds,
        adds_incidents=meant.added * DAYS_A_YEAR,
        beside=meant.beside,
        alternatives=alternatives(deployment, meant),
        square_metres=sum(part.square_metres for part in land),
        land=land,
        private=private,
        consents=tuple(table["consents"]),
        retention_days=paper.retention_days,
        signage=paper.signage,
        review_on=review,
        impact_assessment=paper.impact_assessment or NO_ASSESSMENT,
        principles=principles(paper, records, private, grade, study.settings.grades.source, review),
        purchase=purchase,
        yearly=yearly,
        currency=study.settings.currency,
        prices=study.settings.prices,
        gap=gap_between(deployment.covering.value, deployment.covering.bound),
        stopped_by=deployment.covering.stopped_by,
    )


def _ground(study: Study, options: Options) -> shapely.Geometry:
    """Return the ground within a camera's field and range, in metres."""
    views = options.views
    wide = FULL_CIRCLE if views.turns[0] else float(views.field_of_view[0])
    return look_around(views, study.walls).outline(0, float(views.bearing[0]), wide)


def _reaches(study: Study, options: Options) -> tuple[GradeReach, ...]:
    """Say how far each grade reaches by day and, unlit, after dark; none without a sensor."""
    views = options.views
    if not np.isfinite(views.sensor_px[0]):
        return ()
    grades = study.settings.grades.pixels_per_metre
    sensor = views.sensor_px[0] * np.array([1.0, views.night_factor[0]])
    return tuple(
        GradeReach(grade=name, pixels_per_metre=pixels, day_m=day, dark_m=dark)
        for name, pixels in grades.items()
        for day, dark in [
            np.minimum(
                reach_m(pixels, views.height_m[0], views.field_of_view[0], sensor),
                views.range_m[0],
            ).tolist()
        ]
    )


def _private(study: Study, meant: Meant) -> tuple[PrivateInView, ...]:
    """List the private places in view, the most exposed first."""
    places = study.private.places
    kinds = dict(zip(places["name"], places["kind"], strict=True))
    unsure = STANDING_MASKED if meant.row >= 0 else BARE
    found = [
        PrivateInView(
            name=view.name,
            kind=str(kinds[view.name]),
            share=view.share,
            treatment=unsure if view.unmasked > 0 else MASKED,
        )
        for view in private_views(study, meant.options, 0)
    ]
    return tuple(sorted(found, key=lambda view: (-view.share, view.name)))


def _costs(deployment: Deployment, meant: Meant) -> tuple[float, float]:
    """Return what the camera costs, once and a year; a unit of each term costs as a whole unit."""
    table = meant.options.table.iloc[0]
    if not is_placed_each_term(meant):
        return float(table["price"]), float(table["yearly"])
    kinds = deployment.study.settings.kinds.values()
    unit = next(kind for kind in kinds if kind.moves == RELOCATABLE)
    return (unit.purchase if deployment.wanted.relocatable else 0.0), unit.yearly
