"""The chart of a place's months is sound SVG, and no text of a record is in it."""

from defusedxml import ElementTree

from planner.service.recording_places import RecordQuestion
from planner.ui.record_questions import counts_chart
from planner.ui.review_words import proposed_words, record_command, weighed_words


def question(counts, **changes) -> RecordQuestion:
    given = {
        "place": "point:0,0", "category": "", "name": "<script>`${x}`", "incidents": 9,
        "looks_like": "a change in reporting", "because": ("more",), "treatment": "weight",
        "weight": 0.1, "starts_at": "2020-03-01", "unit": "month", "counts": counts,
    }  # fmt: skip
    return RecordQuestion(**(given | changes))


MONTHS = tuple((f"{2019 + row // 12}-{row % 12 + 1:02d}-01", row % 5) for row in range(36))


def test_a_bar_stands_for_each_month_that_has_some() -> None:
    drawn = ElementTree.fromstring(counts_chart(question(MONTHS)))
    bars = [item for item in drawn.iter() if item.tag.endswith("rect")]
    assert len(bars) == sum(count > 0 for _, count in MONTHS)
    assert len({bar.get("fill") for bar in bars}) == 2
    years = [item.text for item in drawn.iter() if item.tag.endswith("text")]
    assert years == ["2019", "2020", "2021", "4"]
    assert "script" not in counts_chart(question(MONTHS))


def test_nothing_or_one_month_can_be_drawn() -> None:
    assert counts_chart(question(())) == ""
    for count in (0, 1):
        ElementTree.fromstring(counts_chart(question((("2020-01-01", count),))))


def test_what_is_proposed_is_said_with_its_command() -> None:
    asked = question(MONTHS, category="theft")
    assert proposed_words(asked) == (
        "count what is recorded from 2020-03-01 on 0.1 each, as much in all as before"
    )
    assert record_command(asked) == (
        "planner review --record point:0,0 --weight 0.1 --category 'theft' --from 2020-03-01"
    )
    out = question(MONTHS, treatment="exclude", weight=0.0, starts_at="")
    assert proposed_words(out) == "leave them all out"
    assert record_command(out).endswith("--weight exclude")
    assert proposed_words(question(MONTHS, treatment="keep")).startswith("keep")


def test_what_was_decided_is_said() -> None:
    from planner.service.recording_places import RecordDecision

    done = RecordDecision("point:0,0", "", "Lodge", 0.0, "", 412)
    assert weighed_words(done) == (
        "Noted: 412 incidents at 'Lodge' left out of plans; the estate's totals keep them."
    )
