"""From a scenario to numbers: what is asked reaches the problem, what is wrong is named."""

import dataclasses
import re
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from patrol_rules import broken_rules
from questions import content, cut_off, plan, question, small_picture, solved

from planner.allocate.patrols.problem import Made
from planner.allocate.question.demands import Week
from planner.allocate.question.need import checked, need_for
from planner.allocate.question.places import Places
from planner.allocate.question.question import Before, ask
from planner.allocate.scenario import resolve_shift, scenario_from
from planner.allocate.walking import walking_in
from planner.errors import Infeasible, NoIncidents, PlannerError, ScenarioError
from planner.insight.risk.forecast import shift_risk
from planner.picture import Picture

ALPHA, BETA, GAMMA = "Alpha College", "Beta Museum", "Gamma Library"
NOON = {"date": "2025-12-20", "start": "10:00", "end": "14:00"}
AUTUMN = {"date": "2025-10-25", "name": "night"}
SPRING = {"date": "2026-03-28", "name": "night"}
ONE_TEAM = {"teams": 1}


@pytest.fixture(scope="module")
def picture(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Picture:
    return small_picture(build, tmp_path_factory.mktemp("question"))


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"patrols": {"start": "Hogwarts"}}, r"^patrols\.start: no post, site or zone.*Hogwarts"),
        ({"patrols": {"finish": "Hogwarts"}}, r"^patrols\.finish: "),
        ({"teams": [{}, {"start": "Hogwarts"}]}, r"^teams\[1\]\.start: .*'Hogwarts'"),
        ({"teams": [{"finish": "Alpa Colege"}]}, r"^teams\[0\]\.finish: .*did you mean Alpha Coll"),
        ({"teams": [{"mode": "horse"}]}, r"^teams\[0\]\.mode: .*foot, bicycle, vehicle"),
        ({"teams": [{"name": "V"}, {"name": "V"}]}, r"^teams: two are called 'V'"),
        ({"teams": [{"name": "B"}, {}]}, r"^teams: two are called 'B'"),
        ({"teams": [{"from": "21:00"}]}, r"^teams\[0\]\.from: 21:00 is no time of the shift"),
        ({"teams": [{"to": "07:00"}]}, r"^teams\[0\]\.to: 07:00 is no time of the shift"),
        ({"teams": [{"free_from": "07:00"}]}, r"^teams\[0\]\.free_from: "),
        ({"teams": [{"from": "05:00", "to": "23:00"}]}, r"^teams\[0\]: no time is left"),
        ({"teams": [{"position": [51.75, -1.26]}]}, r"^teams\[0\]\.position: .*in this order"),
        ({"teams": [{"position": [float("nan"), 51.75]}]}, r"^teams\[0\]\.position: "),
        ({"teams": [{"position": [float("inf"), 51.75]}]}, r"^teams\[0\]\.position: "),
        ({"patrols": {"meal": {"from": "23:00", "to": "23:10"}}}, r"^patrols\.meal: 30 minutes"),
        ({"patrols": {"meal": {"from": "12:00", "to": "13:00"}}}, r"^patrols\.meal\.from: 12:00"),
        ({"teams": [{"meal": {"from": "23:00", "to": "00:00", "place": "Hogwarts"}}]},
         r"^teams\[0\]\.meal\.place: "),
        ({"patrols": {"handover_minutes": 120.0}, "shift": NOON}, r"^patrols: no time is left"),
        ({"patrols": {"no_go": ["Hogwarts"]}}, r"^patrols\.no_go: "),
        ({"patrols": {"minimum_visits": ["Hogwarts"]}}, r"^patrols\.minimum_visits: .*'Hogwarts'"),
        ({"patrols": {"minimum_visits": [BETA], "no_go": [BETA]}},
         r"^patrols\.minimum_visits: 'Beta Museum' must be visited and is named in patrols\.no_go"),
        ({"must_visits": [{"place": BETA}], "patrols": {"no_go": [BETA]}},
         r"^must_visits\[0\]\.place: 'Beta Museum' must be visited"),
        ({"must_visits": [{"place": ALPHA}, {"place": "Hogwarts"}]}, r"^must_visits\[1\]\.place: "),
        ({"must_visits": [{"place": ALPHA, "from": "21:00", "to": "23:00"}]},
         r"^must_visits\[0\]\.from: 21:00"),
        ({"must_visits": [{"place": ALPHA, "from": "23:00", "to": "23:10"}]},
         r"^must_visits\[0\]: 15 minutes do not fit"),
        ({"duties": [{"place": "Hogwarts"}]}, r"^duties\[0\]\.place: "),
        ({"duties": [{"place": ALPHA, "to_place": "Hogwarts"}]}, r"^duties\[0\]\.to_place: "),
        ({"duties": [{"place": ALPHA, "from": "22:00", "to": "22:05"}]}, r"^duties\[0\]: 10 min"),
        ({"duties": [{"place": ALPHA, "from": "05:00", "to": "23:00"}]}, r"^duties\[0\]: 10 min"),
        ({"duties": [{"place": ALPHA, "to": "06:30"}]}, r"^duties\[0\]\.to: 06:30"),
        ({"duties": [{"place": ALPHA, "from": "22:00+09:00"}]}, r"^duties\[0\]\.from: "),
        ({"duties": [{"place": ALPHA, "from": "01:30"}], "shift": AUTUMN},
         r"^duties\[0\]\.from: 01:30 comes twice.*01:30\+01:00 or 01:30\+00:00"),
        ({"duties": [{"place": ALPHA, "from": "01:30"}], "shift": SPRING},
         r"^duties\[0\]\.from: 01:30 is no time of the shift"),
        ({"duties": [{"place": ALPHA, "needs": ["dog"]}]}, r"^duties\[0\] .*needs dog.*relax"),
        ({"duties": [{"place": ALPHA, "teams": 2}], "patrols": ONE_TEAM},
         r"^duties\[0\] .*by two teams together.*1 team"),
        ({"duties": [{"place": ALPHA}], "teams": [{"officers": 1}]},
         r"^duties\[0\] .*not by one officer alone"),
        ({"patrols": {"minimum_visits": {ALPHA: 30}}},
         r"^patrols\.minimum_visits \(Alpha College, 30 visits, which can be seen at most"),
        ({"patrols": {"teams": 1}, "safety": {"nearest_team_minutes": 5.0},
          "duties": [{"place": ALPHA}]},
         r"^duties\[0\] .*within 5 minutes of another.*safety\.nearest_team_minutes"),
        ({"patrols": {"every_site": 20}}, r"^patrols\.minimum_visits \("),
        ({"zones": [{"name": "Hogwarts"}]}, r"^zones\[0\]\.name: "),
        ({"lodges": [{"place": ALPHA}, {"place": "Hogwarts"}]}, r"^lodges\[1\]\.place: "),
        ({"lodges": [{"place": ALPHA, "from": "12:00", "to": "13:00"}]}, r"^lodges\[0\]\.from: "),
        ({"watched": {"share": 0.5, "categories": ["arson"]}}, r"^watched\.categories: .*theft"),
        ({"safety": {"single_officers_after_dark": ["Hogwarts"]}},
         r"^safety\.single_officers_after_dark: "),
    ],
)  # fmt: skip
def test_what_can_not_be_asked_is_named_by_its_key(
    picture: Picture, parts: dict[str, Any], message: str
) -> None:
    with pytest.raises((ScenarioError, Infeasible), match=message):
        question(picture, **parts)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"duties": [{"place": "Hogwarts"}]}, r"^Left out: duties\[0\]\.place: "),
        ({"must_visits": [{"place": BETA}], "patrols": {"no_go": [BETA]}},
         r"^Left out: must_visits\[0\]\.place: "),
        ({"patrols": {"minimum_visits": [BETA], "no_go": [BETA]}},
         r"^Left out: patrols\.minimum_visits: "),
        ({"duties": [{"place": ALPHA, "from": "22:00", "to": "22:05"}]}, r"^Left out: duties\[0\]"),
        ({"duties": [{"place": ALPHA, "needs": ["dog"]}]}, r"^Not done: .*\(duties\[0\]\)"),
        ({"duties": [{"place": ALPHA, "teams": 2}], "patrols": ONE_TEAM}, r"^Not done: .*duties"),
        ({"duties": [{"place": ALPHA}], "teams": [{"officers": 1}]}, r"^Not done: .*duties\[0\]"),
        ({"patrols": {"minimum_visits": {ALPHA: 30}}}, r"^Alpha College: [1-9] of the 30 visits"),
        ({"patrols": {"minimum_visits": {BETA: 1}, "teams": 1},
          "zones": [{"name": BETA, "teams": 2}]}, r"^Beta Museum: 0 of the 1 visits"),
        ({"teams": [{"from": "00:00", "meal": {"from": "22:00", "to": "22:40"}}, {}]},
         r"^Not taken: the meal break of A\."),
    ],
)  # fmt: skip
def test_what_is_relaxed_is_said(picture: Picture, parts: dict[str, Any], said: str) -> None:
    relaxing = {"patrols": parts.get("patrols", {}) | {"if_impossible": "relax"}}
    made = plan(picture, **(parts | relaxing))
    assert len(made.patrols.relaxed) == 1
    assert re.search(said, made.patrols.relaxed[0])


