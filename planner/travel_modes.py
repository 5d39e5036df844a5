"""How patrol teams get about: on foot, by bicycle or by vehicle, and how fast."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from planner.errors import UnknownMode

FOOT, BICYCLE, VEHICLE = "foot", "bicycle", "vehicle"
MODES = (FOOT, BICYCLE, VEHICLE)

Highway = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True)
class TravelMode:
    """How one team gets about.

    Attributes
    ----------
    name
        One of ``MODES``.
    metres_per_second
        Speed where the mode can be used.
    walking_metres_per_second
        Speed elsewhere: a bicycle is pushed or carried there, a vehicle is left behind.
    not_on
        Values of OpenStreetMap's ``highway`` on which the mode can't be used.
    """

    name: str
    metres_per_second: float
    walking_metres_per_second: float
    not_on: tuple[str, ...] = ()


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Bicycle(_Frozen):
    """A team that rides where it may and pushes elsewhere.

    Attributes
    ----------
    km_per_hour
        Speed while riding, junctions and lights included.
    not_on
        Where it is pushed or carried: OpenStreetMap's ``highway`` values. Usually all ways for
        walkers, as in England no one may ride there unless a sign says so.
    """

    km_per_hour: float = Field(default=12.0, gt=0.5, le=50)
    not_on: tuple[Highway, ...] = ("footway", "pedestrian", "steps")


class Vehicle(_Frozen):
    """A team that drives where it may, parks, and walks the rest of the way and back.

    Attributes
    ----------
    km_per_hour
        Speed while driving, junctions, lights and parking included.
    not_on
        Where it can't drive: OpenStreetMap's ``highway`` values.
    """

    km_per_hour: float = Field(default=20.0, gt=0.5, le=130)
    not_on: tuple[Highway, ...] = (
        "bridleway", "corridor", "cycleway", "footway", "path", "pedestrian", "steps", "track",
    )  # fmt: skip


class Modes(_Frozen):
    """How teams get about other than on foot.

    Attributes
    ----------
    bicycle, vehicle
        Speed, and where it can't be used.
    """

    bicycle: Bicycle = Bicycle()
    vehicle: Vehicle = Vehicle()

    def named(self, name: str, walking_km_per_hour: float) -> TravelMode:
        """Return a mode by its name, in any case.

        Parameters
        ----------
        name
            One of ``MODES``.
        walking_km_per_hour
            Walking speed of a patrol.

        Raises
        ------
        UnknownMode
            If there is no such mode.
        """
        wanted, walking = name.strip().casefold(), walking_km_per_hour / 3.6
        if wanted == FOOT:
            return TravelMode(FOOT, walking, walking)
        if wanted not in MODES:
            raise UnknownMode(
                f"There is no way to get about called '{name}'; give one of {', '.join(MODES)}."
            )
        found = self.bicycle if wanted == BICYCLE else self.vehicle
        return TravelMode(wanted, found.km_per_hour / 3.6, walking, found.not_on)
