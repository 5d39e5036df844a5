from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from planner.errors import ScenarioError
from planner.picture import Picture
from planner.service.timing import timing_choices, timing_for
from planner.settings import Settings


def picture(build: ModuleType, rows: list[dict[str, Any]], periods: Any = None) -> Picture:
    spans = build.periods(("2025-01-01", "2026-01-01")) if periods is None else periods
    return Picture(Settings(crs=build.CRS), build.standing_estate(), build.located(rows), spans)


def zones_of(build: ModuleType) -> list[str]:
    return [str(zone) for zone in build.standing_estate().zones["zone"]]


def test_sensitive_categories_count_in_totals_of_the_estate_only(build: ModuleType) -> None:
    first, second = zones_of(build)[:2]
    shown = picture(build, [
        {"zone": first, "category": "theft"}, {"zone": first, "category": "sexual offence"},
        {"zone": second, "category": "burglary"},
    ])  # fmt: skip
    assert shown.sensitive == 1
    assert timing_for(shown).timed == 3
    assert timing_for(shown, zone=first).timed == 1
    assert sum(timing_for(shown, category=name).timed
               for name in timing_choices(shown).categories) == 2  # fmt: skip
    choices = timing_choices(shown)
    assert {zone.zone: zone.incidents for zone in choices.zones} == {first: 1, second: 1}
    sensitive = shown.counted.loc[shown.counted["sensitive"], "category"].iloc[0]
    assert sensitive not in choices.categories
    with pytest.raises(ScenarioError, match="may be shown by place"):
        timing_for(shown, category=sensitive)


def test_zone_and_category_narrow_what_is_counted(build: ModuleType) -> None:
    first, second = zones_of(build)[:2]
    shown = picture(build, [{"zone": first}] * 3 + [{"zone": second}] * 2
                    + [{"zone": first, "category": "burglary"}])  # fmt: skip
    assert timing_for(shown).timed == 6
    assert timing_for(shown, zone=first).timed == 4
    assert timing_for(shown, zone=first, category="burglary").timed == 1
    parts = [timing_for(shown, zone=zone).weights for zone in (first, second)]
    assert np.sum(parts, axis=0) == pytest.approx(timing_for(shown).weights)


def test_a_zone_has_the_covered_time_of_the_files_that_cover_it(build: ModuleType) -> None:
    first, second = zones_of(build)[:2]
    zones = build.standing_estate().zones.set_index("zone")
    around = shapely.buffer(zones.geometry[first], 1).exterior.coords
    ring = [build.degrees(x - build.CORNER[0], y - build.CORNER[1]) for x, y in around]
    periods = pd.concat([
        build.periods(("2025-01-01", "2025-07-01")).assign(area=""),
        build.periods(("2025-07-01", "2026-01-01")).assign(area=shapely.Polygon(ring).wkt),
    ])  # fmt: skip
    shown = picture(build, [{"zone": first}, {"zone": second}], periods)
    whole, half = (
        timing_for(shown, zone=zone).covered_hours.sum() / 24 for zone in (first, second)
    )
    assert whole == pytest.approx(365)
    assert half == pytest.approx(181)


def test_a_zone_that_is_not_there_is_a_named_error(build: ModuleType) -> None:
    with pytest.raises(ScenarioError, match="no zone 'nowhere'"):
        timing_for(picture(build, [{}]), zone="nowhere")
