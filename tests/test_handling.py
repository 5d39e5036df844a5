"""Who may see what: every combination against a table written out by hand, and default deny."""

from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import IntelligenceError
from planner.incidents.handling import (
    CODES,
    INFORMATION,
    SOURCES,
    Label,
    may_see,
    read_grade,
    reasons_withheld,
    withheld_because,
)
from planner.settings import Handling

RULES = Handling()
READERS = ["control room", "service", "partners", "public"]
MARKINGS = ["NOT MARKED", "OFFICIAL", "OFFICIAL-SENSITIVE"]
GRADES = ["".join(parts) for parts in product(SOURCES, INFORMATION, CODES)]
# Whether the marking alone lets each reader see it.
CLEARED = {
    "NOT MARKED": {"control room", "service", "partners", "public"},
    "OFFICIAL": {"control room", "service", "partners"},
    "OFFICIAL-SENSITIVE": {"control room"},
}
# Whom handling code, permission and conditions let see it, whatever the marking.
EVERYBODY = {"control room", "service", "partners", "public"}
PERMITTED = {
    ("P", (), ""): {"control room", "service"},
    ("P", ("partners",), ""): {"partners"},
    ("P", ("control room", "public"), ""): {"control room", "public"},
    ("P", tuple(READERS), ""): EVERYBODY,
    ("P", (), "in person"): set(),
    ("P", ("partners",), "in person"): set(),
    ("P", ("control room", "public"), "in person"): set(),
    ("P", tuple(READERS), "in person"): set(),
    ("C", (), ""): set(),
    ("C", ("partners",), ""): {"partners"},
    ("C", ("control room", "public"), ""): {"control room", "public"},
    ("C", tuple(READERS), ""): EVERYBODY,
    ("C", (), "in person"): set(),
    ("C", ("partners",), "in person"): {"partners"},
    ("C", ("control room", "public"), "in person"): {"control room", "public"},
    ("C", tuple(READERS), "in person"): EVERYBODY,
}
ALL = [
    (grade, marking, permission, conditions, reader)
    for grade in GRADES
    for marking in MARKINGS
    for (code, permission, conditions) in PERMITTED
    for reader in READERS
    if grade[2] == code
]


def test_every_combination_is_as_the_table_says():
    assert len(ALL) == 15 * 3 * 16 * 4
    for grade, marking, permission, conditions, reader in ALL:
        wanted = reader in CLEARED[marking] & PERMITTED[grade[2], permission, conditions]
        label = Label(grade, marking, permission, conditions)
        assert may_see(label, reader, RULES) == wanted, (label, reader)
        assert bool(withheld_because(label, reader, RULES)) != wanted


def test_a_whole_table_is_judged_as_each_of_its_rows():
    for reader in [*READERS, "press"]:
        rows = [Label(*parts) for *parts, to in ALL if to == "service"]
        table = pd.DataFrame([vars(row) for row in rows]).assign(
            permission=["; ".join(row.permission) for row in rows]
        )
        table.index = table.index[::-1]
        reasons = reasons_withheld(table, reader, RULES)
        assert reasons.index.equals(table.index)
        assert reasons.tolist() == [withheld_because(row, reader, RULES) for row in rows]
    assert reasons_withheld(table.iloc[:0], "service", RULES).empty


@given(grade=st.text(max_size=5), marking=st.text(max_size=8), reader=st.text(max_size=12))
def test_what_is_unknown_is_withheld(grade, marking, reader):
    known = Label("1AP", "NOT MARKED", tuple(READERS))
    if reader not in RULES.audiences:
        assert not may_see(known, reader, RULES)
    if marking not in RULES.markings:
        assert not may_see(Label("1AP", marking, tuple(READERS)), "control room", RULES)
    try:
        read_grade(grade)
    except IntelligenceError:
        assert not may_see(Label(grade, "NOT MARKED", tuple(READERS)), "control room", RULES)


@given(
    st.sampled_from(GRADES), st.sampled_from(["", " ", "-", "/"]), st.booleans(),
    st.sampled_from(["", " ", "  "]),
)  # fmt: skip
def test_a_grade_is_read_in_its_forms(grade, between, small, around):
    written = around + between.join(grade) + around
    read = read_grade(written.lower() if small else written)
    assert str(read) == grade
    assert (read.source, read.information, read.code) == tuple(grade)
    assert read.short == grade[:2]


@given(st.text(alphabet="0123456ABCDEFPabp -/.\n\u0661\uff21", max_size=8))
def test_whatever_is_read_as_a_grade_has_its_three_parts(text):
    try:
        grade = read_grade(text)
    except IntelligenceError as error:
        assert "\n" not in str(error).replace(text, "")
        return
    kept = [letter for letter in text.upper() if letter in "12345ABCDEP"]
    assert kept == [grade.source, grade.information, grade.code]


@pytest.mark.parametrize(
    "text", ["B2P", "A1", "2B", "4AP", "1FP", "1AX", "", "1AP1AP", "2B-P", "1 AP", "B21", "1.A.P"]
)
def test_anything_else_is_a_named_error(text):
    with pytest.raises(IntelligenceError, match="3x5x2"):
        read_grade(text)


def test_a_grade_of_the_former_system_is_recognised():
    with pytest.raises(IntelligenceError, match="5x5x5"):
        read_grade("B2P")


def test_only_a_bad_source_and_what_is_suspected_false_never_raise():
    barred = {grade for grade in GRADES if read_grade(grade).never_raises_because}
    assert barred == {grade for grade in GRADES if grade[0] == "3" or grade[1] == "E"}
    assert read_grade("2BP").words == (
        "source untested, information known indirectly but corroborated, lawful sharing permitted"
    )


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"markings": ["A", "A"]}, "once"),
        ({"markings": []}, "none of the markings"),
        ({"audiences": {"service": {"highest_marking": "OFFICIAL"}}}, "control room"),
        ({"audiences": {"control room": {"highest_marking": "OFFICIAL"}}}, "partners"),
        (
            {
                "audiences": {
                    "control room": {"highest_marking": "OFFICIAL", "outside": True},
                    "partners": {"highest_marking": "OFFICIAL"},
                }
            },
            "own",
        ),
    ],
)
def test_settings_that_do_not_fit_together_are_refused(change, word):
    with pytest.raises(ValueError, match=word):
        Handling.model_validate(change)
