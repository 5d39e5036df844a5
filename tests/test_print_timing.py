"""The print's second page: what is on it, that nothing covers anything, and what a partner sees."""

import io
import warnings
from types import ModuleType
from typing import Any

import pypdf
import pytest
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure
from matplotlib.text import Text

from planner.picture import Picture
from planner.publish.print_timing import draw_timing
from planner.publish.printmap_layout import PAGE_HEIGHT_MM, PAGE_WIDTH_MM
from planner.settings import Settings, ShiftHours

MM = 25.4


class _Estate:
    name, time_zone = "Oxbridge", "Europe/London"


class _Known:
    as_of = "2026-01-01T00:00:00+00:00"


class _Plan:
    """What the page reads of a plan."""

    id, version = "abc123", "9.9"
    estate, picture = _Estate(), _Known()


def picture(build: ModuleType, rows: list[dict[str, Any]], **settings: Any) -> Picture:
    zone = str(build.standing_estate().zones["zone"].iloc[0])
    table = build.located([{"zone": zone} | row for row in rows])
    spans = build.periods(("2025-01-01", "2026-01-01"))
    return Picture(Settings(crs=build.CRS, **settings), build.standing_estate(), table, spans)


def drawn(known: Picture, plan: Any = None) -> Figure:
    figure = Figure(figsize=(PAGE_WIDTH_MM / MM, PAGE_HEIGHT_MM / MM), dpi=72)
    FigureCanvasPdf(figure)
    page = figure.add_axes((0, 0, 1, 1))
    page.set(xlim=(0, PAGE_WIDTH_MM), ylim=(0, PAGE_HEIGHT_MM), autoscale_on=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        draw_timing(page, known, plan or _Plan(), PAGE_HEIGHT_MM - 10)
    return figure


def said(figure: Figure) -> str:
    target = io.BytesIO()
    figure.savefig(target, format="pdf")
    return " ".join(pypdf.PdfReader(target).pages[0].extract_text().split())


CASES: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "usual": ([{}, {"occurred_from": "2025-03-07T23:00", "occurred_to": "2025-03-08T01:00"}], {}),
    "many shifts": (
        [{}] * 30,
        {"shifts": {f"shift with a long name {number}": ShiftHours(start=f"{number:02d}:00",
                                                                   end=f"{number:02d}:00")
                    for number in range(24)}},
    ),
    "many weeks": (
        [{}] * 30,
        {"terms": [{"name": "Whole year", "first_week_starts": "2025-01-05", "weeks": (0, 51)}]},
    ),
    "none timed": ([{"time_known": "month"}], {}),
    "nothing": ([], {}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_all_words_lie_on_the_page_and_none_on_others(build: ModuleType, case: str) -> None:
    rows, settings = CASES[case]
    figure = drawn(picture(build, rows, **settings))
    boxes = [
        (text.get_text(), text.get_window_extent().shrunk(0.98, 0.7))
        for text in figure.findobj(Text)
        if text.get_text() and text.get_visible() and text.axes and text in text.axes.texts
    ]
    assert boxes
    for number, (text, box) in enumerate(boxes):
        assert box.x0 >= 0 and box.y0 >= 0, text
        assert box.x1 <= figure.bbox.width and box.y1 <= figure.bbox.height, text
        covered = [other for other, over in boxes[number + 1 :] if box.overlaps(over)]
        assert not covered, (text, covered)


def test_it_says_period_unit_and_what_is_missing(build: ModuleType) -> None:
    text = said(drawn(picture(build, [{}] * 5 + [{"time_known": "unknown"}])))
    for words in (
        "When incidents happen: Oxbridge", "5 incidents with a usable time", "1 more had no",
        "1 Jan 2025 to 31 Dec 2025", "Busiest shifts", "Monday night", "The settings hold no terms",
        "Thu 1 Jan 2026, 00:00", "Totals of the whole estate", "Plan abc123",
    ):  # fmt: skip
        assert words in text


def test_sensitive_incidents_are_in_the_totals(build: ModuleType) -> None:
    text = said(drawn(picture(build, [{}, {"category": "sexual offence"}])))
    assert "2 incidents with a usable time" in text
    assert "sexual" not in text
