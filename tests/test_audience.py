"""No leak: what is made for an audience is the same with and without what they may not see."""

import dataclasses
import re
from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.allocate.audience import seen_by
from planner.allocate.planning import make_plan, plan_for_audience, plan_id
from planner.allocate.scenario import scenario_from
from planner.errors import ScenarioError
from planner.incidents.handling import may_see
from planner.incidents.intelligence import Entry
from planner.picture import Picture
from planner.publish.exports import routes_gpx
from planner.publish.printmap import hotspot_pdf
from planner.publish.webmap import map_page
from planner.service.planning import plan_subject
from planner.settings import PARTNERS, Settings

AUDIENCES = ["control room", "service", "partners", "public"]
ASKED = {
    "shift": {"date": "2026-03-01", "start": "22:00", "end": "02:00"},
    "patrols": {"teams": 1},
    "cameras": {"new": 1},
    "solver": {"tries": 1, "iterations": 30},
}
# Words that stand in no output but through an entry.
SECRETS = ("XYLOPHONE", "ZEPPELIN", "QUAGMIRE")


@pytest.fixture(scope="module")
def picture(build) -> Picture:
    generator = np.random.default_rng(4)
    zones = ["alpha-college"] * 30 + ["beta-museum"] * 20 + ["gamma-library"] * 10
    corner = {"alpha-college": (50, 50), "beta-museum": (250, 50), "gamma-library": (50, 350)}
    days = generator.integers(0, 300, len(zones))
    rows = []
    for zone, day in zip(zones, days, strict=True):
        begins = pd.Timestamp("2025-04-01T22:00") + pd.Timedelta(days=int(day))
        x, y = build.metres(*corner[zone])
        rows.append({"zone": zone, "occurred_from": begins.isoformat(), "x": x, "y": y,
                     "occurred_to": (begins + pd.Timedelta(hours=1)).isoformat()})  # fmt: skip
    periods = build.periods(("2025-04-01", "2026-02-28")).assign(area="")
    settings_ = Settings(crs=build.CRS, name="Small")
    return Picture(settings_, build.estate(), build.located(rows), periods)


def asked(audience, **parts):
    return scenario_from(ASKED | {"audience": audience} | parts)


def outputs(picture, scenario):
    """Everything that is made for the audience of a scenario, as bytes by name."""
    plan = make_plan(picture, scenario)
    seen = seen_by(picture, scenario)
    # Folium draws random names for the parts of a page.
    page = re.sub(r"[0-9a-f]{32}", "", map_page(seen, plan))
    return {
        "plan.json": plan.to_json().encode(),
        "map.html": page.encode(),
        "hotspots.pdf": hotspot_pdf(seen, plan),
        "routes.gpx": routes_gpx(plan).encode(),
        "audit": repr(plan_subject(plan)).encode(),
        "id": plan_id(picture, scenario).encode(),
        "fingerprint": seen.fingerprint.encode(),
    }


PLACES = st.sampled_from(
    [{"zones": ["Alpha College"]}, {"zones": ["Beta Museum", "Gamma Library"]},
     {"zones": ["A place that is gone"]}]
)  # fmt: skip


@st.composite
def entries(draw, build):
    # Put together by hand: also what no door would let in must not leak.
    made = build.entry(factor=draw(st.floats(0.25, 4.0)), where=draw(PLACES))
    change = {
        "id": f"{draw(st.integers(0, 2**32)):010x}",
        "what": f"{draw(st.sampled_from(SECRETS))} at the gate",
        "grade": draw(st.sampled_from(["1AP", "1AC", "2BP", "2DC", "3AP", "1EP", "9XX", ""])),
        "marking": draw(
            st.sampled_from(["NOT MARKED", "OFFICIAL", "OFFICIAL-SENSITIVE", "SECRET"])
        ),
        "permission": tuple(draw(st.lists(st.sampled_from(AUDIENCES), unique=True, max_size=3))),
        "conditions": draw(st.sampled_from(["", "QUAGMIRE only"])),
        "ends_at": draw(
            st.sampled_from([made.ends_at, datetime.fromisoformat("2026-03-01T23:00Z")])
        ),
    }
    return made.model_copy(update=change)


