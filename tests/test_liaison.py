"""Contacts, plans and premises: kept whole, merged by key, and due in time."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import LiaisonError, UnreadableFile
from planner.estate.liaison.records import (
    COLUMNS,
    CONTACTS,
    FILE_NAME,
    PLANS,
    PREMISES,
    PROCEDURES,
    Liaison,
    due,
    load_liaison,
    make_table,
    merge,
    no_liaison,
    save_liaison,
    tier_of,
)

TODAY = date(2026, 1, 15)


def contact(**changes: Any) -> dict[str, Any]:
    usual = {"site": "Alpha College", "role": "Head Porter", "phone": "01865 270000"}
    return usual | {"email": "porters@example.ac.uk", "trained_on": "2025-06-01"} | changes


def plan(**changes: Any) -> dict[str, Any]:
    usual = {"building": "Hall", "plan": "local security plan", "owner": "Domestic Bursar"}
    return usual | {"reviewed_on": "2025-06-01", "state": "in force"} | changes


def premises(**changes: Any) -> dict[str, Any]:
    reviewed = {f"{kind}_reviewed_on": "2025-06-01" for kind in PROCEDURES}
    usual = {"premises": "Beta Museum", "expected_attendance": 900, "tier": "enhanced"}
    return usual | {"responsible": "The Museum"} | reviewed | changes


def liaison(**tables: list[dict[str, Any]]) -> Liaison:
    return Liaison(*(make_table(name, tables.get(name, [])) for name in COLUMNS))


def same(one: Liaison, other: Liaison) -> bool:
    for name in COLUMNS:
        pd.testing.assert_frame_equal(one.table(name), other.table(name))
    return True


def test_a_workspace_begins_without_any(tmp_path: Path) -> None:
    assert same(load_liaison(tmp_path), no_liaison())
    assert due(no_liaison(), TODAY).empty


def test_what_was_kept_is_read_again(tmp_path: Path) -> None:
    kept = liaison(contacts=[contact(trained_on="")], plans=[plan()], premises=[premises()])
    save_liaison(kept, tmp_path)
    assert same(load_liaison(tmp_path), kept)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
days = st.dates(date(1990, 1, 1), TODAY).map(date.isoformat) | st.just("")


@given(
    st.lists(st.builds(contact, site=words, role=words, phone=words, trained_on=days), max_size=5)
)
def test_any_contacts_are_read_again(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]
) -> None:
    folder = tmp_path_factory.mktemp("workspace")
    save_liaison(liaison(contacts=rows), folder)
    assert same(load_liaison(folder), liaison(contacts=rows))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("no JSON", "Invalid JSON"),
        ('{"version": 2}', "version"),
        ('{"people": []}', "people: there is no such key"),
        (
            '{"contacts": [{"site": "a", "role": "b", "trained_on": "June"}]}',
            "contacts.0.trained_on",
        ),
        (
            '{"premises": [{"premises": "a", "expected_attendance": -1, "tier": "none"}]}',
            "expected_attendance",
        ),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / FILE_NAME).write_text(content, encoding="utf-8")
    with pytest.raises(LiaisonError) as caught:
        load_liaison(tmp_path)
    assert str(tmp_path / FILE_NAME) in str(caught.value)
    assert said.lower() in str(caught.value).lower()


def test_a_file_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(UnreadableFile):
        load_liaison(tmp_path)


def test_a_wrong_row_is_never_kept(tmp_path: Path) -> None:
    save_liaison(liaison(contacts=[contact()]), tmp_path)
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(LiaisonError, match="state"):
        save_liaison(liaison(plans=[plan(state="lost")]), tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_the_file_holds_only_what_it_should(tmp_path: Path) -> None:
    save_liaison(liaison(contacts=[contact()]), tmp_path)
    kept = json.loads((tmp_path / FILE_NAME).read_text(encoding="utf-8"))
    assert set(kept) == {"version", "contacts", "plans", "premises"}
    assert set(kept["contacts"][0]) == set(COLUMNS[CONTACTS])


def test_rows_are_merged_by_their_key() -> None:
    old = make_table(CONTACTS, [contact(), contact(role="Deputy"), contact(site="Beta Museum")])
    new = make_table(
        CONTACTS,
        [
            contact(),
            contact(role="DEPUTY", phone="72944"),
            contact(role="Night Porter", phone="1234"),
            contact(role="Night Porter"),
        ],
    )
    done = merge(CONTACTS, old, new)
    assert (done.added, done.changed, done.unchanged, done.repeated) == (1, 1, 1, 1)
    assert done.table["role"].tolist() == ["Head Porter", "DEPUTY", "Head Porter", "Night Porter"]
    assert done.table["phone"].tolist() == ["01865 270000", "72944", "01865 270000", "01865 270000"]
    assert done.table.dtypes.equals(old.dtypes)


def test_merging_with_nothing() -> None:
    rows = make_table(PREMISES, [premises()])
    pd.testing.assert_frame_equal(merge(PREMISES, make_table(PREMISES, []), rows).table, rows)
    pd.testing.assert_frame_equal(merge(PREMISES, rows, make_table(PREMISES, [])).table, rows)


few = st.lists(
    st.builds(
        premises,
        premises=st.sampled_from(["a", "A", "b", "c"]),
        expected_attendance=st.integers(0, 3),
    ),
    max_size=6,
)


@given(few, few)
def test_merging_keeps_the_last_of_each_key(old: list[Any], new: list[Any]) -> None:
    stood = merge(PREMISES, make_table(PREMISES, []), make_table(PREMISES, old)).table
    done = merge(PREMISES, stood, make_table(PREMISES, new))
    assert done.added + done.changed + done.unchanged + done.repeated == len(new)
    expected = {row["premises"].casefold(): row["expected_attendance"] for row in old + new}
    found = zip(done.table["premises"], done.table["expected_attendance"], strict=True)
    assert {name.casefold(): count for name, count in found} == expected
    assert len(done.table) == len(expected)
    again = merge(PREMISES, done.table, done.table)
    assert (again.added, again.changed, again.repeated) == (0, 0, 0)


@pytest.mark.parametrize(
    ("people", "tier"),
    [(0, "none"), (199, "none"), (200, "standard"), (799, "standard"), (800, "enhanced")],
)
def test_tiers_by_attendance(people: int, tier: str) -> None:
    assert tier_of(people) == tier


def states(*rows: dict[str, Any], on: date = TODAY) -> list[tuple[str, Any]]:
    items = due(liaison(contacts=list(rows)), on)
    return [
        (state, days) for state, days in items[["state", "overdue_days"]].itertuples(index=False)
    ]


def test_training_is_due_after_a_year() -> None:
    assert states(contact(trained_on="2025-01-14")) == [("overdue", 1)]
    assert states(contact(trained_on="2025-01-15")) == [("due soon", 0)]
    assert states(contact(trained_on="2025-02-14")) == [("due soon", -30)]
    assert states(contact(trained_on="2025-02-15")) == []
    [(state, days)] = states(contact(trained_on=""))
    assert state == "never"
    assert pd.isna(days)
    assert states(contact(trained_on="2024-02-29"), on=date(2025, 2, 28)) == [("due soon", 0)]


def test_a_plan_goes_by_its_own_day_where_it_states_one() -> None:
    plans = [
        plan(building="A", review_due="2026-01-01"),
        plan(building="B", review_due="2027-01-01", reviewed_on="2020-01-01"),
        plan(building="C", reviewed_on="", review_due="2026-01-20"),
        plan(building="D", reviewed_on="", state="draft"),
        plan(building="E", reviewed_on="", state="withdrawn"),
        plan(building="F", reviewed_on="2024-01-01"),
    ]
    items = due(liaison(plans=plans), TODAY)
    assert items[["place", "state"]].to_numpy().tolist() == [
        ["D", "never"],
        ["F", "overdue"],
        ["A", "overdue"],
        ["C", "due soon"],
    ]
    assert items["due"].tolist() == ["", "2025-01-01", "2026-01-01", "2026-01-20"]
    assert items["who"].unique().tolist() == ["Domestic Bursar"]


def test_procedures_of_premises_in_a_tier() -> None:
    rows = [
        premises(lockdown_reviewed_on="", evacuation_reviewed_on="2024-12-01"),
        premises(premises="Small", expected_attendance=50, tier="none", lockdown_reviewed_on=""),
    ]
    items = due(liaison(premises=rows), TODAY)
    assert items[["what", "place", "state"]].to_numpy().tolist() == [
        ["lockdown procedure", "Beta Museum", "never"],
        ["evacuation procedure", "Beta Museum", "overdue"],
    ]


@given(st.lists(st.builds(plan, building=words, reviewed_on=days, review_due=days), max_size=8))
def test_what_is_due_is_sorted_and_whole(rows: list[dict[str, Any]]) -> None:
    items = due(liaison(plans=rows), TODAY)
    known = items["overdue_days"].dropna().astype(int).tolist()
    assert known == sorted(known, reverse=True)
    assert (items["state"] == "never").sum() == sum(
        not row["reviewed_on"] and not row["review_due"] for row in rows
    )
    assert len(items) <= len(rows)
    assert (items["state"] == "overdue").sum() == (items["overdue_days"].fillna(0) > 0).sum()


def test_plans_and_states_are_named_alike() -> None:
    from planner.estate.liaison.records import PLAN_KINDS, RECORDS, STATES, TIERS

    assert RECORDS[PLANS].model_fields["plan"].annotation.__args__ == PLAN_KINDS  # type: ignore[union-attr]
    assert RECORDS[PLANS].model_fields["state"].annotation.__args__ == ("", *STATES)  # type: ignore[union-attr]
    assert RECORDS[PREMISES].model_fields["tier"].annotation.__args__ == TIERS  # type: ignore[union-attr]
