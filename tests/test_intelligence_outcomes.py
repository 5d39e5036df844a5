"""Scores of entries that are over: in words that the figures bear out, and with no look-ahead."""

import dataclasses
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from planner.insight.intelligence_outcomes import EVIDENCE, Recorded, judged, score_entries
from planner.settings import USUAL_SHIFTS, IntelligenceBounds

BOUNDS = IntelligenceBounds()
LATER = datetime(2026, 4, 1, tzinfo=UTC)


def known(build, extra=0, until="2026-03-10"):
    """A year of one incident a night in each zone, and some more on the night of the entry."""
    nights = pd.date_range("2025-03-01T22:00", "2026-03-08T22:00", freq="D")
    zones = ["alpha-college", "beta-museum", "gamma-library"]
    rows = [
        {"zone": zone, "occurred_from": night.isoformat(),
         "occurred_to": (night + pd.Timedelta(minutes=30)).isoformat()}
        for night in nights for zone in zones
    ]  # fmt: skip
    rows += [{"zone": "alpha-college", "occurred_from": "2026-03-01T23:00:00",
              "occurred_to": "2026-03-01T23:10:00"}] * extra  # fmt: skip
    periods = build.periods(("2025-03-01", until)).assign(area="")
    estate = build.standing_estate()
    return Recorded(
        build.located(rows), periods, estate, build.ground(estate), USUAL_SHIFTS, "Europe/London"
    )


def score(build, entry, **changes):
    (outcome,) = score_entries([entry], known(build, **changes), BOUNDS, LATER)
    return outcome


def test_what_was_expected_without_it_is_held_against_what_came(build):
    outcome = score(build, build.entry(factor=3.0), extra=9)
    assert outcome.recorded == 10
    assert 0.7 < outcome.expected < 1.1
    assert outcome.ratio == pytest.approx(10 / outcome.expected)
    assert outcome.low < outcome.ratio < outcome.high
    assert outcome.verdict == "helped"
    # The very same by scipy's Poisson distribution.
    both = [stats.poisson.logpmf(10, outcome.expected * factor) for factor in (3.0, 1.0)]
    assert outcome.gain == pytest.approx(both[0] - both[1])


def test_a_factor_that_nothing_bore_out_did_not_help(build):
    week = build.entry(factor=4.0, until="2026-03-08T04:00")
    assert score(build, week).verdict == "did not help"
    assert score(build, build.entry(factor=1.5)).verdict == "too little to tell"
    assert score(build, build.entry(factor=4.0, grade="3AP")).verdict == "no effect"


def test_what_comes_later_changes_no_expectation(build):
    entry = build.entry(factor=3.0)
    few, many = score(build, entry), score(build, entry, extra=50)
    assert few.expected == many.expected
    assert many.recorded == few.recorded + 50


def test_an_entry_is_scored_from_when_it_was_recorded(build):
    late = build.entry().model_copy(
        update={"recorded_at": datetime(2026, 3, 1, 23, 30, tzinfo=UTC)}
    )
    assert score(build, late, extra=9).recorded == 0


def test_hours_and_categories_count_alone(build):
    none = build.entry(hours=["00:00", "04:00"])
    assert score(build, none, extra=5).recorded == 0
    other = build.entry(categories=["burglary"])
    assert score(build, other, extra=5).verdict == "not scored"


def test_what_the_records_do_not_cover_is_not_scored(build):
    outcome = score(build, build.entry(), until="2026-03-02")
    assert outcome.verdict == "not scored"
    assert "do not cover" in outcome.because
    gone = score(build, build.entry(where={"zones": ["Sold College"]}))
    assert "Sold College" in gone.because
    empty = dataclasses.replace(known(build), incidents=known(build).incidents.iloc[:0])
    (nothing,) = score_entries([build.entry()], empty, BOUNDS, LATER)
    assert nothing.verdict == "not scored"


def test_entries_in_force_or_withdrawn_are_not_scored(build):
    entry = build.entry()
    withdrawn = entry.model_copy(update={"status": "withdrawn"})
    now = datetime(2026, 3, 2, 3, tzinfo=UTC)
    assert score_entries([entry], known(build), BOUNDS, now) == ()
    assert score_entries([withdrawn], known(build), BOUNDS, LATER) == ()


@given(st.floats(0.25, 4.0), st.floats(1e-6, 500), st.integers(0, 500))
def test_a_verdict_follows_its_figures(build, factor, expected, recorded):
    outcome = judged(build.entry(), factor, expected, recorded)
    numbers = [outcome.ratio, outcome.low, outcome.high, outcome.gain]
    assert np.isfinite(numbers).all()
    assert outcome.low <= outcome.ratio <= outcome.high
    assert (outcome.verdict == "helped") == (outcome.gain >= EVIDENCE)
    assert (outcome.verdict == "did not help") == (outcome.gain <= -EVIDENCE)


def test_the_words_of_the_brief(build):
    from planner.ui.intelligence_words import outcome_words

    entry = build.entry(factor=2.0)
    words = outcome_words(judged(entry, 2.0, 3.1, 5))
    assert "expected 3.1 without it, stated factor 2 -> 6.2, recorded 5" in words
    assert words.endswith("too little to tell.")
