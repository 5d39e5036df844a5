"""A plan as one of its choices has it."""

from types import ModuleType

import pytest
from questions import plan as planned
from questions import small_picture

from planner.allocate.chosen_plan import with_choice
from planner.allocate.plan import Plan
from planner.publish.exports import routes_gpx


@pytest.fixture(scope="module")
def plan(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return planned(small_picture(build, tmp_path_factory.mktemp("chosen")))


def test_the_first_choice_is_the_plan_itself(plan: Plan) -> None:
    assert with_choice(plan, 0) is plan


def test_another_choice_brings_its_routes_figures_and_name(plan: Plan) -> None:
    assert len(plan.patrols.choices) > 1
    for number, choice in list(enumerate(plan.patrols.choices))[1:]:
        shown = with_choice(plan, number)
        assert shown.patrols.routes == choice.routes
        assert shown.patrols.risk_covered == pytest.approx(choice.risk_covered, rel=1e-6)
        assert shown.patrols.risk_covered <= shown.patrols.bound
        assert shown.patrols.waits == choice.waits
        assert shown.patrols.left_out == ()
        assert shown.id == f"{plan.id}-{number + 1}"
        assert choice.name in routes_gpx(shown)
        assert Plan.model_validate_json(shown.to_json()) == shown


def test_a_choice_that_there_is_not(plan: Plan) -> None:
    with pytest.raises(IndexError):
        with_choice(plan, 99)
