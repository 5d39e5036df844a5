"""Zones in classes: by what is expected, by the upper end, by the records behind them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.allocate.plan import RiskNote, ZoneRisk
from planner.publish.risk_view import TOP, Show, risk_ranks, risk_view
from planner.publish.risk_words import FEW_RECORDS, Wording


def note(
    expected: list[float], high_95: list[float] | None = None, recorded: list[int] | None = None
) -> RiskNote:
    tops, counts = high_95 or expected, recorded or [10] * len(expected)
    zones = tuple(
        ZoneRisk(
            zone=f"z{row}", name=f"Zone {row}", expected=mean, low=0.0, high=min(top, 1.0),
            low_95=0.0, high_95=top, recorded=count, in_routes=True, made_of="all from x",
        )
        for row, (mean, top, count) in enumerate(zip(expected, tops, counts, strict=True))
    )  # fmt: skip
    return RiskNote(
        expected=sum(expected), low=0, high=1, low_95=0, high_95=2, standings=(), covered_days=30,
        timed=True, zones=zones,
    )  # fmt: skip


@given(
    values=st.lists(st.floats(0, 50), min_size=1, max_size=30),
    tops=st.lists(st.integers(0, 12), min_size=30, max_size=30),
    counts=st.lists(st.integers(0, 900), min_size=30, max_size=30),
    show=st.sampled_from(list(Show)),
)
def test_every_zone_is_in_a_class_of_the_legend(values, tops, counts, show):
    size = len(values)
    risk = note(values, [float(top) for top in tops[:size]], counts[:size])
    view = risk_view(risk, Wording(), show)
    named = {item.level: item.zones for item in view.classes}
    assert sum(named.values()) == size
    assert all((view.levels == level).sum() == zones for level, zones in named.items())
    assert all("nan" not in item.words and item.words for item in view.classes)
    assert [item.level for item in view.classes] == sorted(named, reverse=True)


@given(tops=st.lists(st.integers(0, 9), min_size=2, max_size=30))
def test_a_higher_upper_end_is_never_in_a_lower_class(tops):
    view = risk_view(note([0.1] * len(tops), [float(top) for top in tops]), Wording(), Show.UPPER)
    order = np.argsort(tops, kind="stable")
    assert (np.diff(view.levels[order]) >= 0).all()
    top_class = view.levels[int(np.argmax(tops))]
    assert top_class == (TOP if len(set(tops)) > 1 else 0)


def test_the_upper_end_is_said_in_whole_numbers():
    view = risk_view(note([0.1, 0.2, 0.3], [0.0, 1.0, 4.0]), Wording(), Show.UPPER)
    assert [item.words for item in view.classes] == ["4", "1", "none"]
    assert view.title == "Most incidents in 19 shifts of 20"


def test_zones_with_few_records_are_hatched_where_certainty_is_shown():
    recorded = [0, FEW_RECORDS - 1, FEW_RECORDS, 19, 20, 99, 100, 499, 500]
    view = risk_view(note([0.1] * 9, recorded=recorded), Wording(), Show.UNSURE)
    assert view.levels.tolist() == [4, 4, 3, 3, 2, 2, 1, 1, 0]
    assert view.classes[0].words == "fewer than 5: rests on little"


def test_ranks_begin_with_the_highest():
    assert risk_ranks(note([0.1, 0.5, 0.3])).tolist() == [3, 1, 2]


@pytest.mark.parametrize("show", list(Show))
def test_an_estate_without_zones_has_no_classes(show):
    assert risk_view(note([]), Wording(), show).classes == ()
