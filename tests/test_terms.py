"""How risk is shared out among terms: by the records, shrunk, and each term with its vacation."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from planner.allocate.cameras.terms import ALL_YEAR, PSEUDO_COUNT, term_names, term_shares
from planner.settings import Term

AUTUMN = Term(name="Michaelmas 2024", first_week_starts=date(2024, 10, 13), weeks=(0, 9))
SPRING = Term(name="Hilary 2025", first_week_starts=date(2025, 1, 19), weeks=(0, 9))
NEXT_AUTUMN = Term(name="Michaelmas 2025", first_week_starts=date(2025, 10, 12), weeks=(0, 9))
TERMS = (NEXT_AUTUMN, AUTUMN, SPRING)
ZONES = ("z0", "z1")


def picture(
    moments: list[str], zones: list[str], terms: tuple[Term, ...] = TERMS
) -> SimpleNamespace:
    rows = {name: row for row, name in enumerate(ZONES)}
    recorded = pd.DataFrame(
        {"occurred_from": pd.to_datetime(pd.Series(moments, dtype=object), utc=True), "zone": zones}
    )
    return SimpleNamespace(
        settings=SimpleNamespace(terms=terms, time_zone="Europe/London"),
        estate=SimpleNamespace(zones=ZONES),
        on_estate=recorded,
        ground=SimpleNamespace(
            rows=lambda names: np.array([rows.get(name, -1) for name in names], dtype=int)
        ),
    )


def test_terms_have_their_names_once_and_in_order() -> None:
    assert term_names(TERMS) == ("Michaelmas", "Hilary")
    assert term_names(()) == (ALL_YEAR,)
    assert term_names((Term(name="2025", first_week_starts=date(2025, 1, 5), weeks=(1, 8)),)) == (
        "2025",
    )


def test_a_vacation_belongs_to_the_term_before_it() -> None:
    found = term_shares(picture(["2025-01-05T12:00", "2025-09-01T12:00"], ["z0", "z1"]))
    # z0 has one of Michaelmas, z1 one of Hilary; the estate has half of each.
    own = (1 + PSEUDO_COUNT / 2) / (1 + PSEUDO_COUNT)
    np.testing.assert_allclose(found, [[own, 1 - own], [1 - own, own]])


def test_the_same_term_of_two_years_counts_together() -> None:
    found = term_shares(picture(["2024-11-01T12:00", "2025-11-01T12:00"], ["z0", "z0"]))
    np.testing.assert_allclose(found[0], 1.0)


def test_a_term_begins_at_local_midnight() -> None:
    before, after = "2025-10-11T22:59", "2025-10-11T23:01"
    found = term_shares(picture([before, after], ["z0", "z1"]))
    names = term_names(TERMS)
    assert found[names.index("Hilary"), 0] > found[names.index("Hilary"), 1]


def test_what_is_before_all_terms_or_in_no_zone_says_nothing() -> None:
    found = term_shares(picture(["2020-01-01T12:00", "2025-02-01T12:00"], ["z0", "elsewhere"]))
    np.testing.assert_allclose(found, 0.5)


def test_with_one_term_all_falls_in_it() -> None:
    found = term_shares(picture(["2025-02-01T12:00"], ["z0"], (AUTUMN, NEXT_AUTUMN)))
    np.testing.assert_array_equal(found, np.ones((1, 2)))


@given(
    st.lists(
        st.tuples(st.dates(date(2023, 1, 1), date(2026, 12, 31)), st.sampled_from([*ZONES, ""])),
        max_size=30,
    )
)
def test_the_shares_of_a_zone_are_one(records: list[tuple[date, str]]) -> None:
    found = term_shares(picture([f"{day}T12:00" for day, _ in records], [z for _, z in records]))
    np.testing.assert_allclose(found.sum(axis=0), 1.0)
    assert (found >= 0).all()
