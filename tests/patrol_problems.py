"""Random patrol problems, and the best of all plans of a small one by trying every one.

Posts come first among the places, then zones in order, then places of duties. ``random_problem``
without further wishes is the plain kind: teams that are all alike, on foot, from one post.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import shortest_path
from scipy.spatial import Delaunay
from scipy.spatial.distance import cdist

from planner.allocate.legs import Legs, stretched
from planner.allocate.patrols.options import Options, ZoneRules, visit_options
from planner.allocate.patrols.problem import Commitment, Made, Meal, Problem, Team, none_made
from planner.allocate.patrols.worth import Worth
from planner.insight.timing.profile import BIN_S

SPEEDS = (1.3, 3.0, 5.0)
MODES = ("foot", "bicycle", "vehicle")
JUNCTIONS = 12
POSTS = 2


@dataclass(frozen=True)
class Wanted:
    """What a random problem holds beside its zones and teams.

    Attributes
    ----------
    mixed
        Whether teams differ: modes, officers, posts, hours, what they can do.
    streets
        Whether ways lead along a small random network rather than straight.
    duties, must_visits, escorts, joint
        How many duties and visits at stated hours there are, and how many of the duties are
        escorts, and done by two teams.
    meals
        Whether teams have breaks.
    for_two
        How many zones only two teams together go to.
    made
        How many visits were made before.
    """

    mixed: bool = False
    streets: bool = False
    duties: int = 0
    must_visits: int = 0
    escorts: int = 0
    joint: int = 0
    meals: bool = False
    for_two: int = 0
    made: int = 0


def random_problem(
    zones: int,
    teams: int,
    shift_s: int,
    reserve: float,
    seed: int,
    minimum: Mapping[int, int] | None = None,
    side_m: float = 1500.0,
    gap_s: int = 3600,
    visits_a_gap: int = 6,
    wanted: Wanted | None = None,
    wishes: bool = False,
) -> Problem:
    """A patrol problem with zones scattered over a square."""
    wanted = wanted or Wanted()
    generator = np.random.default_rng(seed)
    spots = generator.uniform(0, side_m, (POSTS + zones + wanted.duties, 2))
    bins = -(-shift_s // BIN_S)
    need = generator.gamma(0.4, 0.1, (zones, 1)) * generator.uniform(0.5, 1.5, (1, bins))
    worth = Worth(need, shift_s)
    together = np.ones(zones, dtype=int)
    together[generator.permutation(zones)[: wanted.for_two if teams > 1 else 0]] = 2
    rules = ZoneRules(
        place=np.arange(zones) + POSTS,
        dwell_s=np.where(generator.random(zones) < 0.2, 600, 900),
        together=together,
        single_officer=generator.random(zones) < 0.5,
    )
    dark = ((shift_s // 3, shift_s // 2),) if wanted.mixed else ()
    listed = tuple(_team(number, shift_s, wanted, generator) for number in range(teams))
    options = visit_options(worth, rules, gap_s, dark)
    duties = _duties(zones, listed, shift_s, wanted, generator)
    visits = _must_visits(zones, listed, rules, shift_s, wanted, generator)
    made = _made(zones, wanted.made, generator)
    return Problem(
        teams=listed,
        options=_away_from(options, made, visits, gap_s),
        commitments=(*duties, *visits),
        minimum=minimum or {},
        journeys=_journeys(spots, wanted, generator),
        worth=worth,
        reserve=reserve,
        visits_a_gap=visits_a_gap,
        made=made,
        wishes=wishes,
    )


def _team(number: int, shift_s: int, wanted: Wanted, generator: np.random.Generator) -> Team:
    meal = None
    if wanted.meals:
        opens = int(generator.integers(0, shift_s // 2))
        meal = Meal(0, opens, max(opens, min(opens + shift_s // 3, shift_s - 3600)), 1200)
    if not wanted.mixed:
        # Teams that are alike have the same break.
        meal = meal and Meal(0, shift_s // 4, shift_s // 2, 1200)
        return Team(chr(65 + number), 0, 0, 0, 0, shift_s, meal=meal)
    mode = int(generator.integers(len(SPEEDS)))
    start, finish = generator.integers(POSTS, size=2).tolist()
    can = {MODES[mode]} | ({"keys"} if number == 0 or generator.random() < 0.4 else set())
    late = int(generator.integers(0, shift_s // 6))
    return Team(
        chr(65 + number), mode, start, finish, late,
        shift_s - int(generator.integers(0, shift_s // 6)),
        officers=2 if number == 0 else int(generator.integers(1, 3)), can=frozenset(can), meal=meal,
    )  # fmt: skip


def _window(shift_s: int, takes: int, generator: np.random.Generator) -> tuple[int, int]:
    opens = int(generator.integers(shift_s // 6, max(shift_s // 6 + 1, shift_s // 2)))
    closes = min(opens + int(generator.integers(900, shift_s // 3 + 901)), shift_s * 5 // 6 - takes)
    return min(opens, closes), closes


def _duties(
    zones: int, teams: tuple[Team, ...], shift_s: int, wanted: Wanted,
    generator: np.random.Generator,
) -> list[Commitment]:  # fmt: skip
    listed = []
    for number in range(wanted.duties):
        takes = int(generator.integers(2, 6)) * 150
        opens, closes = _window(shift_s, takes, generator)
        place = POSTS + zones + number
        escort = number < wanted.escorts
        joint = not escort and number < wanted.escorts + wanted.joint and len(teams) > 1
        needs = {"keys"} if wanted.mixed and not joint and generator.random() < 0.4 else set()
        listed.append(
            Commitment(
                f"duties[{number}]", f"Duty {number}", place,
                POSTS + int(generator.integers(zones)) if escort else place,
                opens, closes, takes, needs=frozenset(needs), together=2 if joint else 1,
            )
        )  # fmt: skip
    return listed


def _must_visits(
    zones: int, teams: tuple[Team, ...], rules: ZoneRules, shift_s: int, wanted: Wanted,
    generator: np.random.Generator,
) -> list[Commitment]:  # fmt: skip
    listed = []
    for number, zone in enumerate(generator.permutation(zones)[: wanted.must_visits].tolist()):
        takes = int(rules.dwell_s[zone])
        opens, closes = _window(shift_s, takes, generator)
        place = POSTS + zone
        listed.append(
            Commitment(
                f"must_visits[{number}]", f"Zone {zone}", place, place, opens, closes, takes,
                zone=zone, together=int(rules.together[zone]),
            )
        )  # fmt: skip
    return listed


def _made(zones: int, number: int, generator: np.random.Generator) -> Made:
    if not number:
        return none_made()
    zone = generator.permutation(zones)[:number]
    begins = generator.integers(-1800, 1800, len(zone))
    return Made(zone, begins, begins + 900)


def _away_from(options: Options, made: Made, visits: list[Commitment], gap_s: int) -> Options:
    """Leave out the options that could break the gap to what is demanded or was made."""
    kept = np.ones(len(options), dtype=bool)
    for zone, end in zip(made.zone.tolist(), made.ends.tolist(), strict=True):
        kept &= (options.zone != zone) | (options.opens >= end + gap_s)
    for one in visits:
        before = options.closes + options.dwell_s + gap_s <= one.opens_s
        after = options.opens >= one.closes_s + one.service_s + gap_s
        kept &= (options.zone != one.zone) | before | after
    return options.only(np.flatnonzero(kept))


def _journeys(
    spots: np.ndarray, wanted: Wanted, generator: np.random.Generator
) -> tuple[Legs, ...]:
    speeds = SPEEDS if wanted.mixed else SPEEDS[:1]
    if not wanted.streets:
        metres = cdist(spots, spots)
        return tuple(_legs(spots, metres, metres / speed) for speed in speeds)
    nodes = np.concatenate([spots, generator.uniform(0, spots.max(), (JUNCTIONS, 2))])
    tail, head = _edges(nodes)
    lengths = np.hypot(*(nodes[tail] - nodes[head]).T) * generator.uniform(1, 2, len(tail))
    walkers_only = generator.random(len(tail)) < 0.3
    return tuple(
        _legs(
            spots,
            _shortest(tail, head, lengths, len(nodes), len(spots)),
            _shortest(
                tail, head, lengths / np.where(walkers_only, SPEEDS[0], speed), len(nodes),
                len(spots),
            ),
        )
        for speed in speeds
    )  # fmt: skip


def _edges(nodes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    triangles = Delaunay(nodes).simplices
    pairs = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]])
    pairs = np.unique(np.sort(pairs, axis=1), axis=0)
    return pairs[:, 0], pairs[:, 1]


def _shortest(
    tail: np.ndarray, head: np.ndarray, costs: np.ndarray, nodes: int, kept: int
) -> np.ndarray:
    graph = coo_array((costs, (tail, head)), (nodes, nodes)).tocsr()
    found: np.ndarray = shortest_path(graph, directed=False)[:kept, :kept]
    return found


def _legs(points: np.ndarray, metres: np.ndarray, seconds: np.ndarray) -> Legs:
    return Legs(points, metres, np.ceil(seconds - 1e-6).astype(np.int64), None, None)


def priced(problem: Problem) -> Problem:
    """The same with visits whose worth is the same whenever they are made."""
    return replace(
        problem, worth=None, options=replace(problem.options, most=problem.options.worth)
    )


def few_options(problem: Problem, number: int, seed: int = 0) -> Problem:
    """The same with a few of its options drawn at random."""
    rows = np.random.default_rng(seed).permutation(len(problem.options))[:number]
    return replace(problem, options=problem.options.only(np.sort(rows)))


# What a team can do in a plan: a visit, a commitment or its meal, and which.
Item = tuple[str, int]


@dataclass(frozen=True)
class Walk:
    """One way that a team can spend its shift: what it does in order, and when it begins each."""

    items: tuple[Item, ...]
    begins: tuple[int, ...]


def walks_of(problem: Problem, team: int) -> Iterator[Walk]:
    """Every order of everything that a team can do in time, each begun as early as can be."""
    yield from _longer(problem, team, Walk((), ()), problem.teams[team].start,
                       problem.teams[team].from_s, False)  # fmt: skip


def _longer(
    problem: Problem, team: int, walk: Walk, here: int, now: int, visited: bool
) -> Iterator[Walk]:
    who, legs = problem.teams[team], problem.journeys[problem.teams[team].mode].seconds
    home = int(legs[here, who.finish])
    if now + (_slow(problem, home) if visited else home) <= who.until_s:
        yield walk
    for item in _items(problem, team):
        if item in walk.items:
            continue
        place, leaves, opens, closes, takes = _terms(problem, team, item)
        leg = int(legs[here, place])
        slow = visited or item[0] == "visit"
        begins = max(now + (_slow(problem, leg) if slow else leg), opens)
        if begins <= closes:
            longer = Walk((*walk.items, item), (*walk.begins, begins))
            yield from _longer(
                problem, team, longer, leaves, begins + takes, item[0] == "visit"
            )  # fmt: skip


def _slow(problem: Problem, seconds: int) -> int:
    return int(stretched(seconds, problem.reserve))


def _items(problem: Problem, team: int) -> list[Item]:
    who = problem.teams[team]
    able = problem.options.officers <= who.officers
    return [
        *(("visit", int(row)) for row in np.flatnonzero(able)),
        *(
            ("commitment", row)
            for row, one in enumerate(problem.commitments)
            if one.needs <= who.can and one.officers <= who.officers and one.team in (-1, team)
        ),
        *([("meal", team)] if who.meal else []),
    ]


def _terms(problem: Problem, team: int, item: Item) -> tuple[int, int, int, int, int]:
    kind, row = item
    options, meal = problem.options, problem.teams[team].meal
    if kind == "visit":
        place = int(options.place[row])
        takes = _slow(problem, int(options.dwell_s[row]))
        return place, place, int(options.opens[row]), int(options.closes[row]), takes
    if kind == "commitment":
        one = problem.commitments[row]
        return one.place, one.leaves, one.opens_s, one.closes_s, one.service_s
    if meal is None:
        raise ValueError(team)
    return meal.place, meal.place, meal.opens_s, meal.closes_s, meal.service_s


def best_of_all(problem: Problem) -> float | None:
    """The most that any plan covers, all demands met, of a priced problem; None if none can be.

    What two teams do together must have one moment for a window. Only a few options, commitments
    and teams can be tried.
    """
    each = [
        {frozenset(walk.items) for walk in walks_of(problem, team)}
        for team in range(len(problem.teams))
    ]
    each = [
        {done for done in sets if (("meal", row) in done) == (team.meal is not None)}
        for row, (team, sets) in enumerate(zip(problem.teams, each, strict=True))
    ]  # fmt: skip
    together = {
        **{("visit", row): int(many) for row, many in enumerate(problem.options.together)},
        **{("commitment", row): one.together for row, one in enumerate(problem.commitments)},
    }
    plans: set[tuple[tuple[Item, int], ...]] = {()}
    for sets in each:
        plans = {
            grown for plan in plans for done in sets if (grown := _grown(plan, done, together))
            is not None
        }  # fmt: skip
    values = [
        value for plan in plans if (value := _value(problem, dict(plan), together)) is not None
    ]
    return max(values, default=None)


def _grown(
    plan: tuple[tuple[Item, int], ...], done: frozenset[Item], together: Mapping[Item, int]
) -> tuple[tuple[Item, int], ...] | None:
    counts = dict(plan)
    for item in done:
        if item[0] == "meal":
            continue
        counts[item] = counts.get(item, 0) + 1
        if counts[item] > together[item]:
            return None
    return tuple(sorted(counts.items()))


def _value(
    problem: Problem, counts: Mapping[Item, int], together: Mapping[Item, int]
) -> float | None:
    if any(together[item] != many for item, many in counts.items()):
        return None
    rows = [row for kind, row in counts if kind == "visit"]
    demanded = {row for kind, row in counts if kind == "commitment"}
    if len(demanded) < len(problem.commitments):
        return None
    zones = [int(problem.options.zone[row]) for row in rows]
    zones += [problem.commitments[row].zone for row in demanded] + problem.made.zone.tolist()
    if any(zones.count(zone) < least for zone, least in problem.minimum.items()):
        return None
    return float(problem.options.worth[rows].sum())


def best_walk(problem: Problem) -> float:
    """The most that the one team of a problem covers, each visit as early as can be."""
    if problem.worth is None or len(problem.teams) != 1:
        raise ValueError("one team, and visits whose worth depends on their time")
    best = 0.0
    for walk in walks_of(problem, 0):
        rows = np.array([row for _, row in walk.items], dtype=int)
        begins = np.array(walk.begins, dtype=float)
        ends = begins + problem.options.dwell_s[rows]
        adds = problem.worth.in_order(np.zeros(len(rows)), problem.options.zone[rows], begins, ends)
        best = max(best, float(adds.sum()))
    return best