def test_what_can_be_done_is_done_where_demands_may_be_relaxed(picture: Picture) -> None:
    # A duty of two teams can't begin as the shift does: neither is there yet.
    parts = {
        "duties": [{"place": ALPHA, "teams": 2}, {"place": GAMMA, "from": "23:00", "to": "23:30"}],
        "must_visits": [{"place": BETA, "from": "00:00", "to": "01:00"}],
        "patrols": {
            "if_impossible": "relax", "minimum_visits": [GAMMA],
            "meal": {"from": "01:00", "to": "04:00"},
        },
    }  # fmt: skip
    made = plan(picture, **parts)
    assert made.patrols.relaxed == ()
    kinds = [stop.kind for route in made.patrols.routes for stop in route.stops]
    assert kinds.count("duty") == 3
    assert kinds.count("must-visit") == 1
    assert kinds.count("meal") == 2
    together = [stop.with_team for route in made.patrols.routes for stop in route.stops]
    assert sorted(filter(None, together)) == ["A", "B"]


@pytest.mark.parametrize("relax", [False, True])
def test_no_plan_of_a_question_breaks_a_rule(picture: Picture, relax: bool) -> None:
    parts = {
        "teams": [
            {"name": "Victor", "mode": "vehicle", "can": ["Keys "], "start": ALPHA},
            {"name": "Foxtrot", "officers": 1, "from": "23:00", "to": "05:00"},
            {"name": "Tango", "mode": "bicycle", "finish": GAMMA},
        ],
        "duties": [
            {"kind": "lock", "place": ALPHA, "from": "23:00", "to": "00:30", "needs": ["keys"]},
            {"kind": "escort", "place": BETA, "to_place": GAMMA, "from": "01:00", "to": "03:00"},
        ],
        "must_visits": [{"place": BETA, "from": "02:00", "to": "04:00"}],
        "zones": [{"name": GAMMA, "teams": 2, "dwell_minutes": 10.0}],
        "safety": {"single_officers_after_dark": [ALPHA]},
        "patrols": {
            "gap_minutes": 45.0, "visits_a_gap": 2, "reserve": 0.3, "handover_minutes": 10.0,
            "meal": {"from": "01:00", "to": "04:00", "minutes": 20.0},
            "if_impossible": "relax" if relax else "refuse",
        },
    }  # fmt: skip
    found = solved(picture, **parts)
    problem, tours = found.question.problem, found.patrols.tours
    assert broken_rules(problem, tours, 45 * 60) == []
    # Alone after dark only where it is allowed.
    for tour in tours:
        if problem.teams[tour.team].officers == 1:
            assert {step.zone for step in tour.visits} <= {0}
    assert found.bound >= found.patrols.value
    assert problem.teams[0].can == {"keys", "vehicle"}
    assert (problem.teams[1].from_s, problem.teams[1].until_s) == (4200, 7 * 3600 - 600)


