"""The question put to the planner: which shift, which teams, what must be done, what to place."""

from planner.allocate.scenario.scenario import Scenario as Scenario
from planner.allocate.scenario.scenario import ShiftWanted as ShiftWanted
from planner.allocate.scenario.scenario import read_scenario as read_scenario
from planner.allocate.scenario.scenario import resolve_shift as resolve_shift
from planner.allocate.scenario.scenario import scenario_from as scenario_from
