"""The places of a question: posts, stops, and where duties are, each on the open streets."""

from functools import cached_property

import numpy as np
import shapely

from planner.allocate.legs import Place, place_at
from planner.allocate.walking import Walking
from planner.errors import EstateError, ScenarioError
from planner.estate.model import Estate
from planner.estate.names import UnknownName, find_shape, known_shapes, zone_row
from planner.geo import to_metric

FAR_OFF_M = 1_000.0


class Places:
    """Places by row, as they are asked for; the same place has one row."""

    def __init__(self, estate: Estate, walking: Walking) -> None:
        self.estate, self.walking = estate, walking
        self.listed: list[Place] = []
        self._rows: dict[tuple[int, float, float], int] = {}

    def add(self, place: Place) -> int:
        """Return the row of a place."""
        key = (place.node, float(place.point[0]), float(place.point[1]))
        if key not in self._rows:
            self._rows[key] = len(self.listed)
            self.listed.append(place)
        return self._rows[key]

    @property
    def points(self) -> np.ndarray:
        """Metres, shape (k, 2)."""
        return np.array([place.point for place in self.listed], dtype=float).reshape(-1, 2)

    @property
    def nodes(self) -> np.ndarray:
        """Street nodes, shape (k,)."""
        return np.array([place.node for place in self.listed], dtype=int)

    def named(self, name: str, key: str) -> Place:
        """Put a site, post or zone on the streets.

        Raises
        ------
        ScenarioError
            If nothing has the name, or no open street is near it.
        """
        try:
            official, shape = self._shape(name)
        except UnknownName as error:
            raise ScenarioError(
                f"{key}: no post, site or zone is called '{name}'{error.hint()}; give the name of "
                "one."
            ) from error
        place, metres = place_at(self.walking.streets, official, shape)
        if metres > self.estate.stop_reach_m:
            raise ScenarioError(
                f"{key}: '{official}' is more than {self.estate.stop_reach_m:.0f} m from every "
                "street that is open in this shift; choose a post nearer to one."
            )
        return place

    def gate(self, name: str, key: str) -> np.ndarray:
        """Return where a site's gate is taken to be: on its outline, nearest to the streets.

        Returns
        -------
        numpy.ndarray
            Metres, shape (2,).

        Raises
        ------
        ScenarioError
            As :meth:`named`.
        """
        stands = shapely.Point(self.named(name, key).point)
        _, shape = self._shape(name)
        outline = shape.boundary if shapely.get_dimensions(shape) == 2 else shape
        on_outline: np.ndarray = shapely.get_coordinates(shapely.shortest_line(outline, stands))[0]
        return on_outline

    @cached_property
    def _known(self) -> dict[str, tuple[str, shapely.Geometry]]:
        return known_shapes(self.estate)

    def _shape(self, name: str) -> tuple[str, shapely.Geometry]:
        try:
            return find_shape(self.estate, name, self._known)
        except UnknownName:
            zones = self.estate.zones
            same = np.flatnonzero(zones["name"].str.lower() == name.strip().lower())
            if not len(same):
                raise
            return str(zones["name"].iloc[same[0]]), zones.geometry.iloc[same[0]]

    def zone(self, name: str, key: str) -> int:
        """Return the row of a zone by its name, or that in which a site of the name lies.

        Raises
        ------
        ScenarioError
            If nothing has the name.
        """
        return named_zone(self.estate, name, key)

    def stop_of(self, zone: int) -> Place | None:
        """Return where a patrol stands for a zone; None where no route can go."""
        stops = self.walking.stops
        if not stops.reachable[zone]:
            return None
        name = str(self.estate.zones["name"].iloc[zone])
        return Place(name, stops.points[zone], int(stops.nodes[zone]))

    def at(self, position: tuple[float, float], key: str) -> Place:
        """Put a live position (longitude, latitude) on the streets.

        Raises
        ------
        ScenarioError
            If it is no such pair, or lies far from every open street.
        """
        longitude, latitude = position
        metric = to_metric(np.array([longitude]), np.array([latitude]), self.estate.crs)[0]
        place, metres = (
            place_at(self.walking.streets, "where it is", shapely.Point(metric))
            if np.isfinite(metric).all()
            else (None, np.inf)
        )
        if place is None or metres > FAR_OFF_M:
            raise ScenarioError(
                f"{key}: {longitude}, {latitude} lies more than {FAR_OFF_M:.0f} m from every open "
                "street; give longitude and latitude, in this order."
            )
        return place

    def usual_post(self) -> Place:
        """Take the service's post nearest the middle of the estate, or else the site nearest it.

        Raises
        ------
        EstateError
            If none lies near an open street.
        """
        estate = self.estate
        for table in (estate.posts, estate.sites):
            order = np.argsort(
                shapely.distance(table.geometry.to_numpy(), estate.middle), kind="stable"
            )
            for row in order:
                name, shape = table["name"].iloc[row], table.geometry.iloc[row]
                place, off_street_m = place_at(self.walking.streets, str(name), shape)
                if off_street_m <= estate.stop_reach_m:
                    return place
        raise EstateError(
            f"No site lies within {estate.stop_reach_m:.0f} m of an open street, so no patrol can "
            "start; give the streets around the estate to 'planner init'."
        )


def named_zone(estate: Estate, name: str, key: str) -> int:
    """Return the row of a zone by its name, or that in which a site of the name lies.

    Raises
    ------
    ScenarioError
        If nothing has the name.
    """
    try:
        return zone_row(estate, name)
    except UnknownName as error:
        raise ScenarioError(
            f"{key}: no site or zone is called '{name}'{error.hint()}; give the name of one."
        ) from error
