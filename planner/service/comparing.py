"""Comparing scenarios: from a workspace and scenarios to the files that a manager uses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from planner.allocate.audience import seen_by
from planner.allocate.comparison.built_in import (
    NAMES,
    NOTHING,
    TODAY,
    Content,
    built_in_scenarios,
)
from planner.allocate.comparison.compare import Comparing, Named, Tried
from planner.allocate.comparison.frontier import budgets_up_to, frontier
from planner.allocate.comparison.results import Comparison
from planner.allocate.comparison.survival import DRAWS, survival
from planner.allocate.scenario import Scenario, read_scenario, scenario_from
from planner.allocate.scenario.inheritance import merged
from planner.errors import Infeasible, ScenarioError
from planner.picture import Picture
from planner.publish.comparison_page import comparison_html
from planner.publish.comparison_tables import scenario_table
from planner.publish.tables import spreadsheet_csv
from planner.service.planning import scenario_in, write_files
from planner.service.workspace import open_register, take_picture

COMPARISON_FILE, PAGE_FILE, TABLE_FILE = "comparison.json", "comparison.html", "comparison.csv"
MOST_SCENARIOS = 40

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Wanted:
    """What is to be compared.

    Attributes
    ----------
    scenarios
        Names of built-in scenarios and files; the built-in ones if none is given.
    base
        The scenario that built-in ones differ from; the usual one if None.
    largest_budget
        Of the frontier; enough for twenty of the cheapest cameras if None.
    budgets, draws
        Whether to work out the frontier, and over how many draws of the risk choices are tried.
    """

    scenarios: Sequence[str] = ()
    base: Path | None = None
    largest_budget: float | None = None
    budgets: bool = True
    draws: int = DRAWS


@dataclass(frozen=True)
class WrittenComparison:
    """A comparison, and where its files are."""

    comparison: Comparison
    folder: Path
    files: tuple[str, ...]


def compare_scenarios(
    workspace: Path,
    wanted: Wanted,
    out: Path,
    as_of: datetime | None = None,
    progress: Progress = lambda _: None,
) -> WrittenComparison:
    """Compare scenarios and write ``comparison.json``, ``comparison.html`` and ``comparison.csv``.

    Parameters
    ----------
    workspace
        Folder of the workspace; the comparison is entered in its audit log.
    wanted
        What is to be compared.
    out
        Folder for the files; it is made if need be.
    as_of
        Compare by what was known at that moment; by all that is known if None.
    progress
        Told in words what is being done.

    Raises
    ------
    PlannerError
        If a scenario or the workspace can't be used; then no file is written.
    """
    whole = take_picture(workspace, as_of)
    named = scenarios_of(whole, wanted)
    picture = seen_by(whole, named[0].scenario)
    made = compare(picture, named, wanted, progress)
    subject = {"comparison": made.id, "picture": made.fingerprint, "version": made.version}
    with open_register(workspace, picture.settings) as register:
        register.log_once("comparison", subject, int(datetime.now(UTC).timestamp()))
    contents = {
        COMPARISON_FILE: made.to_json().encode(),
        PAGE_FILE: comparison_html(picture, made).encode(),
        TABLE_FILE: spreadsheet_csv(scenario_table(made)).encode(),
    }
    write_files(out, contents)
    return WrittenComparison(made, out, tuple(contents))


def compare(
    picture: Picture,
    named: Sequence[Named],
    wanted: Wanted,
    progress: Progress = lambda _: None,
) -> Comparison:
    """Plan every scenario and set them side by side; the first is what the others differ from."""
    progress(named[0].name)
    comparing = Comparing(picture, named[0])
    tried = [comparing.base]
    for each in named[1:]:
        progress(each.name)
        tried.append(_tried(comparing, each))
    made = comparing.comparison([comparing.result(each) for each in tried], NOTHING)
    base = named[0].scenario
    if wanted.budgets:
        progress("what budgets buy")
        budgets = budgets_up_to(comparing.study, base, wanted.largest_budget)
        made = made.model_copy(update={"frontier": frontier(comparing.study, base, budgets)})
    if wanted.draws:
        progress(f"{wanted.draws} draws of the risk")
        changed = [each for each in tried if len(each.deployment.covering.chosen)]
        notes = tuple(
            survival(each.deployment, each.named.name, base.solver.seed, wanted.draws)
            for each in changed
        )
        made = made.model_copy(update={"survival": notes})
    return made


@dataclass(frozen=True)
class ScenarioWish:
    """What a person chose to compare in the app.

    Attributes
    ----------
    names
        Built-in scenarios, beside today's.
    teams
        How many patrol teams there are today.
    grade
        From which grade of detail on something counts as seen; the settings' usual one if None.
    budget
        For which the best choice of new cameras is one more scenario; none if None.
    budgets, draws
        Whether the frontier is worked out, and choices are tried over draws of the risk.
    """

    names: tuple[str, ...]
    teams: int = 2
    grade: str | None = None
    budget: float | None = None
    budgets: bool = False
    draws: bool = False


def scenario_names(picture: Picture) -> tuple[str, ...]:
    """Return the built-in scenarios that today can be set beside."""
    return tuple(name for name in built_in_scenarios(picture) if name != TODAY)


def compared(picture: Picture, wish: ScenarioWish) -> Comparison:
    """Compare what a person chose.

    Raises
    ------
    PlannerError
        If something can't be planned; the message says why.
    """
    cameras = {} if wish.grade is None else {"grade": wish.grade}
    base = scenario_from({"patrols": {"teams": wish.teams}, "cameras": cameras})
    built_in = built_in_scenarios(picture, base)
    named = [_named(name, built_in) for name in (TODAY, *wish.names)]
    if wish.budget is not None:
        currency = picture.settings.cameras.currency
        label = f"{currency}{wish.budget:,.0f} of cameras"
        content = merged(built_in[TODAY], {"name": label, "cameras": {"budget": wish.budget}})
        content["cameras"].pop("new")
        named.append(Named(label, scenario_from(content)))
    seen = seen_by(picture, base)
    wanted = Wanted(budgets=wish.budgets, draws=DRAWS if wish.draws else 0)
    return compare(seen, named, wanted)


def _tried(comparing: Comparing, named: Named) -> Tried:
    try:
        return comparing.tried(named)
    except (ScenarioError, Infeasible) as error:
        raise type(error)(f"scenario '{named.name}': {error}") from error


def scenarios_of(picture: Picture, wanted: Wanted) -> list[Named]:
    """Read the scenarios that are to be compared; today's comes first if none is before it.

    Raises
    ------
    ScenarioError
        If there is no scenario of a name, one is given twice, or they can't be planned from one
        picture: for several audiences, with and without graded entries.
    """
    base = scenario_in(picture, wanted.base)
    built_in = built_in_scenarios(picture, base)
    if len(wanted.scenarios) > MOST_SCENARIOS:
        raise ScenarioError(
            f"{len(wanted.scenarios)} scenarios are too many to set side by side; give "
            f"{MOST_SCENARIOS} at most."
        )
    names = list(wanted.scenarios) or list(NAMES)
    if TODAY not in names:
        names.insert(0, TODAY)
    found = [_named(name, built_in) for name in names]
    labels = [each.name for each in found]
    twice = sorted({label for label in labels if labels.count(label) > 1})
    if twice:
        raise ScenarioError(
            f"Two scenarios are called '{twice[0]}'; give each its own 'name', so that they can be "
            "told apart."
        )
    audiences = sorted({each.scenario.audience for each in found})
    if len(audiences) > 1:
        raise ScenarioError(
            f"The scenarios are for several audiences ({', '.join(audiences)}); compare those for "
            "one at a time."
        )
    # All are planned from one picture: it has the graded entries, or it has none.
    if len({each.scenario.intelligence for each in found}) > 1:
        raise ScenarioError(
            "Some scenarios are with graded entries of intelligence and some without; give "
            "'intelligence' the same value in all, with --base for the built-in ones."
        )
    return found


def _named(name: str, built_in: dict[str, Content]) -> Named:
    """Return a built-in scenario, or one from a file."""
    path = Path(name)
    if name in built_in and not path.is_file():
        return Named(name, scenario_from(built_in[name], name), patrols=name != NOTHING)
    if not path.exists():
        raise ScenarioError(
            f"There is no scenario '{name}': give a TOML file, or one of {', '.join(built_in)}."
        )
    scenario = read_scenario(path, lambda: built_in)
    label = scenario.name if scenario.name != Scenario().name else path.stem
    return Named(label, scenario.model_copy(update={"name": label}))
