"""Choices held out: made without the later incidents, and scored on them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.allocate.cameras.solving import Effort
from planner.allocate.comparison.camera_rivals import _one_a_cell, choose, new_alone
from planner.allocate.comparison.happened import happened
from planner.allocate.comparison.holdout import HoldOut, hold_out
from planner.allocate.comparison.holdout_split import split_at
from planner.allocate.scenario.cameras import CamerasWanted
from planner.errors import BacktestError, NoIncidents, ScenarioError
from planner.picture import Picture
from planner.settings import Settings

UNTIL = datetime(2025, 7, 1, tzinfo=UTC)
FIRST, LAST = "2025-01-01", "2026-01-01"
# In sight of the walls of Alpha's two buildings, and of Beta's one, which is 200 m away.
ALPHA, BETA = (50.0, 48.0), (250.0, 75.0)
EFFORT = Effort(rounds=5, nodes=200)


def rows(at: tuple[float, float], days: pd.DatetimeIndex, zone: str, **more: Any) -> list[Any]:
    """One incident of half an hour at noon on each day, a few metres apart."""
    draws = np.random.default_rng(len(days)).uniform(-4, 4, (len(days), 2))
    return [
        {
            "key": f"{zone} {day:%Y%m%d}", "zone": zone, "x": 620_000.0 + at[0] + east,
            "y": 5_735_000.0 + at[1] + north, "occurred_from": f"{day:%Y-%m-%d}T12:00",
            "occurred_to": f"{day:%Y-%m-%d}T12:30",
        } | more
        for day, (east, north) in zip(days, draws, strict=True)
    ]  # fmt: skip


def early(few: int = 12) -> list[Any]:
    """Most in Alpha; a few in Beta, so that cameras are offered there too."""
    often = rows(ALPHA, pd.date_range(FIRST, periods=90 - few, freq="2D"), "alpha-college")
    return often + rows(BETA, pd.date_range(FIRST, periods=few, freq="4D"), "beta-museum")


def late(at: tuple[float, float] = ALPHA, zone: str = "alpha-college", **more: Any) -> list[Any]:
    return rows(at, pd.date_range("2025-07-01", periods=60, freq="3D"), zone, **more)


def picture(build: ModuleType, table: Sequence[Any], **changes: Any) -> Picture:
    spans = build.periods((FIRST, LAST))
    parts = {"estate": build.standing_estate(), "periods": spans} | changes
    return Picture(Settings(crs=build.CRS), incidents=build.located(table), **parts)


def held(picture: Picture, new: int = 1, seed: int = 1, until: datetime = UNTIL) -> HoldOut:
    return hold_out(picture, until, new, CamerasWanted(), seed, replace(EFFORT, seed=seed))


def chosen(picture: Picture, new: int = 2) -> dict[str, list[int]]:
    found = choose(split_at(picture, UNTIL).training, new, CamerasWanted(), EFFORT)
    draws = {f"draw {number}": pick for number, pick in enumerate(found.draws)}
    return {name: pick.tolist() for name, pick in (dict(found.chosen) | draws).items()}


def test_where_it_goes_on_the_planned_cameras_beat_chance(build: ModuleType) -> None:
    found = held(picture(build, early() + late()))
    planned, chance = found.row("planned"), found.row("random")
    assert planned.share > 0.9
    assert planned.low <= planned.share <= planned.high
    assert chance.planned_ahead is not None
    assert chance.planned_ahead.low > 0.2
    assert chance.spread is not None
    assert chance.spread.low <= chance.share <= chance.spread.high
    assert found.row("today").share == 0
    assert (found.before, found.after, found.block) == (90, 60, "stretches of four weeks")
    assert {row.cameras for row in found.rows} == {0, 1}


def test_where_it_moves_away_they_do_not(build: ModuleType) -> None:
    found = held(picture(build, early() + late(BETA, "beta-museum")))
    assert found.row("planned").share == 0
    ahead = found.row("random").planned_ahead
    assert ahead is not None
    assert ahead.high < 0
    assert "points" in found.row("random").words


def test_half_of_what_goes_on_is_half_a_share(build: ModuleType) -> None:
    half = held(picture(build, early() + late() + late(BETA, "beta-museum")))
    whole = held(picture(build, early() + late()))
    assert half.row("planned").share == pytest.approx(whole.row("planned").share / 2)


def test_a_place_that_counts_for_less_counts_for_less_in_the_score(build: ModuleType) -> None:
    both = [*early(), *late(), *late((245.0, 75.0), "beta-museum", x=620_245.0, y=5_735_075.0)]
    decided = pd.DataFrame(
        {"recorded_at": [build.moment("2025-06-01")], "place": ["point:620245,5735075"],
         "category": [""], "starts_at": [pd.NaT], "weight": [0.5]},
    )  # fmt: skip
    plain = held(picture(build, both)).row("planned").share
    weighed = held(picture(build, both, place_weights=decided)).row("planned").share
    assert weighed == pytest.approx(plain * 120 / 90)


PLACES = st.tuples(st.floats(-40, 340), st.floats(-40, 440))


@settings(max_examples=8)
@given(st.lists(st.tuples(PLACES, st.integers(0, 180), st.sampled_from(["alpha-college",
       "beta-museum", "gamma-library"]), st.integers(0, 90)), max_size=12))  # fmt: skip
def test_nothing_after_the_date_reaches_the_choice(build: ModuleType, drawn: list[Any]) -> None:
    at = pd.Timestamp("2025-07-01", tz="UTC")
    other = [
        {
            "key": f"later {number}", "x": 620_000.0 + x, "y": 5_735_000.0 + y, "zone": zone,
            "occurred_from": at + pd.Timedelta(days=day),
            "occurred_to": at + pd.Timedelta(days=day, hours=hours), "category": "Burglary",
        }
        for number, ((x, y), day, zone, hours) in enumerate(drawn)
    ]  # fmt: skip
    ends = at + pd.Timedelta(days=200)
    changed = picture(build, early() + late(BETA, "beta-museum")[:1] + other,
                      periods=build.periods((FIRST, str(ends)[:10])))  # fmt: skip
    usual = picture(build, early() + late())
    assert (
        split_at(changed, UNTIL).training.fingerprint == split_at(usual, UNTIL).training.fingerprint
    )
    assert chosen(changed) == chosen(usual)


def test_what_was_reported_later_was_not_known(build: ModuleType) -> None:
    secret = rows(BETA, pd.date_range("2025-03-01", periods=80), "beta-museum",
                  reported_at="2025-09-01T10:00")  # fmt: skip
    usual, with_secret = (picture(build, [*early(), *late(), *more]) for more in ([], secret))
    assert chosen(with_secret) == chosen(usual)
    found = held(with_secret)
    assert (found.before, found.reported_later, found.after) == (90, 80, 60)
    assert any("80 that happened before it and were reported after it" in x for x in found.notes)


def test_the_training_picture_keeps_nothing_that_was_worked_out_of_the_whole(
    build: ModuleType,
) -> None:
    whole = picture(build, early() + late())
    _ = whole.on_estate, whole.expectation, whole.fingerprint, whole.as_of, whole.ground
    training = split_at(whole, UNTIL).training
    assert training.as_of == UNTIL
    assert len(training.on_estate) == 90
    assert training.expectation.covered_days == 181
    assert training.fingerprint != whole.fingerprint


def test_a_pair_with_a_later_record_is_no_pair_before_it(build: ModuleType) -> None:
    pair = pd.DataFrame(
        [("control room", late()[0]["key"], "control room", early()[0]["key"], True)],
        columns=["source", "key", "other_source", "other_key", "same"],
    )
    assert (
        len(split_at(picture(build, early() + late(), matches=pair), UNTIL).training.on_estate)
        == 90
    )


def test_an_incident_that_straddles_the_date_is_on_neither_side(build: ModuleType) -> None:
    over = [
        {"key": "over", "occurred_from": "2025-06-30T20:00", "occurred_to": "2025-07-01T06:00"},
        {"key": "up to it", "occurred_from": "2025-06-30T20:00", "occurred_to": "2025-07-01T00:00"},
        {"key": "from it", "occurred_from": "2025-07-01T00:00", "occurred_to": "2025-07-01T00:00"},
    ]
    split = split_at(picture(build, early() + late() + over), UNTIL)
    assert (len(split.training.on_estate), len(split.later), split.straddling) == (91, 61, 1)
    found = held(picture(build, early() + late() + over))
    assert found.straddling == 1
    assert any("1 incident whose time straddles the date" in text for text in found.notes)


MOMENTS = st.integers(0, 365 * 24 - 1)


@given(st.lists(st.tuples(MOMENTS, st.integers(0, 2_000), st.none() | MOMENTS), max_size=30),
       st.integers(1, 364))  # fmt: skip
def test_each_incident_is_on_one_side_or_counted(
    build: ModuleType, spans: list[Any], day: int
) -> None:
    start = pd.Timestamp(FIRST, tz="UTC")
    at = start + pd.Timedelta(days=day)
    drawn = [
        {
            "key": f"drawn {number}", "occurred_from": start + pd.Timedelta(hours=hour),
            "occurred_to": start + pd.Timedelta(hours=hour + length),
            "reported_at": None if told is None else start + pd.Timedelta(hours=told),
        }
        for number, (hour, length, told) in enumerate(spans)
    ]  # fmt: skip
    ends = [
        {"occurred_from": start, "occurred_to": start},
        {"occurred_from": at, "occurred_to": at},
    ]
    whole = picture(build, [*drawn, *({"key": f"end {n}"} | row for n, row in enumerate(ends))])
    split = split_at(whole, at.to_pydatetime())
    neither = split.straddling + split.reported_later
    assert len(split.training.on_estate) + len(split.later) + neither == len(spans) + 2
    assert split.days_before + split.days_after == pytest.approx(365)


def test_snap_points_count_the_share_of_their_zone(build: ModuleType) -> None:
    exact, snapped = early() + late(), early() + late(anonymised=True)
    found = held(picture(build, snapped))
    assert found.anonymised == 60
    assert any("Of 60 later incidents only the zone is known" in text for text in found.notes)
    assert "favours the planned cameras" in found.verdict
    # Whatever the snap point, the zone's demand is what counts.
    moved = early() + late(BETA, "alpha-college", anonymised=True)
    assert held(picture(build, moved)).rows == found.rows
    # Some of the zone's demand lies along its streets, out of view.
    assert 0.3 < found.row("planned").share < held(picture(build, exact)).row("planned").share


def test_months_are_the_blocks_of_records_by_month(build: ModuleType) -> None:
    months = pd.date_range("2025-07-01", periods=6, freq="MS")
    by_month = [
        {
            "key": f"m{number} {row}", "time_known": "month", "anonymised": True,
            "occurred_from": month, "occurred_to": month + pd.offsets.MonthBegin(),
        }
        for number, month in enumerate(months) for row in range(5)
    ]  # fmt: skip
    found = held(picture(build, early() + by_month))
    assert (found.block, found.blocks, found.anonymised) == ("months", 6, 30)


@pytest.mark.parametrize(
    ("end", "block"),
    [("2025-12-30", "stretches of four weeks"), ("2025-12-29", "weeks"), ("2025-07-29", "weeks"),
     ("2025-07-28", "days")],
)  # fmt: skip
def test_blocks_are_as_long_as_the_time_allows(build: ModuleType, end: str, block: str) -> None:
    spans = build.periods((FIRST, end))
    assert held(picture(build, early() + late()[:9], periods=spans)).block == block


def test_of_a_single_day_nothing_is_shown(build: ModuleType) -> None:
    found = held(picture(build, early() + late()[:1], periods=build.periods((FIRST, "2025-07-02"))))
    assert (found.blocks, round(found.days_after)) == (1, 1)
    planned = found.row("planned")
    assert (planned.low, planned.high) == (0, 1)
    assert "On the one incident of the one day after 1 July 2025" in found.verdict
    assert "can't be told from chance" in found.verdict
    assert any("no interval" in text for text in found.notes)


def test_the_same_seed_gives_the_same_answer(build: ModuleType) -> None:
    whole = picture(build, early() + late())
    assert held(whole, new=2, seed=7) == held(whole, new=2, seed=7)
    assert held(whole, new=2, seed=7).row("random") != held(whole, new=2, seed=8).row("random")


def test_the_verdict_is_a_plain_sentence(build: ModuleType) -> None:
    date = datetime(2025, 7, 1, tzinfo=ZoneInfo("Europe/London"))
    text = held(picture(build, early() + late()), until=date).verdict
    assert text.startswith(
        "On the 60 incidents of the 26 weeks after 1 July 2025 the planned cameras"
    )
    assert text.endswith(("is not shown to be more than chance.", "more than chance would give."))
    assert "-" not in text


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (datetime(2025, 7, 1), "has no time zone"),
        (datetime(2024, 12, 31, tzinfo=UTC), "outside the records, which go from 2025-01-01"),
        (datetime(2025, 1, 1, tzinfo=UTC), "give a date between"),
        (datetime(2026, 1, 1, tzinfo=UTC), "give a date between"),
        (datetime(2025, 1, 1, 6, tzinfo=UTC), "recorded before 2025-01-01 06:00.*later"),
        (datetime(2025, 12, 31, tzinfo=UTC), "recorded after 2025-12-31 00:00.*earlier"),
    ],
)
def test_a_date_that_can_not_be_judged_is_named(
    build: ModuleType, until: datetime, words: str
) -> None:
    with pytest.raises(BacktestError, match=words):
        held(picture(build, early() + late()), until=until)


def test_what_else_can_not_be_judged_is_named(build: ModuleType) -> None:
    whole = picture(build, early() + late())
    with pytest.raises(NoIncidents, match="planner import"):
        held(picture(build, [], periods=build.periods()))
    for number in (0, -1, 201):
        with pytest.raises(ScenarioError, match=rf"{number} new cameras .* from 1 to 200"):
            held(whole, new=number)
    with pytest.raises(ScenarioError, match="no kind of camera 'drone'"):
        hold_out(whole, UNTIL, 1, CamerasWanted(kinds=("drone",)), 1, EFFORT)
    with pytest.raises(ScenarioError, match="coarser grade"):
        hold_out(whole, UNTIL, 1, CamerasWanted(range_m=1.0), 1, EFFORT)


def test_what_is_left_aside_is_said(build: ModuleType) -> None:
    wanted = CamerasWanted(new=5, budget=9_000, moves=1, grade="overview")
    asked, aside = new_alone(wanted, 2)
    assert aside == ("budget", "moves")
    assert (asked.new, asked.grade, asked.budget, asked.moves) == (2, "overview", None, 0)
    found = hold_out(picture(build, early() + late()), UNTIL, 2, wanted, 1, EFFORT)
    assert any("budget, moves" in text for text in found.notes)


def test_more_cameras_than_places_is_all_that_there_are(build: ModuleType) -> None:
    found = held(picture(build, early() + late()), new=200)
    assert found.row("random").cameras == found.row("highest counts").cameras < 200
    assert found.row("random").share == pytest.approx(found.row("planned").share, abs=0.3)


@given(st.data())
def test_each_cell_has_its_best_camera_and_no_place_two(data: st.DataObject) -> None:
    options = data.draw(st.integers(1, 12))
    cells, new = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 8))
    generator = np.random.default_rng(data.draw(st.integers(0, 999)))
    worth = generator.integers(0, 3, (options, cells)).astype(float)
    group = generator.integers(0, 6, options)
    places = generator.uniform(0, 100, (options, 2))
    middles = generator.uniform(0, 100, (cells, 2))
    taken = _one_a_cell(worth, places, middles, group, new)
    assert len(set(group[taken])) == len(taken) == min(new, len(set(group)))
    first = worth[:, 0]
    if first.max() > 0:
        assert first[taken].max() == first.max()
    else:
        assert np.hypot(*(places - middles[0]).T).argmin() in taken


@settings(max_examples=10)
@given(st.lists(st.tuples(PLACES, st.booleans(), st.integers(0, 23)), min_size=1, max_size=20))
def test_every_incident_counts_for_its_weight(build: ModuleType, drawn: list[Any]) -> None:
    table = [
        {
            "key": f"d{number}", "x": 620_000.0 + x, "y": 5_735_000.0 + y, "anonymised": snap,
            "occurred_from": f"2025-08-02T{hour:02}:00", "occurred_to": f"2025-08-02T{hour:02}:30",
        }
        for number, ((x, y), snap, hour) in enumerate(drawn)
    ]  # fmt: skip
    whole = picture(build, early() + table)
    split = split_at(whole, UNTIL)
    study = choose(split.training, 1, CamerasWanted(), EFFORT).deployment.study
    what = happened(split.later, study)
    label = np.arange(len(table)) % 3
    held = what.by_label(label, 3, study.demand)
    assert held.sum(axis=1) == pytest.approx(np.bincount(label, minlength=3))
    night = held[:, len(what.points) : 2 * len(what.points)].sum()
    exact = np.array([not snap for _, snap, _ in drawn])
    hours = np.array([hour for *_, hour in drawn])
    # In August it is dark at 23:00 UTC and light at noon.
    assert night >= (exact & (hours == 23)).sum() - 1e-9
    assert night <= (exact & ((hours < 5) | (hours > 18))).sum() + 1e-9
