"""The track record of a workspace, the forecast of a shift, and what the print shows of both."""

import dataclasses
import io
from datetime import date, timedelta
from types import ModuleType

import numpy as np
import pandas as pd
import pypdf
import pytest

from planner.allocate.forecasting import week_ahead
from planner.allocate.planning import make_plan
from planner.allocate.scenario import scenario_from
from planner.errors import NoIncidents, ScenarioError
from planner.insight.backtest.sources import PARTLY, TOO_SHORT, source_records
from planner.picture import Picture
from planner.publish.printmap import hotspot_pdf
from planner.publish.track_words import record_words
from planner.service.forecasting import ForecastWish, forecast_for, known_category, week_forecast
from planner.service.planning import print_pages
from planner.service.track_record import track_record
from planner.settings import Settings, usual_categories

ZONES = ["alpha-college", "beta-museum", "gamma-library"]
FIRST = date(2022, 1, 3)


def rows(weeks: int, by_month: bool = False, **changes: str) -> list[dict[str, str]]:
    """Several incidents a week, most in the first zone, drawn with a stated seed."""
    generator = np.random.default_rng(11)
    found = []
    for week in range(weeks):
        for zone in generator.choice(ZONES, size=4, p=[0.6, 0.3, 0.1]):
            day = FIRST + timedelta(days=7 * week + int(generator.integers(7)))
            begin, end = f"{day}T20:00", f"{day}T20:30"
            if by_month:
                begin = f"{day:%Y-%m}-01"
                end = f"{(day.replace(day=1) + timedelta(days=32)).replace(day=1)}"
            found.append({"zone": str(zone), "occurred_from": begin, "occurred_to": end, **changes})
    return found


def spans(build: ModuleType, weeks: int, source: str = "control room") -> pd.DataFrame:
    last = FIRST + timedelta(days=7 * weeks)
    found: pd.DataFrame = build.periods((str(FIRST), str(last)), source=source)
    return found.assign(area="")


def picture_of(
    build: ModuleType, incidents: list[dict[str, str]], periods: pd.DataFrame
) -> Picture:
    settings = Settings(crs=build.CRS, categories=usual_categories())
    return Picture(settings, build.estate(), build.located(incidents), periods)


@pytest.fixture(scope="module")
def picture(build: ModuleType) -> Picture:
    return picture_of(build, rows(140), spans(build, 140))


def test_two_years_of_weeks_are_judged_up_to_the_end_of_the_records(picture: Picture) -> None:
    (found,) = track_record(picture).sources
    assert (found.source, found.kind) == ("control room", "week")
    assert found.result is not None
    assert 103 <= found.result.windows <= 105
    # The records end with a Sunday; the first week judged begins two years before.
    # (in UTC, which is an hour of the local day after).
    assert abs((found.last - FIRST).days - 7 * 140) <= 1
    assert (found.last - found.first).days in range(720, 735)
    assert set(found.result.models) >= {"count", "model", "policy", "best_possible"}
    assert "104 weeks" in record_words(found)[0] or "105 weeks" in record_words(found)[0]
    assert record_words(found)[1].endswith("1, 1, 1 and 1 of the 3 zones.")


def test_what_happened_after_the_records_changes_nothing(
    build: ModuleType, picture: Picture
) -> None:
    ends = picture.periods["ends_at"].max()
    day, eve = (f"{ends + pd.Timedelta(days, 'D'):%Y-%m-%d}" for days in (10, 8))
    # One and the same last record, from which the weeks are counted back.
    last = {"zone": ZONES[0], "occurred_from": f"{day}T18:00", "occurred_to": f"{day}T19:00"}
    later = {"zone": ZONES[2], "occurred_from": f"{eve}T10:00", "occurred_to": f"{eve}T11:00"}
    before, after = (
        track_record(picture_of(build, rows(140) + more, spans(build, 140))).sources[0].result
        for more in ([last], [later] * 50 + [last])
    )
    assert before is not None and after is not None
    assert before.models == after.models
    assert before.calibration == after.calibration


def test_records_by_month_are_judged_by_month_and_on_all_months(build: ModuleType) -> None:
    police = rows(140, True, source="police", time_known="month")
    record = track_record(picture_of(build, police, spans(build, 140, "police")))
    (found,) = record.sources
    assert found.kind == "month"
    assert found.result is not None
    # 33 months, less the half year that is history only.
    assert found.result.windows == pytest.approx(26, abs=1)


def test_a_category_is_judged_by_itself(build: ModuleType) -> None:
    mixed = rows(80) + rows(80, category="bicycle theft")
    whole = picture_of(build, mixed, spans(build, 80))
    (found,) = track_record(whole, "Theft of bicycle").sources
    (every,) = track_record(whole).sources
    assert found.result is not None and every.result is not None
    assert found.result.incidents == pytest.approx(every.result.incidents / 2)