@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), audience=st.sampled_from(AUDIENCES))
def test_outputs_are_the_same_with_and_without_what_is_withheld(picture, build, data, audience):
    known = data.draw(st.lists(entries(build), min_size=1, max_size=4))
    rules = picture.settings.handling
    seen = [entry for entry in known if may_see(entry, audience, rules)]
    everything = dataclasses.replace(picture, intelligence=tuple(known))
    without = dataclasses.replace(picture, intelligence=tuple(seen))
    one, other = outputs(everything, asked(audience)), outputs(without, asked(audience))
    assert one.keys() == other.keys()
    for name in one:
        assert one[name] == other[name], name
    shown = {entry.what.split()[0] for entry in seen}
    for secret in SECRETS:
        if secret not in shown and not any(secret in entry.conditions for entry in seen):
            assert all(secret.encode() not in content for content in one.values()), secret


def secret_entry(build, **changes):
    usual = {"what": "XYLOPHONE at the gate", "marking": "OFFICIAL-SENSITIVE", "factor": 4.0,
             "permission": ["control room"], "where": {"zones": ["Gamma Library"]}}  # fmt: skip
    return build.entry(**(usual | changes))


def test_an_entry_moves_the_plan_of_those_who_may_see_it(picture, build):
    informed = dataclasses.replace(picture, intelligence=(secret_entry(build),))
    plan, bare = (make_plan(p, asked("control room")) for p in (informed, picture))
    assert plan.id != bare.id
    assert plan.picture.fingerprint != bare.picture.fingerprint
    risk = {zone.name: zone.expected for zone in plan.risk.zones}
    before = {zone.name: zone.expected for zone in bare.risk.zones}
    assert risk["Gamma Library"] == pytest.approx(4 * before["Gamma Library"])
    assert risk["Alpha College"] == before["Alpha College"]
    (note,) = plan.intelligence
    assert (note.what, note.factor, note.zones) == (
        "XYLOPHONE at the gate",
        4.0,
        ("Gamma Library",),
    )
    assert any("1 graded entry" in text for text in plan.warnings)
    why = {stop.name: stop.why for route in plan.patrols.routes for stop in route.stops}
    said = "raised 4 times: XYLOPHONE at the gate, until 2 Mar 04:00 (1A)"
    assert said in why["Gamma Library"]
    assert all("XYLOPHONE" not in text for name, text in why.items() if name != "Gamma Library")


def test_without_intelligence_the_plan_is_as_if_there_were_none(picture, build):
    informed = dataclasses.replace(picture, intelligence=(secret_entry(build),))
    scenario = asked("control room", intelligence=False)
    plan = make_plan(informed, scenario)
    assert plan == make_plan(picture, scenario)
    assert plan.warnings[0].startswith("Planned without intelligence")
    assert "XYLOPHONE" not in plan.to_json()


def test_the_print_is_made_from_what_partners_may_see(picture, build):
    secret = secret_entry(build)
    shown = secret_entry(build, what="ZEPPELIN over the park", marking="OFFICIAL",
                         permission=["control room", "partners"])  # fmt: skip
    for known in [(), (shown,), (secret,), (secret, shown)]:
        everything = dataclasses.replace(picture, intelligence=known)
        theirs = tuple(entry for entry in known if entry == shown)
        alone = dataclasses.replace(picture, intelligence=theirs)
        plan = make_plan(everything, asked("control room"))
        printed = plan_for_audience(everything, plan, PARTNERS)
        assert printed == make_plan(alone, asked(PARTNERS))
        assert "XYLOPHONE" not in printed.to_json()


def test_an_audience_that_the_settings_do_not_know_gets_nothing(picture):
    with pytest.raises(ScenarioError, match="there is no audience 'press'"):
        make_plan(picture, asked("press"))
    with pytest.raises(ScenarioError, match="audience"):
        plan_id(picture, asked("press"))


def test_the_fingerprint_says_what_is_known_whatever_the_order(picture, build):
    first, second = build.entry(), build.entry(factor=3.0)
    prints = {
        dataclasses.replace(picture, intelligence=known).fingerprint
        for known in [(), (first,), (second,), (first, second), (second, first)]
    }
    assert len(prints) == 4


def test_a_source_that_is_not_reliable_is_kept_and_said_to_raise_nothing(picture, build):
    entry: Entry = build.entry(grade="3AP", factor=4.0)
    plan = make_plan(dataclasses.replace(picture, intelligence=(entry,)), asked("control room"))
    bare = make_plan(picture, asked("control room"))
    assert plan.risk == bare.risk
    assert any("raises no risk: its source is graded not reliable" in w for w in plan.warnings)
    assert plan.intelligence[0].factor == 1.0
