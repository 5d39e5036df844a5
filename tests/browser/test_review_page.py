"""The page that asks a person, in a browser: what it shows, and what an answer does."""

import pytest

from planner.register.database import Register
from planner.service.importing import Reading, import_files
from planner.service.workspace import take_picture

SOON, LATER = 20_000, 60_000
TRICKY = "**Tin** Shed <img src=x> [here](http://example.org) $x$ :material/check:"
LONG = "behind the third bicycle shed " * 6
LODGE = """source = "college lodge"
required = ["lodge ref", "kind", "since", "until", "where", "lon", "lat"]
[columns]
reference = "lodge ref"
category = "kind"
occurred_from = "since"
occurred_to = "until"
place = "where"
longitude = "lon"
latitude = "lat"
[dates]
occurred_from = ["YYYY-MM-DDTHH:mm"]
occurred_to = ["YYYY-MM-DDTHH:mm"]
"""


@pytest.fixture(scope="module")
def asked(build, tmp_path_factory):
    """A workspace with open questions of both kinds."""
    folder = tmp_path_factory.mktemp("review") / "asked"
    build.new_workspace(folder)
    rows = [build.incident(f"T{number}", at=None, place=TRICKY) for number in range(3)]
    rows += [build.incident(f"S{number}", at=None, place="the old shed") for number in range(2)]
    rows += [build.incident("L", at=None, place=LONG), build.incident("A1")]
    build.import_text(folder, build.control_room_csv(rows))
    longitude, latitude = build.degrees(60, 50)
    row = {"lodge ref": "L1", "kind": "Theft", "since": "2025-06-02T22:15",
           "until": "2025-06-02T22:45", "where": TRICKY, "lon": str(longitude),
           "lat": str(latitude)}  # fmt: skip
    path = build.write(folder.parent / "lodge.csv", build.csv_text([row], list(row)))
    profile = build.write(folder.parent / "lodge.toml", LODGE)
    import_files(folder, [path], build.NOW, Reading(profile=profile))
    return folder


@pytest.fixture(scope="module")
def asked_address(asked, app_for):
    return app_for(asked)


def open_page(watched, address):
    page = watched.page
    page.goto(f"{address}review")
    page.get_by_role("heading", name="To decide").wait_for(timeout=LATER)
    return page


def overlapping(page) -> list[str]:
    """Texts and buttons of the page that lie over each other, or leave the window."""
    found: list[str] = page.evaluate(
        """() => {
          const chosen = 'h2, h3, [data-testid="stText"], [data-testid="stCaptionContainer"], '
            + '[data-baseweb="select"], [data-testid="stBaseButton-secondary"]';
          const main = document.querySelector('[data-testid="stMain"]');
          const boxes = [...main.querySelectorAll(chosen)].map(
            (item) => [item.innerText.slice(0, 40), item.getBoundingClientRect()]);
          const wrong = boxes.filter(([, box]) => box.left < 0 || box.right > innerWidth + 1)
            .map(([text]) => text);
          boxes.forEach(([text, a], i) => boxes.slice(i + 1).forEach(([other, b]) => {
            if (a.left < b.right - 1 && b.left < a.right - 1
                && a.top < b.bottom - 1 && b.top < a.bottom - 1) wrong.push(`${text} / ${other}`);
          }));
          return wrong;
        }"""
    )
    return found


@pytest.mark.parametrize("width", [1280, 390])
def test_questions_are_shown_as_written_and_fit(watched, asked_address, shots, width):
    watched.page.set_viewport_size({"width": width, "height": 900})
    page = open_page(watched, asked_address)
    page.get_by_text(TRICKY, exact=True).wait_for(timeout=LATER)
    page.get_by_text("3 incidents: no coordinates.").wait_for(timeout=SOON)
    second = page.get_by_text("college lodge:L1")
    second.scroll_into_view_if_needed()
    assert TRICKY in second.inner_text()
    main = page.locator('[data-testid="stMain"]')
    assert main.locator("strong, img, a[href*='example.org'], .katex").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert overlapping(page) == []
    page.screenshot(path=shots / f"review-{width}.png")
    assert watched.outside == []
    assert faults(watched) == []


def answer(page, text):
    """Type an answer to the question about the old shed, and keep it."""
    question = page.locator('[data-testid="stLayoutWrapper"]', has_text="the old shed").last
    question.locator("input").click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    page.get_by_role("option").first.wait_for(timeout=SOON)
    page.keyboard.press("Enter")
    question.get_by_role("button", name="Keep", disabled=False).click()


def faults(watched) -> list[str]:
    """What went wrong in the page; Streamlit first asks below a page's own address for its host."""
    return [text for text in watched.errors if "404" not in text]


def test_answers_are_kept_and_asked_no_more(watched, asked_address, asked):
    page = open_page(watched, asked_address)
    answer(page, "Delta House")
    page.get_by_text("'Delta House' is not the name of one site").wait_for(timeout=SOON)
    answer(page, "Chapel")
    noted = "Noted: 'the old shed' means Chapel, Alpha College; 2 of 2 known incidents moved."
    page.get_by_text(noted).wait_for(timeout=LATER)
    page.get_by_text("the old shed", exact=True).wait_for(state="detached", timeout=SOON)
    table = take_picture(asked).incidents.set_index("key")
    assert table.loc[["S0", "S1"], "building"].tolist() == ["alpha-college-chapel"] * 2

    page.get_by_role("button", name="One event: the first counts").click()
    page.get_by_text("Noted: one event").wait_for(timeout=LATER)
    page.get_by_role("heading", name="Is this one event?").wait_for(state="detached", timeout=SOON)
    assert "L1" not in set(take_picture(asked).on_estate["key"])
    with Register(asked) as register:
        assert register.matches()["same"].tolist() == [True]
    assert faults(watched) == []


def test_a_workspace_without_questions_says_what_to_do_next(
    watched, app_for, build, tmp_path_factory
):
    folder = tmp_path_factory.mktemp("none") / "nothing"
    build.new_workspace(folder)
    page = open_page(watched, app_for(folder))
    page.get_by_text("No incidents are imported yet").wait_for(timeout=LATER)
    page.get_by_role("link", name="Plan a shift").wait_for(timeout=SOON)


def test_the_links_between_the_pages_cover_nothing(watched, app_address):
    page = watched.page
    page.goto(app_address)
    banner = page.locator(".banner")
    banner.wait_for(timeout=LATER)
    on_top = banner.evaluate(
        """(banner) => {
          const box = banner.getBoundingClientRect();
          const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
          return banner.contains(document.elementFromPoint(x, y));
        }"""
    )
    assert on_top
    page.get_by_role("link", name="To decide").click()
    page.get_by_role("heading", name="To decide").wait_for(timeout=LATER)
    page.get_by_role("link", name="Plan a shift").click()
    banner.wait_for(timeout=LATER)
