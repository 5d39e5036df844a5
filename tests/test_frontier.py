"""What budgets buy: more for more money, never over the bound, and as a plan would say it."""

from itertools import pairwise

import pytest

from planner.allocate.camera_plan import camera_weights, cameras_plan
from planner.allocate.cameras.deployment import deploy
from planner.allocate.cameras.study import Study
from planner.allocate.comparison.frontier import QUICK, budgets_up_to, frontier
from planner.allocate.planning import risk_of_shift
from planner.allocate.scenario import Scenario, resolve_shift, scenario_from
from planner.errors import ScenarioError
from planner.geo import degree_pairs
from planner.service.demo import make_demo
from planner.service.workspace import take_picture


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    workspace = tmp_path_factory.mktemp("frontier") / "workspace"
    make_demo(workspace)
    picture, scenario = take_picture(workspace), scenario_from({})
    shift = resolve_shift(scenario.shift, picture.settings, picture.as_of)
    return Study(picture, risk_of_shift(picture, scenario, shift))


def place(study: Study, name: str) -> dict[str, object]:
    offer = study.offered(("fixed",), Scenario().cameras).offer
    (pair,) = degree_pairs(offer.views.places[offer.views.place[:1]], study.picture.estate.crs)
    return {"name": name, "position": list(pair)}


def test_points_say_what_a_plan_for_the_budget_says(study: Study) -> None:
    scenario = scenario_from({"cameras": {"place": [place(study, "Stated")]}})
    budgets = (8_000.0, 16_000.0, 24_000.0)
    points = frontier(study, scenario, budgets)
    for budget, point in zip(budgets, points, strict=True):
        wanted = scenario.cameras.model_copy(update={"budget": budget, "new": None})
        plan = cameras_plan(deploy(study, wanted, camera_weights(study, scenario), QUICK))
        assert (point.cameras, point.spent) == (len(plan.chosen), plan.purchase)
        assert (point.covered, point.bound, point.gap) == (plan.covered, plan.bound, plan.gap)
        assert point.spent <= budget
        assert point.covered <= point.bound + 1e-12
    assert all(less.covered <= more.covered + 1e-12 for less, more in pairwise(points))


def test_a_budget_that_buys_nothing_is_refused(study: Study) -> None:
    assert len(budgets_up_to(study, scenario_from({}), None)) == 10
    with pytest.raises(ScenarioError, match="buys no camera"):
        budgets_up_to(study, scenario_from({}), 5_000.0)
