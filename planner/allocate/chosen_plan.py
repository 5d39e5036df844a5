"""A plan as one of its choices has it: what is shown, printed and handed out of another choice."""

from planner.allocate.plan import Choice, PatrolsPlan, Plan, gap_between


def with_choice(plan: Plan, number: int) -> Plan:
    """Return a plan with the routes of one of the plans to choose from.

    Parameters
    ----------
    plan
        The plan.
    number
        Place of the choice among ``plan.patrols.choices``; 0 is the plan itself.

    Returns
    -------
    Plan
        Its ``id`` ends with the place of another choice, counted from 1, and its scenario's name
        with the choice's. What is left out, not met or changed is said of the plan itself only.

    Raises
    ------
    IndexError
        If there is no such choice.
    """
    if number == 0:
        return plan
    choice = plan.patrols.choices[number]
    covered = _covered(plan.patrols, choice)
    bound = max(plan.patrols.bound, covered)
    patrols = plan.patrols.model_copy(
        update={
            "routes": choice.routes,
            "risk_covered": covered,
            "bound": bound,
            "gap": gap_between(covered, bound),
            "waits": choice.waits,
            "draws": choice.draws,
            "left_out": (),
            "relaxed": (),
            "changes": (),
        }
    )
    name = f"{plan.scenario.name}: {choice.name}"
    scenario = plan.scenario.model_copy(update={"name": name})
    return plan.model_copy(
        update={"id": f"{plan.id}-{number + 1}", "scenario": scenario, "patrols": patrols}
    )


def _covered(patrols: PatrolsPlan, choice: Choice) -> float:
    """Return the share that a choice covers, in the plan's own measure."""
    own, other = (
        sum(stop.risk for route in routes for stop in route.stops)
        for routes in (patrols.routes, choice.routes)
    )
    return patrols.risk_covered * other / own if own > 0 else 0.0