def test_no_stop_lies_in_a_zone_that_no_team_enters(picture: Picture) -> None:
    made = plan(picture, patrols={"no_go": [ALPHA]})
    zones = {stop.zone for route in made.patrols.routes for stop in route.stops}
    assert zones
    assert "alpha-college" not in zones
    nothing = plan(picture, patrols={"no_go": [ALPHA, BETA, GAMMA]})
    assert nothing.patrols.routes == ()
    assert nothing.patrols.risk_covered == nothing.patrols.bound == 0.0


def test_a_zone_that_no_street_is_near(picture: Picture) -> None:
    far = cut_off(picture, BETA)
    made = plan(far)
    zones = {stop.zone for route in made.patrols.routes for stop in route.stops}
    assert zones
    assert "beta-museum" not in zones
    wanted = {"must_visits": [{"place": BETA}]}
    with pytest.raises(ScenarioError, match=r"^must_visits\[0\]\.place: .*no route can reach it"):
        question(far, **wanted)
    with pytest.raises(ScenarioError, match=r"^patrols\.minimum_visits: .*no route can reach it"):
        question(far, patrols={"minimum_visits": [BETA]})
    with pytest.raises(ScenarioError, match=r"^patrols\.start: .*choose a post nearer"):
        question(far, patrols={"start": BETA})
    with pytest.raises(ScenarioError, match=r"^duties\[0\]\.place: "):
        question(far, duties=[{"place": BETA}])
    # Every site that can be reached is seen, and no more is asked.
    asked = question(far, patrols={"every_site": 1})
    assert asked.problem.minimum == {0: 1, 2: 1}


