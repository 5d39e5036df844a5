"""The pages of a case and of the yearly sheet: safe, self-contained, and what they must show."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from types import ModuleType

import camera_cases
import pytest

from planner.allocate.comparison.case import CameraCase, camera_case
from planner.allocate.comparison.yearly_sheet import yearly_sheet
from planner.picture import Picture
from planner.publish.case_page import case_html
from planner.publish.paper_page import day_words, share_words, usual_marking
from planner.publish.yearly_sheet_page import yearly_sheet_html

HOSTILE_PARTS = ("name", "purpose", "signage", "kind", "mount", "impact_assessment")


class Page(HTMLParser):
    """What of a page is markup: elements, addresses, and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        names = ("src", "href", "xlink:href", "action", "data", "srcset")
        self.addresses += [value or "" for name, value in attrs if name in names]
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def seen(build: ModuleType) -> Picture:
    return camera_cases.picture(build)


@pytest.fixture(scope="module")
def case(build: ModuleType, seen: Picture) -> CameraCase:
    return camera_case(camera_cases.deployment(build, seen), "Gate")


@pytest.fixture(scope="module")
def pages(build: ModuleType, seen: Picture, case: CameraCase) -> list[str]:
    rows = yearly_sheet(camera_cases.deployment(build, seen))
    hostile = case.model_copy(update=dict.fromkeys(HOSTILE_PARTS, camera_cases.HOSTILE))
    marking = "</style><script>x</script>"
    return [case_html(hostile, seen, marking), yearly_sheet_html(rows, seen, marking)]


def test_hostile_texts_stay_texts(pages: list[str]) -> None:
    for page in pages:
        assert "script" not in Page(page).tags
        assert "<script" not in page
        assert "${" not in page
        assert camera_cases.HOSTILE in "".join(Page(page).texts)


def test_nothing_is_loaded_from_elsewhere(pages: list[str]) -> None:
    for page in pages:
        assert all(address.startswith("data:") for address in Page(page).addresses)
        assert "@import" not in page
        assert not re.search(r"url\((?!#)", page)
        assert "default-src 'none'" in page
        assert set(re.findall(r"https?://[^\s\"'<]+", page)) <= {"http://www.w3.org/2000/svg"}


def test_every_side_has_its_marking_and_banner(seen: Picture, case: CameraCase) -> None:
    page = case_html(case, seen)
    marking = usual_marking(seen.settings.handling)
    assert f'<div class="marking">{marking}</div><div class="banner">ILLUSTRATIVE DATA' in page
    assert foot_of(page).startswith(marking)
    assert "ILLUSTRATIVE DATA" in foot_of(page)
    real = replace(seen, settings=seen.settings.model_copy(update={"illustrative": False}))
    assert "ILLUSTRATIVE DATA" not in case_html(case, real)
    assert foot_of(case_html(case, real)) == marking


def foot_of(page: str) -> str:
    """Read what stands at the foot of every printed side."""
    found = re.search(r'@bottom-center\{content:"([^"]*)"', page)
    assert found is not None
    return "".join(chr(int(number, 16)) for number in found[1].split("\\")[1:])


def test_a_case_shows_what_it_must(seen: Picture, case: CameraCase) -> None:
    page = case_html(case, seen)
    for said in (
        "Covered means in view, not prevented.", "Prices are illustrative", "under 5", "Lighting",
        "Locks", "A patrol", "A different place", "31 days", "1 Jan 2027", "Alpha College",
        "All ground in view", "Surveillance Camera Code", "no choice covers more",
        'class="view"', 'class="scale"', 'class="north"', "url(#private)",
    ):  # fmt: skip
        assert said in page, said
    assert "Porter" not in page
    assert "nan" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL).lower().split()


def test_a_view_is_drawn_true_to_shape(seen: Picture, case: CameraCase) -> None:
    page = case_html(case, seen)
    found = re.search(r'class="view" points="([^"]+)"', page)
    bar = re.search(r"h([\d.]+)m0 -4v8.*?>(\d+) m</text>", page)
    assert found is not None
    assert bar is not None
    points = [tuple(map(float, pair.split(","))) for pair in found[1].split()]
    doubled = sum(
        x * v - u * y for (x, y), (u, v) in zip(points, [*points[1:], points[0]], strict=True)
    )
    metre = float(bar[1]) / float(bar[2])
    assert abs(doubled) / 2 / metre**2 == pytest.approx(case.square_metres, rel=0.02)


def test_an_empty_sheet_says_what_to_do(seen: Picture) -> None:
    assert "Add a layer of cameras" in yearly_sheet_html((), seen)


def test_words() -> None:
    assert day_words("2026-09-30") == "30 Sep 2026"
    assert day_words("") == "not known"
    assert share_words(0.00001) == "under 0.1 %"
    assert share_words(0.0) == "0.0 %"
