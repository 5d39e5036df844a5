"""Events of a scenario: how many times as high the risk is taken to be while something goes on.

A factor is the scenario's own assumption, said wherever its results are shown; graded entries of
intelligence are something else (:mod:`planner.insight.intelligence`).
"""

from dataclasses import replace

import numpy as np

from planner.allocate.scenario import Scenario
from planner.errors import ScenarioError
from planner.estate.model import Estate
from planner.estate.names import UnknownName, zone_row
from planner.insight.risk.model import Risk


def with_events(risk: Risk, scenario: Scenario, estate: Estate) -> Risk:
    """Return the risk of a shift with the scenario's events.

    Raises
    ------
    ScenarioError
        If an event is at a place that the estate does not have.
    """
    if not scenario.events:
        return risk
    factors = np.ones(len(risk.zones))
    for number, event in enumerate(scenario.events):
        rows = [_row(estate, name, f"events[{number}].places") for name in event.places]
        factors[rows or slice(None)] *= event.factor
    return replace(risk, expected=risk.expected * factors[:, None])


def event_words(scenario: Scenario) -> tuple[str, ...]:
    """Say which events are assumed, and by which factor."""
    return tuple(
        f"Not forecast: {event.name} makes risk {event.factor:g} times as high "
        + (f"at {', '.join(event.places)}." if event.places else "everywhere.")
        for event in scenario.events
    )


def _row(estate: Estate, name: str, key: str) -> int:
    try:
        return zone_row(estate, name)
    except UnknownName as error:
        raise ScenarioError(
            f"{key}: no site or zone is called '{name}'{error.hint()}; give the name of one."
        ) from error