def test_a_repeated_hour_is_meant_by_its_offset(picture: Picture) -> None:
    for offset, hours in (("+01:00", 3.5), ("+00:00", 4.5)):
        duty = {"place": ALPHA, "from": f"01:30{offset}", "to": "03:00"}
        asked = question(picture, duties=[duty], shift=AUTUMN)
        assert asked.problem.commitments[0].opens_s == hours * 3600


def test_visits_that_were_made_keep_others_away_and_count(picture: Picture) -> None:
    made = Made(np.array([0]), np.array([600]), np.array([1500]))
    known = Before(seen_this_week={1: 1}, nights_left=1, made=made)
    asked = question(
        picture, known, patrols={"every_site_a_week": 1, "minimum_visits": [ALPHA]}
    )  # fmt: skip
    options = asked.problem.options
    assert options.opens[options.zone == 0].min() >= 1500 + 3600
    assert asked.problem.minimum == {0: 1, 2: 1}


@pytest.mark.parametrize(
    ("seen", "nights_left", "visits", "due"),
    [
        ({}, 7, 1, {1}),
        ({}, 2, 1, {1, 0}),
        ({}, 1, 1, {0, 1, 2}),
        ({1: 1}, 2, 1, {0}),
        ({1: 1}, 1, 1, {0, 2}),
        ({0: 2, 1: 2, 2: 2}, 1, 2, set()),
        ({1: 2, 2: 1}, 3, 2, {0}),
        ({}, 7, 0, set()),
        # As many as there are, however much is missing: one visit each.
        ({}, 1, 9, {0, 1, 2}),
    ],
)
def test_a_weekly_minimum_is_shared_out_among_the_nights_left(
    seen: dict[int, int], nights_left: int, visits: int, due: set[int]
) -> None:
    counts = np.array([seen.get(zone, 0) for zone in range(3)])
    week = Week(counts, nights_left, need=np.array([2.0, 3.0, 1.0]))
    assert set(week.due(np.arange(3), visits).tolist()) == due


