"""The teams of a question: who starts where, how they get about, when they are free."""

from dataclasses import dataclass

from planner.allocate.legs import Place, whole_seconds
from planner.allocate.moments import seconds_in
from planner.allocate.patrols.problem import Meal, Team
from planner.allocate.question.places import Places
from planner.allocate.scenario import Scenario
from planner.allocate.scenario.teams import MealWanted, TeamWanted
from planner.clock import Shift
from planner.errors import ScenarioError, UnknownMode
from planner.settings import Settings
from planner.travel_modes import TravelMode

# As many letters as there are teams; then AA.
LETTERS = 26


@dataclass(frozen=True)
class Teams:
    """The teams, the modes that their ``mode`` counts, and their posts as people call them."""

    teams: tuple[Team, ...]
    modes: tuple[TravelMode, ...]
    posts: tuple[tuple[Place, Place], ...]


def team_letter(number: int) -> str:
    """Name a team: A to Z, then AA."""
    letter = chr(ord("A") + number % LETTERS)
    return letter if number < LETTERS else team_letter(number // LETTERS - 1) + letter


def teams_of(scenario: Scenario, settings: Settings, shift: Shift, places: Places) -> Teams:
    """Set out the teams of a scenario.

    Raises
    ------
    ScenarioError
        If a post is unknown or off the streets, hours lie outside the shift, or names are not
        distinct.
    """
    wanted = scenario.teams or tuple(TeamWanted() for _ in range(scenario.patrols.teams))
    names = [team.name or team_letter(number) for number, team in enumerate(wanted)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ScenarioError(f"teams: two are called '{twice[0]}'; give each a name of its own.")
    modes: dict[str, TravelMode] = {}
    teams, posts = [], []
    for number, (team, name) in enumerate(zip(wanted, names, strict=True)):
        key = f"teams[{number}]" if scenario.teams else "patrols"
        modes.setdefault(team.mode, _mode(settings, team.mode, f"{key}.mode"))
        start, finish = _posts(scenario, team, places, key)
        posts.append((start, finish))
        teams.append(
            Team(
                name=name,
                mode=list(modes).index(team.mode),
                start=places.add(start),
                finish=places.add(finish),
                **_hours(scenario, team, shift, key),
                officers=team.officers,
                can=frozenset(_word(word) for word in (team.mode, *team.can)),
                meal=_meal(team.meal or scenario.patrols.meal, shift, places, finish, key),
            )
        )
    return Teams(tuple(teams), tuple(modes.values()), tuple(posts))


def _word(text: str) -> str:
    return text.strip().casefold()


def _mode(settings: Settings, name: str, key: str) -> TravelMode:
    try:
        return settings.mode(name)
    except UnknownMode as error:
        raise ScenarioError(f"{key}: {error}") from error


def _posts(scenario: Scenario, team: TeamWanted, places: Places, key: str) -> tuple[Place, Place]:
    patrols = scenario.patrols
    usual = team.start or patrols.start
    at = f"{key}.start" if team.start else "patrols.start"
    start = places.usual_post() if usual is None else places.named(usual, at)
    end = team.finish or patrols.finish
    at = f"{key}.finish" if team.finish else "patrols.finish"
    finish = start if end is None else places.named(end, at)
    if team.position is not None:
        start = places.at(team.position, f"{key}.position")
    return start, finish


def _hours(scenario: Scenario, team: TeamWanted, shift: Shift, key: str) -> dict[str, int]:
    handover = whole_seconds(scenario.patrols.handover_minutes)
    begins = 0 if team.on is None else seconds_in(shift, team.on, f"{key}.from")
    ends = int(shift.seconds) if team.off is None else seconds_in(shift, team.off, f"{key}.to")
    free = begins + handover
    if team.free_from is not None:
        free = max(free, seconds_in(shift, team.free_from, f"{key}.free_from"))
    until = ends - handover
    if until <= free:
        raise ScenarioError(
            f"{key}: no time is left between its first and last moment ({(until - free) / 60:.0f} "
            "minutes); correct from, to, free_from, or patrols.handover_minutes."
        )
    return {"from_s": free, "until_s": until}


def _meal(
    wanted: MealWanted | None, shift: Shift, places: Places, post: Place, key: str
) -> Meal | None:
    if wanted is None:
        return None
    opens = seconds_in(shift, wanted.earliest, f"{key}.meal.from")
    ends = seconds_in(shift, wanted.latest, f"{key}.meal.to")
    takes = whole_seconds(wanted.minutes)
    if ends - takes < opens:
        raise ScenarioError(
            f"{key}.meal: {wanted.minutes:g} minutes do not fit between {wanted.earliest} and "
            f"{wanted.latest}; give a longer window."
        )
    place = post if wanted.place is None else places.named(wanted.place, f"{key}.meal.place")
    return Meal(places.add(place), opens, ends - takes, takes)
