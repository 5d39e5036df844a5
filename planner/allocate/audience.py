"""Whom a plan is for: what they may not see is taken away before anything is computed.

A picture is filtered first; risk, routes, reasons, warnings, the fingerprint and the plan's id
follow from what is left. So an output for an audience is the same, byte for byte, whether an entry
that is withheld from them exists or not.
"""

from planner.allocate.scenario import Scenario
from planner.errors import ScenarioError
from planner.incidents.handling import may_see
from planner.picture import Picture


def seen_by(picture: Picture, scenario: Scenario) -> Picture:
    """Return the picture as the audience of a scenario may see it.

    Parameters
    ----------
    picture
        All that is known, or what was filtered for the same audience before.
    scenario
        Its ``audience``; without ``intelligence`` no entry is left.

    Raises
    ------
    ScenarioError
        If the settings don't know the audience.
    """
    rules = picture.settings.handling
    if scenario.audience not in rules.audiences:
        raise ScenarioError(
            f"audience: there is no audience '{scenario.audience[:40]}'; the settings know "
            f"{', '.join(rules.audiences)}."
        )
    seen = tuple(
        entry
        for entry in picture.intelligence
        if scenario.intelligence and may_see(entry, scenario.audience, rules)
    )
    return picture if seen == picture.intelligence else picture.with_intelligence(seen)
