"""What is proposed: planted desks and changes with their evidence, and nothing where nothing is."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulated_records import MONTHS, covered, records, table, with_more

from planner.insight.recording.treatments import propose

SHOP = 999
SHOP_KEY = "point:452340,4601440"


@pytest.fixture(scope="module")
def shop():
    """An estate in which a shop began to report every theft in July 2015."""
    generator = np.random.default_rng(11)
    rows = records(generator)
    rows = with_more(rows, SHOP, "theft", 0, 54, generator, 54)
    rows = with_more(rows, SHOP, "trespass", 0, 30, generator)
    rows = with_more(rows, SHOP, "theft", 54, 1_000, generator)
    return rows.assign(place=rows["place"].replace("999 High Street", "Reg's Shop"))


def of_shop(rows):
    """The proposal on the shop; of the 250 other places hardly any may be proposed."""
    found = propose(rows, covered(), "UTC")
    assert len(found) <= 2
    (shop,) = (item for item in found if item.place.endswith(SHOP_KEY.removeprefix("point")))
    return shop


def test_a_shop_that_began_to_report_is_found_dated_and_weighed(shop) -> None:
    found = of_shop(shop)
    assert (found.place, found.name) == (SHOP_KEY, "Reg's Shop")
    assert found.kinds == ("large share", "change")
    assert found.change is not None
    assert found.change.starts_at == pd.Timestamp("2015-07-01", tz="UTC")
    assert found.change.before.low < 1.0 < found.change.before.high + 0.5
    assert 17 < found.change.since.mean < 20
    assert found.change.most == "theft"
    assert (found.treatment, found.starts_at) == ("weight", found.change.starts_at)
    assert found.weight == pytest.approx(1 / found.change.ratio, abs=0.01)
    assert found.because[-1].endswith("mostly theft")
    assert "before July 2015, 19 a month since" in found.because[-1]
    assert sum(count for _, count in found.counts) == found.incidents == 1_084


def test_a_place_that_closed_is_told_and_kept(shop) -> None:
    moment = shop["reported_at"]
    closed = shop[(shop["place"] != "Reg's Shop") | (moment < pd.Timestamp("2013", tz="UTC"))]
    generator = np.random.default_rng(1)
    rows = with_more(closed, SHOP, "theft", 0, 60, generator, 24)
    found = of_shop(rows)
    assert (found.place, found.treatment, found.weight) == (SHOP_KEY, "keep", 1.0)
    assert "none since" in found.because[0] or "hardly any since" in found.because[0]


def test_a_source_that_begins_later_is_no_change_of_its_places() -> None:
    generator = np.random.default_rng(2)
    later = records(generator, places=40, total=3_000)
    later = later[later["reported_at"] > pd.Timestamp("2016", tz="UTC")].assign(source="lodge")
    rows = pd.concat([records(generator, places=80), later], ignore_index=True)
    spans = covered()
    lodge = spans.assign(source="lodge", starts_at=pd.Timestamp("2016", tz="UTC"))
    assert propose(rows, pd.concat([spans, lodge]), "UTC") == ()


def test_stationary_estates_give_no_proposals() -> None:
    """At most the false discovery rate of them; the bench counts many more."""
    generator = np.random.default_rng(5)
    false = [
        bool(propose(records(generator, places=120, total=2_500), covered(), "UTC"))
        for _ in range(20)
    ]
    # 1 is expected; more than 3 in one of sixty such runs.
    assert sum(false) <= 3


def test_snap_points_are_no_desks_but_may_change(shop) -> None:
    month = shop["reported_at"].dt.strftime("%Y-%m-01")
    starts = pd.to_datetime(month, utc=True)
    by_month = shop.assign(
        anonymised=True, time_known="month", occurred_from=starts, place="On or near High Street",
        occurred_to=starts + pd.Timedelta(days=31), written_category="information",
        reported_at=shop["reported_at"].where(shop["x"] < 0),
    )  # fmt: skip
    found = of_shop(by_month)
    assert found.place == SHOP_KEY.replace("point", "snap")
    assert found.kinds == ("change",)


def test_a_scattered_building_is_a_place_of_its_own(shop) -> None:
    here = (shop["place"] == "Reg's Shop").to_numpy()
    generator = np.random.default_rng(8)
    spread = generator.integers(0, 12, (len(shop), 2)) * 5.0
    rows = shop.assign(
        x=shop["x"] + np.where(here, spread[:, 0], 0),
        y=shop["y"] + np.where(here, spread[:, 1], 0),
        building=np.where(here, "mall", ""),
    )  # fmt: skip
    names = {"mall": "The Mall"}
    places = {item.place: item.name for item in propose(rows, covered(), "UTC", (), names)}
    assert places["building:mall"] == "The Mall"


@pytest.mark.parametrize("many", [0, 1, 30])
def test_few_incidents_or_none_give_none(shop, many) -> None:
    assert propose(shop.iloc[:many], covered(), "UTC") == ()
    assert propose(shop.iloc[:many], covered().iloc[:0], "UTC") == ()


def test_records_of_one_day_or_outside_of_the_covered_time_give_none(shop) -> None:
    day = covered(1).assign(ends_at=covered()["starts_at"] + pd.Timedelta(days=1))
    usual = shop[shop["place"] != "Reg's Shop"]
    for spans in (day, covered(1)):
        assert propose(usual, spans, "UTC") == ()


@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(1, 200), st.booleans())
def test_whatever_the_records_a_proposal_is_sound(seed, places, many, unknown) -> None:
    generator = np.random.default_rng(seed)
    rows = table(
        generator.integers(0, places, many), generator.integers(0, MONTHS, many),
        generator.choice(["theft", "found property"], many), generator,
    )  # fmt: skip
    if unknown:
        rows = rows.assign(time_known="unknown")
    for found in propose(rows, covered(), "Europe/London"):
        assert 0 <= found.weight <= 1
        assert found.because and found.kinds and found.name
        assert found.treatment == (
            "exclude" if found.weight == 0 else "keep" if found.weight == 1 else "weight"
        )
        assert found.incidents >= 20
