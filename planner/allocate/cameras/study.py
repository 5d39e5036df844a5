"""What all camera choices of one picture share: demand, walls, light, and what could be bought.

Scenarios that are compared ask the same of one study, and it works everything out once.
"""

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import csr_array, hstack

from planner.allocate.cameras.darkness import dark_hours, dark_shares
from planner.allocate.cameras.mounts import mounts
from planner.allocate.cameras.options import Offer, best_bearings, best_places, offer_at
from planner.allocate.cameras.private import Private, exposed, private_of
from planner.allocate.cameras.site_rows import points_of_site
from planner.allocate.cameras.terms import term_shares
from planner.allocate.cameras.views import (
    Targets,
    Views,
    look_around,
    shares_seen,
    sights,
    targets,
)
from planner.allocate.demand import Demand, risk_points
from planner.allocate.scenario.cameras import CamerasWanted
from planner.allocate.sightlines.walls import Walls, walls_of
from planner.camera_settings import CameraKind, CameraSettings
from planner.errors import ScenarioError
from planner.estate.surroundings import LAMP
from planner.insight.risk.forecast import mean_harm
from planner.insight.risk.model import Risk
from planner.picture import Picture

# Enough that a place which sees a site whose cover is asked for goes before any other.
ASKED_FIRST = 1_000.0


@dataclass(frozen=True)
class Offered:
    """What could be bought, what it would see, and what private places it could see.

    Attributes
    ----------
    offer
        The cameras.
    seen
        Share of the time in which each sees each row, shape (offered, 2 p): days, then nights.
    exposed
        Share of each private place that each could see, shape (offered, places).
    """

    offer: Offer
    seen: csr_array
    exposed: csr_array


