from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from planner.insight.hotspots.alerts import alert_areas
from planner.insight.hotspots.near_repeats import DAYS, DISTANCES_M, Dated, NearRepeats

LONDON = "Europe/London"
NOW = datetime(2025, 10, 28, 0, 0, tzinfo=ZoneInfo(LONDON))


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def repeats(points, days, significant, ratio: float = 2.0) -> NearRepeats:
    shape = (len(DISTANCES_M), len(DAYS))
    q = np.ones(shape)
    q[significant] = 0.01
    return NearRepeats(
        DISTANCES_M, DAYS, np.full(shape, ratio * 10), np.full(shape, 10.0), q, q, 499, 1,
        Dated(np.array(points, dtype=float), np.array(days), 0),
    )  # fmt: skip


def test_an_alert_reaches_so_far_and_until_the_days_are_over() -> None:
    found = repeats([[0, 0], [1_000, 0]], [day("2025-10-10"), day("2025-10-24")], (1, 0))
    (area,) = alert_areas(found, NOW, LONDON)
    assert area.distance_m == 100
    assert shapely.distance(area.geometry, shapely.Point(1_100, 0)) < 1
    assert not shapely.contains_xy(area.geometry, 0, 0)
    # Over a change of clocks too, days begin at local midnight.
    assert area.starts_at == datetime(2025, 10, 24, tzinfo=ZoneInfo(LONDON))
    assert area.ends_at == datetime(2025, 11, 1, tzinfo=ZoneInfo(LONDON))
    assert area.ratio == 2.0
    assert area.days == (0, 7)


def test_incidents_of_one_day_share_an_area() -> None:
    found = repeats([[0, 0], [50, 0], [900, 0]], [day("2025-10-24")] * 3, (1, 0))
    (area,) = alert_areas(found, NOW, LONDON)
    assert area.incidents == 3
    assert len(shapely.get_parts(area.geometry)) == 2


def test_a_band_of_later_days_looks_further_back() -> None:
    found = repeats([[0, 0], [900, 0]], [day("2025-10-10"), day("2025-10-27")], (0, 2))
    early, late = sorted(alert_areas(found, NOW, LONDON), key=lambda area: area.starts_at)
    assert early.starts_at == datetime(2025, 10, 25, tzinfo=ZoneInfo(LONDON))
    assert late.starts_at == datetime(2025, 11, 11, tzinfo=ZoneInfo(LONDON))
    assert early.geometry.area > 0


def test_no_alert_where_nothing_is_shown_or_all_is_over() -> None:
    recent = [day("2025-10-24")]
    assert alert_areas(repeats([[0, 0]], recent, (1, 0), ratio=1.1), NOW, LONDON) == ()
    assert alert_areas(repeats([[0, 0]], [day("2025-10-01")], (1, 0)), NOW, LONDON) == ()
    quiet = repeats([[0, 0]], recent, (slice(0, 0), 0))
    assert alert_areas(quiet, NOW, LONDON) == ()
