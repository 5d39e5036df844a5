"""The yearly sheet: each of the service's own cameras with advice by a stated rule."""

from types import ModuleType

import camera_cases
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.allocate.camera_plan import cameras_plan
from planner.allocate.comparison.yearly_sheet import (
    KEEP,
    MOVE,
    MOVE_FROM,
    NOTHING,
    REMOVE,
    Figures,
    advice_for,
    yearly_sheet,
)

amounts = st.floats(0, 1_000)


def test_each_of_the_service_s_own_has_a_row_and_no_other(build: ModuleType) -> None:
    made = camera_cases.deployment(build)
    rows = {row.name: row for row in yearly_sheet(made)}
    assert set(rows) == {"Gate", "Far"}
    adds = {own.name: own.adds for own in cameras_plan(made).own}
    assert all(row.adds == pytest.approx(adds[name]) for name, row in rows.items())
    assert rows["Gate"].age_years == 5
    assert rows["Far"].age_years is None
    assert rows["Gate"].private == (camera_cases.HOSTILE,)
    assert rows["Gate"].in_last_year is not None
    assert rows["Gate"].in_last_year >= 30
    assert rows["Far"].in_last_year is None
    assert all(row.reason and "£" in row.reason for row in rows.values())
    assert rows["Gate"].advice == KEEP
    assert rows["Far"].advice in (MOVE, REMOVE)


def test_nothing_to_review_without_cameras(build: ModuleType) -> None:
    seen = camera_cases.picture(build, estate=build.estate())
    assert yearly_sheet(camera_cases.deployment(build, seen)) == ()


def test_no_two_are_moved_to_the_same_place(build: ModuleType) -> None:
    rows = yearly_sheet(camera_cases.deployment(build))
    places = [row.reason.split("; at ")[1] for row in rows if row.advice == MOVE]
    assert len(places) == len(set(places))


@pytest.mark.parametrize(
    ("figures", "advice"),
    [
        (Figures(10, 450, 19, 20, 1_000), KEEP),
        (Figures(10, 450, 30, 20, 1_000), KEEP),
        (Figures(1, 450, 30, 20, 1_000), MOVE),
        (Figures(1, 450, 1.5, 20, 1_000), KEEP),
        (Figures(0, 450, 30, 20, 1_000), MOVE),
        (Figures(0, 450, 0, 20, 1_000), REMOVE),
        (Figures(0, 450, 0, 0, 0), REMOVE),
        (Figures(5, 0, 30, 20, 1_000), KEEP),
        (Figures(5, 450, 0, 0, 0), KEEP),
    ],
)
def test_the_rule(figures: Figures, advice: str) -> None:
    assert advice_for(figures) == advice


@given(amounts, amounts, amounts, amounts, amounts)
def test_only_what_adds_nothing_is_removed_and_only_for_much_more_is_one_moved(
    adds: float, yearly: float, elsewhere: float, new_adds: float, new_yearly: float
) -> None:
    advice = advice_for(Figures(adds, yearly, elsewhere, new_adds, new_yearly))
    if advice == REMOVE:
        assert adds <= NOTHING
    if advice == MOVE:
        assert elsewhere >= MOVE_FROM * adds
