"""The backtest as a whole."""

from types import ModuleType

import numpy as np
import pytest

from planner.errors import BacktestError
from planner.insight.backtest.backtest import Backtest, run_backtest
from planner.insight.backtest.rivals import BEST, COUNT, MODEL, POLICY
from planner.insight.backtest.scores import PERCENTAGES
from planner.insight.risk.events import Events
from planner.insight.risk.rolling import Rolling
from planner.insight.risk.windows import Windows

SIDE, WEEKS, FIRST = 6, 90, 40
ZONES = SIDE * SIDE


@pytest.fixture(scope="module")
def wanted(records: ModuleType) -> Events:
    events: Events = records.events(1, ZONES, WEEKS, 1_200, late_days=10)
    return events


@pytest.fixture(scope="module")
def done(records: ModuleType, wanted: Events) -> Backtest:
    return run_backtest(records.grid(SIDE), records.weekly(WEEKS), FIRST, wanted)


def test_it_judges_all_that_fell_into_the_windows(
    records: ModuleType, wanted: Events, done: Backtest
) -> None:
    inside = records.weekly(WEEKS).of(wanted.at) >= FIRST
    assert done.windows == WEEKS - FIRST
    assert done.zones == ZONES
    assert done.incidents == pytest.approx(wanted.weight[inside].sum())


def test_scores_agree_with_judging_the_outlooks_one_by_one(
    records: ModuleType, wanted: Events, done: Backtest
) -> None:
    windows = records.weekly(WEEKS)
    of, logs, found, total = windows.of(wanted.at), 0.0, 0.0, 0.0
    for outlook in Rolling(records.grid(SIDE), windows, wanted).outlooks(FIRST):
        if outlook.window < FIRST:
            continue
        rows = of == outlook.window
        zone, weight = wanted.zone[rows], wanted.weight[rows]
        logs += (weight * np.log(outlook.shares[zone])).sum()
        best = np.argsort(-outlook.shares)[: round(0.1 * ZONES)]
        found += weight[np.isin(zone, best)].sum()
        total += weight.sum()
    policy = done.models[POLICY]
    assert policy.log_score == pytest.approx(logs / total)
    # Shares of zones without a record are tied, but none of them is among the best tenth.
    assert policy.hit_rate[-1] == pytest.approx(found / total, abs=0.02)


def test_nothing_beats_the_best_possible(done: Backtest) -> None:
    best = done.models[BEST]
    for scores in done.models.values():
        assert all(0 <= rate <= top + 1e-9 for rate, top in
                   zip(scores.hit_rate, best.hit_rate, strict=True))  # fmt: skip
        assert list(scores.hit_rate) == sorted(scores.hit_rate)
        assert all(0 <= share <= 1 + 1e-9 for share in scores.pei)
        assert scores.log_score <= best.log_score
        cells = np.array([max(1, round(part / 100 * ZONES)) for part in PERCENTAGES])
        assert scores.pai == pytest.approx(np.array(scores.hit_rate) * ZONES / cells)
    assert best.pei == pytest.approx((1.0,) * len(PERCENTAGES))


def test_differences_are_those_of_the_scores(done: Backtest) -> None:
    policy, count = done.models[POLICY], done.models[COUNT]
    for place, found in enumerate(done.versus_count.hit_rate):
        assert found.mean == pytest.approx(policy.hit_rate[place] - count.hit_rate[place])
        assert found.low <= found.mean + 1e-12 and found.mean <= found.high + 1e-12
    logs = done.versus_count.log_score
    assert logs.mean == pytest.approx(policy.log_score - count.log_score)


def test_where_it_fell_back_in_all_windows_the_policy_is_the_count(
    records: ModuleType, wanted: Events
) -> None:
    found = run_backtest(records.grid(SIDE), records.weekly(WEEKS), WEEKS - 60, wanted)
    assert found.chosen in (COUNT, MODEL) and found.floor == COUNT
    if found.fell_back == found.windows:
        assert found.models[POLICY] == found.models[COUNT]


def test_a_moving_hotspot_is_chosen_the_model_for(records: ModuleType) -> None:
    chance, weeks = np.random.default_rng(8), 120
    at = np.sort(chance.uniform(0, weeks * 7 * 86_400.0, weeks * 15))
    hot = (at // (91 * 86_400.0)).astype(int) * 7 % ZONES
    zone = np.where(chance.uniform(size=len(at)) < 0.6, hot, chance.integers(0, ZONES, len(at)))
    moving = Events(zone, at, at + 60, np.ones(len(at)))
    found = run_backtest(records.grid(SIDE), records.weekly(weeks), 70, moving)
    assert found.chosen == MODEL
    assert found.versus_count.log_score.low > 0
    assert found.versus_count.hit_rate[0].low > 0


def test_windows_that_the_records_hardly_cover_are_not_judged(
    records: ModuleType, wanted: Events
) -> None:
    windows = records.weekly(WEEKS)
    covered = windows.covered.copy()
    covered[FIRST : FIRST + 10] = 0.2
    found = run_backtest(records.grid(SIDE), Windows(windows.edges, covered), FIRST, wanted)
    assert found.windows == WEEKS - FIRST - 10


def test_windows_without_any_incident_can_not_be_judged(
    records: ModuleType, wanted: Events
) -> None:
    early = wanted.only(wanted.at < FIRST * 7 * 86_400)
    with pytest.raises(BacktestError, match="No incident"):
        run_backtest(records.grid(SIDE), records.weekly(WEEKS), FIRST, early)
