"""How much of each zone's risk is in view of cameras in a shift."""

import numpy as np

from planner.allocate.cameras.standing import check_own, standing_in
from planner.allocate.cameras.study import Study
from planner.allocate.daylight import dark_stretches
from planner.allocate.demand import zone_shares
from planner.allocate.scenario.cameras import CamerasWanted
from planner.clock import Shift


def standing_in_view(study: Study, wanted: CamerasWanted, shift: Shift) -> np.ndarray:
    """Return the share of each zone's risk that cameras see which stand and work, shape (z,).

    Raises
    ------
    ScenarioError
        If the scenario names a camera that is not there.
    """
    check_own(study.picture.estate, wanted.down, "cameras.down")
    standing = standing_in(study.picture.estate, wanted.down)
    seen = study.seen(standing.views, study.grade(wanted))
    return in_view(study, np.asarray(seen.sum(axis=0)).ravel(), shift)


def in_view(study: Study, cover: np.ndarray, shift: Shift) -> np.ndarray:
    """Return the share of each zone's risk that is covered in a shift, shape (z,).

    Parameters
    ----------
    cover
        How often each row is seen, days and then nights, shape (2 p,).
    shift
        The shift: what is seen after dark counts for as much of it as is dark.
    """
    day, night = np.minimum(cover, 1.0).reshape(2, -1)
    stretches = dark_stretches(shift, study.picture.estate)
    dark = sum(end - begin for begin, end in stretches) / shift.seconds
    zones = len(study.risk.zones)
    return zone_shares(study.demand, (1.0 - dark) * day + dark * night, zones)