class Study:
    """The demand of a picture, and what cameras could see of it.

    Rows of demand are the points by day, and then the same after dark.

    Parameters
    ----------
    picture
        As the scenario's audience may see it.
    risk
        Its risk; cameras stand for years, so that of a mean day counts.
    """

    def __init__(self, picture: Picture, risk: Risk) -> None:
        self.picture, self.risk = picture, risk
        self._offered: dict[tuple[object, ...], Offered] = {}

    @property
    def settings(self) -> CameraSettings:
        """What the workspace knows of cameras."""
        return self.picture.settings.cameras

    @cached_property
    def demand(self) -> Demand:
        """Where the risk of a mean day lies."""
        picture = self.picture
        return risk_points(picture.on_estate, picture.estate, self.risk, self.settings.spacing_m)

    @cached_property
    def walls(self) -> Walls:
        """What blocks views."""
        return walls_of(self.picture.estate.outlines)

    @cached_property
    def private(self) -> Private:
        """What must not be watched."""
        return private_of(self.picture.estate)

    @cached_property
    def places(self) -> gpd.GeoDataFrame:
        """Where a camera could be put up."""
        return mounts(self.picture.estate, self.walls)

    @cached_property
    def incidents(self) -> np.ndarray:
        """Expected incidents of each row on a mean day, shape (2 p,)."""
        return self._by_light(self.demand.weights)

    @cached_property
    def harm(self) -> np.ndarray:
        """Expected harm of each row on a mean day, shape (2 p,)."""
        each = mean_harm(self.picture.on_estate, self.picture.ground)
        return self._by_light(self.demand.weights * each[self.demand.zone])

    @cached_property
    def zone(self) -> np.ndarray:
        """Zone row of each row of demand, shape (2 p,)."""
        return np.tile(self.demand.zone, 2)

    @cached_property
    def by_term(self) -> np.ndarray:
        """Share of each row's demand that falls in each term, shape (terms, 2 p)."""
        shares: np.ndarray = term_shares(self.picture)[:, self.zone]
        return shares

    @cached_property
    def dark(self) -> np.ndarray:
        """Share of each zone's risk that falls after dark, shape (z,)."""
        picture = self.picture
        hours = dark_hours(picture.estate, picture.settings.time_zone)
        return dark_shares(picture.expectation.profile, hours)

    def _by_light(self, weights: np.ndarray) -> np.ndarray:
        dark = self.dark[self.demand.zone]
        return np.concatenate([weights * (1.0 - dark), weights * dark])

    def grade(self, wanted: CamerasWanted) -> str:
        """Return the grade of detail from which on something counts as seen."""
        return wanted.grade or self.settings.grades.usual_grade

    def targets(self, grade: str, points: np.ndarray | None = None) -> Targets:
        """Return the points of demand, or others, and what a grade of detail needs.

        Raises
        ------
        ScenarioError
            If the settings' table has no such grade.
        """
        table = self.settings.grades.pixels_per_metre
        if grade not in table:
            raise ScenarioError(
                f"cameras.grade: there is no grade '{grade}' in {self.settings.standard}; it has "
                f"{', '.join(table)}."
            )
        around = self.picture.estate.surroundings
        lamps = shapely.get_coordinates(around.geometry[around["kind"] == LAMP].to_numpy())
        at = self.demand.points if points is None else points
        return targets(at, lamps, self.settings.lamp_reach_m, table[grade])

    def seen(self, views: Views, grade: str, points: np.ndarray | None = None) -> csr_array:
        """Return the share of the time in which cameras see rows, shape (options, 2 p).

        Rows are those of demand, or of other ``points``: by day, and then after dark.
        """
        looked_at = self.targets(grade, points)
        found = sights(views, look_around(views, self.walls), looked_at.points)
        return csr_array(hstack(shares_seen(views, found, looked_at), format="csr"))

    def exposed(self, views: Views) -> csr_array:
        """Return the share of each private place that cameras could see: (options, places)."""
        return exposed(views, look_around(views, self.walls), self.private)

    def kinds(self, names: tuple[str, ...], key: str) -> dict[str, CameraKind]:
        """Return kinds of the settings.

        Raises
        ------
        ScenarioError
            If the settings don't know one.
        """
        for name in names:
            if name not in self.settings.kinds:
                raise ScenarioError(
                    f"{key}: there is no kind of camera '{name}'; the settings know "
                    f"{', '.join(self.settings.kinds)}."
                )
        return {name: self.settings.kinds[name] for name in names}

    def offered(self, names: tuple[str, ...], wanted: CamerasWanted) -> Offered:
        """Return what could be bought of some kinds; worked out once for each question.

        Raises
        ------
        ScenarioError
            If a kind or the grade is unknown.
        """
        kinds = self.kinds(names, "cameras.kinds")
        key = (names, wanted.range_m, self.grade(wanted), tuple(wanted.minimum_cover))
        if key not in self._offered:
            self._offered[key] = self._looked_at(kinds, wanted)
        return self._offered[key]

    def _looked_at(self, kinds: dict[str, CameraKind], wanted: CamerasWanted) -> Offered:
        reach = max((kind.range_m for kind in kinds.values()), default=1.0)
        if wanted.range_m is not None:
            reach = min(reach, wanted.range_m)
        points, first = self.demand.points, self._asked_first(wanted)
        best = best_places(self.places, points, self.demand.weights * first, reach, self.walls)
        whole = offer_at(best, kinds, wanted.range_m)
        seen = self.seen(whole.views, self.grade(wanted))
        worth = seen @ (self.incidents * np.tile(first, 2))
        kind = whole.table["kind"].to_numpy(object)
        kept = best_bearings(whole.views.place, kind, worth)
        offer = whole.only(kept)
        return Offered(offer, seen[kept], self.exposed(offer.views))

    def _asked_first(self, wanted: CamerasWanted) -> np.ndarray:
        """Return how much each point counts in what is offered, shape (p,).

        A site whose cover is asked for may have little risk: its places come before all others.
        """
        estate, points = self.picture.estate, self.demand.points
        first = np.ones(len(points))
        for name in wanted.minimum_cover:
            first[points_of_site(estate, points, name, "cameras.minimum_cover")[1]] = ASKED_FIRST
        return first
