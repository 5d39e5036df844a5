from datetime import date
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from planner.insight.timing.seasons import SeasonRates, month_rates, term_rates
from planner.settings import Term

LONDON = "Europe/London"


def terms(years: range) -> list[Term]:
    """Three terms a year, as Oxford has them to within a week."""
    return [
        Term(name=f"{starts}", first_week_starts=starts, weeks=(0, 9))
        for year in years
        for starts in (_sunday(year, 1, 14), _sunday(year, 4, 25), _sunday(year, 10, 9))
    ]


def _sunday(year: int, month: int, day: int) -> date:
    at = pd.Timestamp(year, month, day)
    return (at + pd.Timedelta(days=(6 - at.day_of_week) % 7)).date()


def drawn(seed: int, first: int, last: int, in_term: float = 1.0) -> pd.DataFrame:
    """About one incident a day; in 1st to 8th weeks ``in_term`` times as many."""
    generator = np.random.default_rng(seed)
    days = pd.date_range(f"{first}-01-01", f"{last}-12-31")
    rate = np.ones(len(days))
    for term in terms(range(first, last + 1)):
        since = (days - pd.Timestamp(term.first_week_starts)).days.to_numpy()
        rate[(since >= 0) & (since < 56)] = in_term
    noon = np.repeat(days, generator.poisson(rate)) + pd.Timedelta(hours=12)
    moments = pd.DatetimeIndex(noon).tz_localize("UTC")
    return pd.DataFrame(
        {"source": "control room", "occurred_from": moments, "occurred_to": moments,
         "time_known": "interval"}
    )  # fmt: skip


def found(rates: SeasonRates | None) -> SeasonRates:
    assert rates is not None
    return rates


def test_a_term_that_is_twice_as_busy_is_found_and_established(build: ModuleType) -> None:
    rows = drawn(1, 2015, 2020, 2.0)
    periods = build.periods(("2015-01-01", "2021-01-01"))
    rates = found(term_rates(rows, periods, LONDON, terms(range(2015, 2021))))
    factor = dict(zip(rates.names, rates.times_usual, strict=True))
    assert rates.names[-1] == "vacation"
    assert factor["4th week"] / factor["vacation"] == pytest.approx(2, rel=0.2)
    assert rates.unit == "week"
    assert rates.test is not None and rates.test.verdict == "established"


def test_months_alone_tell_term_from_vacation(build: ModuleType) -> None:
    rows = drawn(1, 2015, 2020, 3.0)
    first = rows["occurred_from"].dt.tz_localize(None).dt.to_period("M").dt.to_timestamp()
    rows = rows.assign(
        time_known="month", occurred_from=first.dt.tz_localize("UTC"),
        occurred_to=(first + pd.offsets.MonthBegin()).dt.tz_localize("UTC"),
    )  # fmt: skip
    periods = build.periods(("2015-01-01", "2021-01-01"))
    rates = found(term_rates(rows, periods, LONDON, terms(range(2015, 2021))))
    assert rates.names == ("term", "vacation")
    assert rates.unit == "month"
    # Terms are listed with their 0th and 9th weeks, which are as quiet as vacation.
    assert 1.5 < rates.rates.mean[0] / rates.rates.mean[1] < 3.2


def test_rates_are_per_covered_day(build: ModuleType) -> None:
    rows = drawn(2, 2015, 2020)
    summers = [(f"{year}-01-01", f"{year}-07-01") for year in range(2015, 2021)]
    covered = rows[rows["occurred_from"].dt.month < 7]
    rates = found(month_rates(covered, build.periods(*summers), LONDON))
    assert rates.usual == pytest.approx(1, abs=0.1)
    assert rates.rates.mean == pytest.approx(np.ones(12), abs=0.15)
    assert rates.days[:6] == pytest.approx([186, 170, 186, 180, 186, 180], abs=1)
    assert rates.days[7:].tolist() == [0] * 5
    assert rates.incidents.sum() == pytest.approx(len(covered))


def test_sources_add_up(build: ModuleType) -> None:
    one, other = drawn(3, 2015, 2017), drawn(4, 2017, 2020).assign(source="ledger")
    periods = pd.concat([
        build.periods(("2015-01-01", "2018-01-01")),
        build.periods(("2017-01-01", "2021-01-01"), source="ledger"),
    ])  # fmt: skip
    rates = found(month_rates(pd.concat([one, other]), periods, LONDON))
    assert rates.usual == pytest.approx(2, abs=0.15)


def test_nothing_known_is_nothing_said(build: ModuleType) -> None:
    periods = build.periods(("2025-01-01", "2026-01-01"))
    unknown = build.located([{"time_known": "unknown"}])
    assert month_rates(unknown, periods, LONDON) is None
    assert month_rates(build.located([]), periods, LONDON) is None
    assert month_rates(build.located([{}]), build.periods(), LONDON) is None
    assert term_rates(build.located([{}]), periods, LONDON, ()) is None
    assert term_rates(build.located([{}]), periods, LONDON, terms(range(2010, 2012))) is None
