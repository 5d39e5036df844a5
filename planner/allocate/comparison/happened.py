"""What there was to be seen of incidents: where from outside, by day or after dark, in which zone.

An incident whose time of day is known counts after dark for as much of its time as was dark, any
other for the share of its zone's risk that falls after dark. Police snap points say nothing of the
place within a zone: of such an incident the share of its zone's demand counts that is in view.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, hstack

from planner.allocate.cameras.roles import Options
from planner.allocate.cameras.study import Study
from planner.allocate.daylight import dark_parts
from planner.allocate.demand import Demand, seen_outdoors
from planner.insight.timing.aoristic import usable

BY_ZONE = -1


@dataclass(frozen=True)
class Happened:
    """Incidents, as far as cameras could have seen them.

    Attributes
    ----------
    points
        Where they could be seen, metres of shape (p, 2).
    spread
        How much each point stands for of each exact place, shape (places, p).
    place
        Row of each incident's exact place, -1 where only its zone is known, shape (n,).
    zone
        Row of its zone, shape (n,).
    dark
        Share of its time that was dark, shape (n,).
    weight
        What it counts, shape (n,).
    """

    points: np.ndarray
    spread: csr_array
    place: np.ndarray
    zone: np.ndarray
    dark: np.ndarray
    weight: np.ndarray

    def by_label(self, label: np.ndarray, labels: int, demand: Demand) -> csr_array:
        """Return how much of the weight of each label lies where, and in which light.

        Parameters
        ----------
        label
            A number from 0 for each incident, -1 to leave it out, shape (n,).
        labels
            How many there are.
        demand
            Over its points incidents are spread of which only the zone is known.

        Returns
        -------
        scipy.sparse.csr_array
            Shape (labels, 2 p + 2 d): points by day and after dark, then the demand's so.
        """
        zones = int(max(self.zone.max(initial=0), demand.zone.max(initial=0))) + 1
        whole = np.bincount(demand.zone, demand.weights, minlength=zones)
        points = np.arange(len(demand.zone))
        of_zone = csr_array(
            (demand.weights / whole[demand.zone], (demand.zone, points)),
            shape=(zones, len(points)),
        )
        parts = []
        for row, spread in ((self.place, self.spread), (self._zone_alone, of_zone)):
            counts = np.flatnonzero((label >= 0) & (row >= 0))
            for light in (1.0 - self.dark, self.dark):
                weight = (self.weight * light)[counts]
                at = (label[counts], row[counts])
                parts.append(csr_array((weight, at), shape=(labels, spread.shape[0])) @ spread)
        return csr_array(hstack(parts, format="csr"))

    @property
    def by_zone_alone(self) -> int:
        """Of how many incidents only the zone is known."""
        return int((self.place == BY_ZONE).sum())

    @property
    def _zone_alone(self) -> np.ndarray:
        rows: np.ndarray = np.where(self.place == BY_ZONE, self.zone, -1)
        return rows


def happened(incidents: pd.DataFrame, study: Study, *, trust_snaps: bool = False) -> Happened:
    """Say of incidents what there was to be seen.

    Parameters
    ----------
    incidents
        As :attr:`planner.picture.Picture.on_estate` has them.
    study
        What is known of the estate, by the data that choices are made with.
    trust_snaps
        Take police snap points for places, as one who counts points on a map does.
    """
    at = incidents[["x", "y"]].to_numpy(float)
    exact = np.isfinite(at).all(axis=1)
    if not trust_snaps:
        exact &= ~incidents["anonymised"].to_numpy(bool)
    places, which = np.unique(at[exact], axis=0, return_inverse=True)
    place = np.full(len(at), BY_ZONE)
    place[exact] = which.ravel()
    seen = seen_outdoors(places, study.picture.estate, study.settings.spacing_m)
    zone = study.picture.ground.rows(incidents["zone"])
    return Happened(
        points=seen.points,
        spread=csr_array(
            (seen.shares, (seen.place, np.arange(len(seen.points)))),
            shape=(len(places), len(seen.points)),
        ),
        place=place,
        zone=zone,
        dark=_dark(incidents, study, zone),
        weight=incidents["weight"].to_numpy(float),
    )


def _dark(incidents: pd.DataFrame, study: Study, zone: np.ndarray) -> np.ndarray:
    timed = usable(incidents, study.picture.settings.time_zone)
    dark: np.ndarray = study.dark[zone].astype(float)
    known = incidents[timed]
    dark[timed] = dark_parts(known["occurred_from"], known["occurred_to"], study.picture.estate)
    return dark


def seen_of(study: Study, options: Options, grade: str, what: Happened) -> csr_array:
    """Return what options see of the columns of :meth:`Happened.by_label`: (options, columns)."""
    points = study.seen(options.views, grade, what.points)
    return csr_array(hstack([points, options.seen], format="csr"))
