"""The options of a scenario: what stands, what could be turned, moved, bought, or placed each term.

Each part of the options is a table with one row for each, what it sees, and what it could see of
private places; all parts together are what the covering problem chooses from.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, vstack

from planner.allocate.cameras.options import Offer, joined, of_rows, views_of
from planner.allocate.cameras.standing import Standing, yearly_cost
from planner.allocate.cameras.study import Study
from planner.allocate.cameras.views import FULL_CIRCLE, Views
from planner.allocate.scenario.cameras import CamerasWanted
from planner.camera_settings import RELOCATABLE

KEPT, TURNED, NEW, MOVED, PLACED_EACH_TERM = "kept", "turned", "new", "moved", "each term"
TURN_DEGREES = 30.0
RELOCATABLE_OPTIONS = MOVED_OPTIONS = 200


@dataclass(frozen=True)
class Options:
    """Options of one or more roles.

    Attributes
    ----------
    table
        ``role``, ``name``, ``mount``, ``consents``, ``kind``, ``price`` (once), ``yearly``,
        ``masks``, ``standing`` (row of the standing camera that it is, -1 for none), ``optics``
        (which standing cameras are like it, -1 for none).
    views
        What each sees.
    seen
        Share of the time in which each sees each row, shape (options, rows).
    exposed
        Share of each private place that each could see, shape (options, places).
    """

    table: pd.DataFrame
    views: Views
    seen: csr_array
    exposed: csr_array

    def __len__(self) -> int:
        """How many there are."""
        return len(self.table)

    def only(self, rows: np.ndarray) -> "Options":
        """Return some of them."""
        return Options(
            self.table.iloc[rows].reset_index(drop=True),
            of_rows(self.views, rows),
            self.seen[rows],
            self.exposed[rows],
        )


def together(parts: list[Options]) -> Options:
    """Put options of several roles one after the other."""
    return Options(
        pd.concat([part.table for part in parts], ignore_index=True),
        joined([part.views for part in parts]),
        csr_array(vstack([part.seen for part in parts], format="csr")),
        csr_array(vstack([part.exposed for part in parts], format="csr")),
    )


def kept(study: Study, standing: Standing, grade: str) -> Options:
    """Return the standing cameras as they are, the service's own and others'."""
    table, views = standing.table, standing.views
    return Options(
        pd.DataFrame(
            {
                "role": KEPT,
                "name": table["name"].to_numpy(object),
                "mount": "",
                "consents": [()] * len(table),
                "kind": table["kind"].to_numpy(object),
                "price": 0.0,
                "yearly": yearly_cost(table, study.settings),
                # What is not known to be masked counts as seen.
                "masks": (table["masks"] == "yes").to_numpy(bool),
                "standing": np.arange(len(table)),
                "optics": optics_classes(views),
            }
        ),
        views,
        study.seen(views, grade),
        study.exposed(views),
    )


def turned(study: Study, standing: Options, rows: np.ndarray, grade: str) -> Options:
    """Return cameras that stand, each facing every other way, 30 degrees apart.

    Parameters
    ----------
    standing
        As :func:`kept` returns it.
    rows
        Which of them may be turned: none of those that see all round.
    """
    whole = standing.views
    aimed = rows[(whole.field_of_view[rows] < 360) & ~whole.turns[rows]]
    turns = np.arange(TURN_DEGREES, 360.0, TURN_DEGREES)
    each = np.repeat(aimed, len(turns))
    views = of_rows(whole, each)
    bearing = (whole.bearing[each] + np.tile(turns, len(aimed))) % 360
    views = replace(views, bearing=bearing)
    table = standing.table.iloc[each].reset_index(drop=True)
    return Options(
        table.assign(role=TURNED, price=study.settings.re_aim),
        views,
        study.seen(views, grade),
        study.exposed(views),
    )


def bought(study: Study, wanted: CamerasWanted) -> Options:
    """Return what could be bought."""
    found = study.offered(wanted.kinds, wanted)
    return Options(_offer_table(found.offer, NEW), found.offer.views, found.seen, found.exposed)


def optics_classes(views: Views) -> np.ndarray:
    """Return a number for each camera: equal ones can stand for one another, shape (options,)."""
    alike = np.column_stack([
        views.field_of_view, views.range_m, views.height_m, np.nan_to_num(views.sensor_px, nan=-1),
        views.night_factor, views.turns,
    ])  # fmt: skip
    classes: np.ndarray = np.unique(alike, axis=0, return_inverse=True)[1].ravel()
    return classes


def moved(study: Study, new: Options, standing: Options, rows: np.ndarray, grade: str) -> Options:
    """Return where cameras could be moved to that stand elsewhere: as they are, for less money.

    Parameters
    ----------
    new
        What could be bought: the best of its places are those to move to.
    standing
        As :func:`kept` returns it.
    rows
        Which of them may be moved.
    grade
        From which grade of detail on something counts as seen.
    """
    best = np.argsort(-(new.seen @ study.incidents), kind="stable")[:MOVED_OPTIONS]
    first = np.unique(standing.table["optics"].to_numpy()[rows], return_index=True)[1]
    return together([_elsewhere(study, new, np.sort(best), standing, row, grade)
                     for row in rows[first]])  # fmt: skip


def _elsewhere(
    study: Study, new: Options, places: np.ndarray, standing: Options, row: int, grade: str
) -> Options:
    """Return a standing camera, by its row, at places of new ones."""
    if standing.views.turns[row] or standing.views.field_of_view[row] >= FULL_CIRCLE:
        # It sees the same whichever way it is put up.
        places = places[np.unique(new.views.place[places], return_index=True)[1]]
    there, own = of_rows(new.views, places), of_rows(standing.views, np.full(len(places), row))
    views = replace(own, places=there.places, place=there.place, bearing=there.bearing)
    known = standing.table.iloc[int(row)]
    table = new.table.iloc[places].assign(
        role=MOVED, price=study.settings.move, kind=known["kind"], yearly=known["yearly"],
        masks=bool(known["masks"]), optics=known["optics"],
    )  # fmt: skip
    return Options(
        table.reset_index(drop=True), views, study.seen(views, grade), study.exposed(views)
    )


def placed_each_term(study: Study, wanted: CamerasWanted) -> Options:
    """Return where relocatable units could stand; what they cost does not depend on where."""
    names = tuple(name for name, kind in study.settings.kinds.items() if kind.moves == RELOCATABLE)
    found = study.offered(names[:1], wanted)
    worth = found.seen @ study.incidents
    best = np.sort(np.argsort(-worth, kind="stable")[:RELOCATABLE_OPTIONS])
    part = found.offer.only(best)
    table = _offer_table(part, PLACED_EACH_TERM).assign(price=0.0, yearly=0.0)
    return Options(table, part.views, found.seen[best], found.exposed[best])


def _offer_table(offer: Offer, role: str) -> pd.DataFrame:
    table = offer.table.rename(columns={"purchase": "price"})
    return table.assign(role=role, standing=-1, optics=-1)


def stated(
    study: Study, wanted: CamerasWanted, points: np.ndarray, bearings: np.ndarray
) -> Options:
    """Return the cameras that the scenario places itself.

    Parameters
    ----------
    points
        Where they are, metres of shape (n, 2).
    bearings
        Degrees clockwise from grid north, shape (n,).
    """
    kinds = study.kinds(tuple(camera.kind for camera in wanted.place), "cameras.place")
    parts, rows = [], []
    for number, camera in enumerate(wanted.place):
        kind = kinds[camera.kind]
        own = kind.model_copy(
            update={
                name: value
                for name in ("field_of_view", "range_m", "height_m")
                if (value := getattr(camera, name)) is not None
            }
        )
        at = slice(number, number + 1)
        parts.append(views_of(points[at], np.zeros(1, dtype=int), bearings[at], own, None))
        rows.append((camera.name, camera.kind, kind.purchase, kind.yearly, kind.masks))
    views = joined(parts)
    table = pd.DataFrame(rows, columns=["name", "kind", "price", "yearly", "masks"])
    return Options(
        table.assign(
            role=NEW, mount="as stated", consents=[()] * len(rows), standing=-1, optics=-1
        ),
        views,
        study.seen(views, study.grade(wanted)),
        study.exposed(views),
    )