def test_a_live_position_is_where_a_team_starts(build: ModuleType, picture: Picture) -> None:
    here = list(build.degrees(350.0, 440.0))
    asked = question(picture, teams=[{"position": here, "free_from": "23:00"}])
    team = asked.problem.teams[0]
    corner = build.metres(350.0, 440.0)
    assert np.hypot(*(asked.places[team.start].point - corner)) < 60
    assert asked.places[team.finish].name == "Control Post"
    assert team.from_s == 3600


def test_risk_that_is_negative_or_nothing(picture: Picture) -> None:
    with pytest.raises(ScenarioError, match=r"zone 1 has the expected number -0.5 in quarter"):
        checked(np.array([[0.1, 0.2], [0.3, -0.5]]))
    with pytest.raises(ScenarioError, match=r"zone 0 .*nan"):
        checked(np.array([[np.nan, 0.2]]))
    scenario = scenario_from(content({}))
    shift = resolve_shift(scenario.shift, picture.settings, picture.as_of)
    risk = shift_risk(picture.expectation, shift)
    walking = walking_in(picture, shift)
    negative = dataclasses.replace(risk, expected=risk.expected - 1.0)
    with pytest.raises(ScenarioError, match="must not be negative"):
        ask(picture, scenario, shift, negative, walking)
    nothing = dataclasses.replace(risk, expected=np.zeros_like(risk.expected))
    with pytest.raises(NoIncidents, match="nothing to plan for"):
        need_for(picture, nothing, scenario, shift, Places(picture.estate, walking))


def test_a_shift_in_which_no_visit_fits_has_no_routes(picture: Picture) -> None:
    long = [{"name": name, "dwell_minutes": 600.0} for name in (ALPHA, BETA, GAMMA)]
    made = plan(picture, zones=long)
    assert made.patrols.routes == ()
    assert made.patrols.bound == 0.0


@pytest.mark.parametrize("seed", range(12))
def test_any_scenario_gives_a_plan_or_says_what_is_wrong(picture: Picture, seed: int) -> None:
    draw = np.random.default_rng(seed)
    names = [ALPHA, BETA, GAMMA, "Control Post", "Hogwarts"]
    likely = [0.32, 0.32, 0.31, 0.04, 0.01]

    def place() -> str:
        return str(draw.choice(names, p=likely))

    def clock() -> str:
        return f"{int(draw.choice([22, 23, 0, 1, 2, 3, 4, 5])):02d}:{int(draw.integers(60)):02d}"

    parts: dict[str, Any] = {
        "teams": [
            {"mode": str(draw.choice(["foot", "bicycle", "vehicle"])),
             "officers": int(draw.integers(1, 3)), "can": ["keys"] * int(draw.integers(2))}
            for _ in range(int(draw.integers(1, 4)))
        ],
        "duties": [
            {"place": place(), "to_place": place(), "to": clock(),
             "teams": int(draw.integers(1, 3))}
            for _ in range(int(draw.integers(0, 4)))
        ],
        "must_visits": [{"place": place()} for _ in range(int(draw.integers(0, 2)))],
        "zones": [{"name": ALPHA, "teams": int(draw.integers(1, 3))}],
        "patrols": {
            "if_impossible": str(draw.choice(["relax", "refuse"])),
            "every_site": int(draw.integers(0, 3)), "gap_minutes": float(draw.integers(0, 120)),
            "visits_a_gap": int(draw.integers(0, 6)),
            "meal": {"from": "23:00", "to": "03:00"} if draw.random() < 0.5 else None,
        },
    }  # fmt: skip
    try:
        found = solved(picture, **parts)
    except PlannerError as error:
        assert str(error).strip()
        return
    gap_s = round(parts["patrols"]["gap_minutes"] * 60)
    assert broken_rules(found.question.problem, found.patrols.tours, gap_s) == []
