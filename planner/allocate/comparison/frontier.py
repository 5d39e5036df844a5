"""The frontier of cover against budget: the best choice of cameras for each of some budgets."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planner.allocate.camera_plan import camera_weights, covered_and_bound
from planner.allocate.cameras import roles
from planner.allocate.cameras.deployment import Deployment, deploy
from planner.allocate.cameras.solving import Effort
from planner.allocate.cameras.study import Study
from planner.allocate.comparison.results import BudgetPoint
from planner.allocate.plan import gap_between
from planner.allocate.scenario import Scenario
from planner.errors import ScenarioError

BUDGETS = 10
# The largest of the usual budgets buys so many of the cheapest cameras.
CAMERAS_FOR_THE_LARGEST = 20
# A frontier needs no last tenth of a per cent: each point says how far it can be off.
QUICK = Effort(rounds=20, nodes=200)


def budgets_up_to(study: Study, scenario: Scenario, largest: float | None) -> tuple[float, ...]:
    """Return ten budgets, evenly apart.

    Parameters
    ----------
    largest
        The largest; enough for twenty of the cheapest cameras if None.

    Raises
    ------
    ScenarioError
        If the least of them buys nothing.
    """
    kinds = study.kinds(scenario.cameras.kinds, "cameras.kinds")
    cheapest = min((kind.purchase for kind in kinds.values()), default=0.0)
    most = CAMERAS_FOR_THE_LARGEST * cheapest if largest is None else largest
    if not most > 0 or most / BUDGETS < cheapest:
        currency = study.settings.currency
        raise ScenarioError(
            f"--budget: a tenth of {currency}{most:,.0f} buys no camera ({currency}{cheapest:,.0f} "
            f"each); give {currency}{cheapest * BUDGETS:,.0f} at least."
        )
    return tuple(float(budget) for budget in np.linspace(most / BUDGETS, most, BUDGETS))


def frontier(study: Study, scenario: Scenario, budgets: Sequence[float]) -> tuple[BudgetPoint, ...]:
    """Choose cameras for each budget, the scenario's other wishes kept.

    Raises
    ------
    ScenarioError
        If a budget buys nothing.
    Infeasible
        If least covers can't be reached with one.
    """
    weights = camera_weights(study, scenario)
    effort = replace(QUICK, seed=scenario.solver.seed)
    points = []
    for budget in budgets:
        wanted = scenario.cameras.model_copy(update={"budget": budget, "new": None})
        deployment = deploy(study, wanted, weights, effort)
        covered, bound = covered_and_bound(deployment)
        points.append(
            BudgetPoint(
                budget=budget,
                spent=deployment.purchase,
                cameras=_changed(deployment),
                covered=covered,
                bound=bound,
                gap=gap_between(deployment.covering.value, deployment.covering.bound),
            )
        )
    return tuple(points)


def _changed(deployment: Deployment) -> int:
    """Return how many cameras are put up, moved or turned, those that are stated too."""
    role = deployment.options.table["role"].to_numpy(object)[deployment.chosen]
    stated = deployment.possible.stated
    return int((role != roles.KEPT).sum()) + (0 if stated is None else len(stated))
