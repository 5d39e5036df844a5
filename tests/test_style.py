"""Words and colours."""

import numpy as np
import pytest

from planner.publish import style


@pytest.mark.parametrize(
    "payload", ["<img src=x onerror=alert(1)>", "${alert(1)}", "`${x}`", "\\u003c", "a&b", "'\""]
)
def test_text_for_maps_can_run_nowhere(payload: str) -> None:
    safe = style.in_map(payload)
    assert not set(safe) & set("<>`$\\{}'\"")


def test_teams_are_told_apart_by_more_than_colour() -> None:
    looks = {(style.team_style(n).colour, style.team_style(n).dashes) for n in range(24)}
    assert len(looks) == 24


def test_the_top_class_is_the_highest_twentieth() -> None:
    values = np.arange(100.0)
    classes, limits = style.risk_classes(values)
    assert (classes == 4).sum() == 5
    assert limits[-1] == 99
    assert (np.diff(classes) >= 0).all()


def test_words() -> None:
    assert style.day_and_clock("2026-11-21T22:15:00+00:00") == "Sat 21 Nov 2026, 22:15"
    assert style.clock("2026-11-21T22:15:00+00:00") == "22:15"
    assert style.per_cent(0.0921) == "9.2 %"
    assert style.change_words(None) == "no earlier figure"
    assert style.change_words(-0.25).endswith("25 %")
