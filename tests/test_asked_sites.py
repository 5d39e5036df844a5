"""A site whose cover is asked for has places on offer, however little its risk is."""

import numpy as np
import pytest

from planner.allocate.cameras import options
from planner.allocate.cameras.demanded import rows_of_site
from planner.allocate.cameras.study import Offered, Study
from planner.allocate.planning import risk_of_shift
from planner.allocate.scenario import resolve_shift, scenario_from
from planner.allocate.scenario.cameras import CamerasWanted
from planner.errors import ScenarioError
from planner.service.demo import make_demo
from planner.service.workspace import take_picture

KINDS = ("fixed",)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    workspace = tmp_path_factory.mktemp("asked") / "workspace"
    make_demo(workspace)
    picture, scenario = take_picture(workspace), scenario_from({})
    shift = resolve_shift(scenario.shift, picture.settings, picture.as_of)
    return Study(picture, risk_of_shift(picture, scenario, shift))


def seen_of(offered: Offered, rows: np.ndarray) -> int:
    seen = np.asarray(offered.seen.sum(axis=0)).ravel() > 0
    return int(seen[rows].sum())


def test_places_that_see_an_asked_site_come_first(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(options, "MOST_PLACES", 20)
    usual = study.offered(KINDS, CamerasWanted())
    unseen = [
        str(name)
        for name in study.picture.estate.sites["name"]
        if not seen_of(usual, rows_of_site(study, str(name), "")[1])
    ]
    reached = 0
    for name in unseen[:5]:
        asked = study.offered(KINDS, CamerasWanted(minimum_cover={name: 0.1}))
        reached += seen_of(asked, rows_of_site(study, name, "")[1]) > 0
    assert len(unseen) >= 5
    assert reached >= 4


def test_an_unknown_site_is_named(study: Study) -> None:
    with pytest.raises(ScenarioError, match="no site or post is called 'Atlantis'"):
        study.offered(KINDS, CamerasWanted(minimum_cover={"Atlantis": 0.1}))
