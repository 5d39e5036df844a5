"""Do months and weeks of term foretell totals? On Oxford's police data and on a campus's log.

Prints, for each data set, the factors of months and of weeks of term, and the out-of-sample test of
whether they help; then the same test on simulated estates without any season, of which few may
pass::

    python tests/bench/seasons.py ../shared/data

Term dates. Oxford: the Sundays on which Full Term begins; those from Michaelmas 2023 on agree with
``geodata/oxford/calendar.toml``, those from Trinity 2018 to Trinity 2019 are remembered from the
University's published Dates of Term and were not looked up again. The campus: three quarters by a
rule (the weeks of the Mondays of 25 September to 1 October, of 1 to 7 January, and 84 days later;
eleven weeks each), which agrees with the dates that we know of 2011 to 2019 but was not checked
against each year's calendar.
"""

import argparse
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from planner.incidents.intake import read_incidents
from planner.insight.timing.season_test import SeasonTest, season_test
from planner.insight.timing.season_totals import Totals
from planner.insight.timing.seasons import SeasonRates, month_rates, term_rates
from planner.settings import Term

NOW = datetime(2026, 1, 1, tzinfo=UTC)
OXFORD_TERMS = {
    "Trinity 2018": date(2018, 4, 22), "Michaelmas 2018": date(2018, 10, 7),
    "Hilary 2019": date(2019, 1, 13), "Trinity 2019": date(2019, 4, 28),
    "Michaelmas 2023": date(2023, 10, 8), "Hilary 2024": date(2024, 1, 14),
    "Trinity 2024": date(2024, 4, 21), "Michaelmas 2024": date(2024, 10, 13),
    "Hilary 2025": date(2025, 1, 19), "Trinity 2025": date(2025, 4, 27),
    "Michaelmas 2025": date(2025, 10, 12),
}  # fmt: skip


def oxford_terms() -> list[Term]:
    """Return Oxford's terms with their 0th and 9th weeks."""
    return [
        Term(name=name, first_week_starts=starts, weeks=(0, 9))
        for name, starts in OXFORD_TERMS.items()
    ]


def campus_terms() -> list[Term]:
    """Return the campus's quarters by the rule of the module's docstring."""
    terms = []
    for year in range(2010, 2020):
        autumn, winter = _monday(date(year, 9, 25)), _monday(date(year + 1, 1, 1))
        for name, monday in (
            (f"Autumn {year}", autumn), (f"Winter {year + 1}", winter),
            (f"Spring {year + 1}", winter + timedelta(days=84)),
        ):  # fmt: skip
            sunday = monday - timedelta(days=1)
            terms.append(Term(name=name, first_week_starts=sunday, weeks=(1, 11)))
    return terms


def _monday(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def read(paths: list[Path], time_zone: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read files of incidents: the incidents, and the periods that they cover."""
    tables, spans = [], []
    for path in paths:
        intake = read_incidents(path, time_zone, NOW)
        tables.append(intake.accepted.assign(source=intake.source))
        spans += [(intake.source, p.starts_at, p.ends_at) for p in intake.periods]
    periods = pd.DataFrame(spans, columns=["source", "starts_at", "ends_at"])
    return pd.concat(tables, ignore_index=True), periods


def say(what: str, rates: SeasonRates | None) -> None:
    """Print factors with their 95 % interval, and the test."""
    if rates is None:
        print(f"  {what}: nothing to tell it by")
        return
    low, high = (bound / rates.usual for bound in rates.rates.interval(0.95))
    print(f"  {what}: {rates.usual:.2f} incidents on the usual day; factors (95 %):")
    for name, factor, least, most, days in zip(
        rates.names, rates.times_usual, low, high, rates.days, strict=True
    ):
        print(f"    {name:10} {factor:5.2f} ({least:.2f} to {most:.2f}), {days:6.0f} covered days")
    print(f"    test on {rates.unit}s: {test_words(rates.test)}")


def test_words(test: SeasonTest | None) -> str:
    """Say what the test found."""
    if test is None:
        return "fewer than two years"
    return (
        f"gain {test.gain:+.4f} nats each ({test.low:+.4f} to {test.high:+.4f}) over {test.units} "
        f"of {test.years} years: {test.verdict}"
    )


def simulated(number: int, month: np.ndarray, daily: float, season: float, seed: int) -> str:
    """Count the verdicts on simulated estates with totals of such months (since year 0).

    Years differ (by 22 %), months scatter (by 13 %) besides chance, and the season is a sine.
    """
    generator = np.random.default_rng(seed)
    year = np.unique(month // 12, return_inverse=True)[1]
    verdicts = {"established": 0, "likely": 0, "not shown": 0}
    for _ in range(number):
        level = 30 * daily * generator.gamma(20, 1 / 20, year.max() + 1)[year]
        factor = generator.gamma(60, 1 / 60, len(month)) * (
            1 + season * np.sin(2 * np.pi * month / 12)
        )
        totals = Totals(
            names=tuple(str(number) for number in range(12)),
            counts=generator.poisson(level * factor).astype(float),
            days=30.0 * (month[:, None] % 12 == np.arange(12)),
            source=np.zeros(len(month), dtype=int),
            year=month // 12,
            month=month,
        )
        test = season_test(totals)
        verdicts["not shown" if test is None else test.verdict] += 1
    return ", ".join(f"{verdict} {times / number:.1%}" for verdict, times in verdicts.items())


def main() -> None:
    """Print all results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--simulated", type=int, default=200)
    asked = parser.parse_args()
    street_files = sorted((asked.shared / "oxford" / "police").glob("*-street.csv"))
    campus = [asked.shared / "campus" / "ucpd_2011_2019.csv"]
    for name, paths, time_zone, terms in (
        ("Oxford, police, months only", street_files, "Europe/London", oxford_terms()),
        ("Campus", campus, "America/Chicago", campus_terms()),
    ):
        incidents, periods = read(paths, time_zone)
        print(f"{name}: {len(incidents):,} incidents")
        say("months", month_rates(incidents, periods, time_zone))
        say("term", term_rates(incidents, periods, time_zone, terms))
    files = [path.name[:7].split("-") for path in street_files]
    published = np.array([int(year) * 12 + int(month) - 1 for year, month in files])
    cases = [(f"{years} whole years", np.arange(12 * years) + 24_000, 3.0) for years in (3, 5, 9)]
    for name, month, daily in [("Oxford's 16 months", published, 47.0), *cases]:
        for season in (0.0, 0.1, 0.2):
            found = simulated(asked.simulated, month, daily, season, seed=len(month))
            print(f"Simulated, {name}, season of {season:.0%} each way: {found}")


if __name__ == "__main__":
    main()