def test_records_that_cannot_be_judged_say_why(build: ModuleType) -> None:
    (short,) = track_record(picture_of(build, rows(12), spans(build, 12))).sources
    assert (short.result, short.reason) == (None, TOO_SHORT)
    assert record_words(short) == [f"Records of the control room: not judged, as {TOO_SHORT}; the "
                                   "forecast is the count's."]  # fmt: skip
    whole = picture_of(build, rows(60), spans(build, 60))
    ground = dataclasses.replace(whole.ground, areas={"half": np.array([True, False, False])})
    halves = pd.concat([spans(build, 60), spans(build, 90).assign(area="half")])
    (partly,) = source_records(whole.on_estate, halves, ground, "Europe/London")
    assert (partly.result, partly.reason) == (None, PARTLY)


def test_a_forecast_is_of_the_shift_and_category_that_were_asked_for(picture: Picture) -> None:
    found = forecast_for(picture, ForecastWish("night", date(2024, 10, 2), "theft"))
    assert found.shift.starts_at.startswith("2024-10-02T22:00")
    assert (found.category, found.span, found.harm) == ("theft", "shift", False)
    assert found.risk.expected == pytest.approx(sum(zone.expected for zone in found.risk.zones))
    following = forecast_for(picture, ForecastWish())
    assert following.shift.starts_at >= found.as_of
    with pytest.raises(ScenarioError, match="there is no shift 'dawn'"):
        forecast_for(picture, ForecastWish("dawn"))


def test_harm_is_the_number_times_what_each_weighs(picture: Picture) -> None:
    number = forecast_for(picture, ForecastWish("night", date(2024, 10, 2)))
    harm = forecast_for(picture, ForecastWish("night", date(2024, 10, 2), harm=True))
    weight = picture.settings.categories["theft"].harm
    assert harm.risk.expected == pytest.approx(weight * number.risk.expected)
    assert harm.risk.high_95 == pytest.approx(weight * number.risk.high_95)


def test_a_category_is_known_by_any_of_its_names_and_a_wrong_one_is_refused(
    build: ModuleType,
) -> None:
    incidents = [*rows(20), {"zone": ZONES[0], "category": "sexual assault"},
                 {"zone": ZONES[0], "category": "llamas"}]  # fmt: skip
    found = picture_of(build, incidents, spans(build, 20))
    assert known_category(found, None) is None
    assert known_category(found, " Larceny ") == "theft"
    assert known_category(found, "other") == "other"
    with pytest.raises(NoIncidents, match="the most frequent here are theft"):
        known_category(found, "unicorn")
    with pytest.raises(NoIncidents, match="totals of the estate only"):
        known_category(found, "sexual assault")


def test_the_week_ahead_is_seven_local_days_after_the_records(picture: Picture) -> None:
    week = week_ahead(picture)
    assert week.starts_at >= picture.as_of
    assert (week.starts_at.hour, week.ends_at.hour) == (0, 0)
    assert (week.ends_at.date() - week.starts_at.date()).days == 7
    daily = forecast_for(picture, ForecastWish()).risk
    assert week_forecast(picture).risk.expected > daily.expected


def test_the_last_page_holds_the_risk_of_the_week_and_how_good_it_was(picture: Picture) -> None:
    plan = make_plan(picture, scenario_from({"solver": {"tries": 1, "iterations": 20}}))
    printed = hotspot_pdf(picture, plan, print_pages(picture))
    first, _, last = pypdf.PdfReader(io.BytesIO(printed)).pages
    text = " ".join(last.extract_text().split())
    assert "Expected next week" in text and "How good has this been?" in text
    assert "4 weeks in 5" in text and "Alpha College" in text
    assert "Expected next week" not in first.extract_text()
    for word in ("patrol", "shift", "camera", "nan", "ILLUSTRATIVE"):
        assert word not in text
    assert float(last.mediabox.width) == pytest.approx(420 / 25.4 * 72, abs=0.1)
    assert hotspot_pdf(picture, plan, print_pages(picture)) == printed


def test_invented_data_are_named_on_every_page(picture: Picture) -> None:
    invented = dataclasses.replace(
        picture, settings=picture.settings.model_copy(update={"illustrative": True})
    )
    plan = make_plan(invented, scenario_from({"solver": {"tries": 1, "iterations": 20}}))
    pages = pypdf.PdfReader(io.BytesIO(hotspot_pdf(invented, plan, print_pages(invented)))).pages
    assert all("ILLUSTRATIVE DATA" in page.extract_text() for page in pages)
