import io
import re
import warnings
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import pypdf
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.allocate.plan import (
    Baseline,
    Baselines,
    CameraChoice,
    CamerasPlan,
    CategoryCount,
    EstateNote,
    HotspotNote,
    PatrolsPlan,
    PictureNote,
    Plan,
    RiskNote,
    Route,
    ShiftNote,
    Stop,
)
from planner.allocate.scenario import Scenario
from planner.estate.model import Estate
from planner.estate.streets import network
from planner.geo import to_degrees, to_metric
from planner.picture import Picture
from planner.publish.printmap import hotspot_pdf
from planner.publish.printmap_ground import bar_metres, scale_words
from planner.publish.printmap_layout import (
    EDGE_MM,
    ENOUGH,
    GOOD_SCALE,
    SCALES,
    Box,
    Window,
    choose_window,
    printable,
    true_north,
    width_mm,
    wrapped,
)
from planner.publish.printmap_marks import DISC_MM, rank_places
from planner.publish.printmap_panel import count_classes, data_notes, period_words, tally
from planner.settings import Settings

CRS = "EPSG:32630"
MIDDLE = (620_400.0, 5_735_200.0)
FRAME = Box(10, 26, 270, 261)
SECRET_ROUTE, SECRET_STOP, SECRET_CAMERA = "SecretStart", "SecretStop", "SecretCamera"


def square(east: float, north: float, half: float) -> shapely.Polygon:
    x, y = MIDDLE[0] + east, MIDDLE[1] + north
    return shapely.box(x - half, y - half, x + half, y + half)


def estate(
    size_m: float = 800.0, streets: bool = True, names: Sequence[str] = ("Old Hall", "New Hall")
) -> Estate:
    steps = np.linspace(-size_m / 2, size_m / 2, len(names))
    shapes = [square(step, step / 2, size_m / 12) for step in steps]
    sites = gpd.GeoDataFrame(
        {
            "site": [f"s{n}" for n in range(len(names))], "name": list(names), "kind": "college",
            "aliases": "[]", "controller": "", "access": "own",
        },
        geometry=shapes, crs=CRS,
    )  # fmt: skip
    yard = shapely.Polygon(
        shapes[0].exterior, [shapely.buffer(shapes[0].centroid, size_m / 40).exterior]
    )
    buildings = gpd.GeoDataFrame(
        {
            "building": ["b0"], "site": ["s0"], "name": ["Yard"], "kind": "college",
            "controller": "", "access": "own",
        },
        geometry=[yard], crs=CRS,
    )  # fmt: skip
    x, y = MIDDLE
    lines = gpd.GeoDataFrame(
        {"name": ["Broad Street", ""], "highway": ["primary", "footway"]},
        geometry=[
            shapely.LineString([(x - size_m, y), (x + size_m, y)]),
            shapely.LineString([(x, y), (x, y + size_m)]),
        ],
        crs=CRS,
    )
    zones = sites[["site", "name", "geometry"]].rename(columns={"site": "zone"})
    cameras = gpd.GeoDataFrame(
        {"name": [SECRET_CAMERA], "controller": [""], "range_m": [50.0]},
        geometry=[shapely.Point(MIDDLE)], crs=CRS,
    )  # fmt: skip
    return Estate(CRS, sites, buildings, network(lines) if streets else None, zones, cameras)


def moment(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="UTC")


def picture(land: Estate | None = None) -> Picture:
    # Two years: the latest year holds three on the estate, two outside and one unlocated.
    rows = [
        ("2026-03-01", "s0", "site"), ("2026-04-01", "s0", "site"), ("2026-05-01", "s1", "site"),
        ("2026-03-02", "", "outside"), ("2026-03-03", "", "outside"),
        ("2026-03-04", "", "unknown"), ("2025-01-01", "s0", "site"),
    ]  # fmt: skip
    incidents = pd.DataFrame(rows, columns=["occurred_to", "zone", "precision"])
    incidents["occurred_to"] = pd.to_datetime(incidents["occurred_to"], utc=True)
    incidents["source"], incidents["category"] = "control room", "theft"
    incidents["occurred_from"], incidents["time_known"] = incidents["occurred_to"], "interval"
    incidents["reference"] = incidents["police_reference"] = ""
    incidents["x"], incidents["y"] = MIDDLE
    periods = pd.DataFrame(
        {
            "source": ["control room"],
            "starts_at": [moment("2024-09-30 23:00")], "ends_at": [moment("2026-09-30 23:00")],
        }
    )  # fmt: skip
    return Picture(Settings(crs=CRS), land or estate(), incidents, periods)


def spot(
    rank: int, count: int, east: float = 0.0, north: float = 0.0, half: float = 40.0,
    name: str = "Broad Street, Old Hall", before: float | None = 10.0, q: float = 0.001,
) -> HotspotNote:  # fmt: skip
    ring = to_degrees(shapely.get_coordinates(square(east, north, half)), CRS)
    return HotspotNote(
        rank=rank, name=name, count=count, before=before,
        change=count / before - 1 if before else None, top_category="bicycle theft",
        expected=2.0, p=q / 2, q=q, more_than_chance=q < 0.05, trend="no change shown",
        trend_q=None, categories=(CategoryCount(name="bicycle theft", count=count),),
        peak_hours="",
        area=tuple((float(x), float(y)) for x, y in ring),
    )  # fmt: skip


def plan(
    spots: Sequence[HotspotNote] = (), name: str = "Oxbridge", illustrative: bool = False,
    notes: Sequence[str] = (),
) -> Plan:  # fmt: skip
    at = "2026-10-01T22:00:00+01:00"
    stop = Stop(
        zone="s0", name=SECRET_STOP, longitude=-1.25, latitude=51.75, arrive=at, leave=at,
        risk=0.1, why="SecretReason",
    )  # fmt: skip
    route = Route(
        team="A", start=SECRET_ROUTE, finish=SECRET_ROUTE, starts_at=at, ends_at=at, length_m=1.0,
        stops=(stop,), path=((-1.25, 51.75), (-1.26, 51.76)),
    )  # fmt: skip
    camera = CameraChoice(name=SECRET_CAMERA, longitude=-1.25, latitude=51.75, range_m=50, adds=0.1)
    nothing = Baseline(
        risk_covered=0, gap=1, risk_low=0, risk_high=0, cameras_covered=0, cameras_gap=1
    )
    return Plan(
        id="abc123", version="9.9", scenario=Scenario(), hotspots=tuple(spots),
        estate=EstateNote(name=name, time_zone="Europe/London", illustrative=illustrative),
        picture=PictureNote(as_of="2026-10-01T00:00:00+01:00", fingerprint="f"),
        shift=ShiftNote(name="night", starts_at=at, ends_at=at, day=""),
        patrols=PatrolsPlan(routes=(route,), risk_covered=0, bound=1, gap=1, stopped_by=""),
        cameras=CamerasPlan(
            chosen=(camera,), covered=0, bound=1, gap=1, standing=0, stopped_by=""
        ),
        baselines=Baselines(none=nothing, random=nothing),
        risk=RiskNote(
            expected=1, low=0, high=2, low_95=0, high_95=3, standings=(), covered_days=730,
            timed=True, zones=(),
        ),
        warnings=tuple(notes),
    )  # fmt: skip


def some(number: int = 6) -> list[HotspotNote]:
    return [
        spot(n + 1, 60 - 7 * n, east=120.0 * (n - 3), north=60.0 * (n % 3)) for n in range(number)
    ]


def page_of(content: bytes) -> pypdf.PageObject:
    """The page with the map; the other says when incidents happen."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 2
    return reader.pages[0]


def text_of(content: bytes) -> str:
    return " ".join(page_of(content).extract_text().split())


def print_quietly(picture: Picture, plan: Plan) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return hotspot_pdf(picture, plan)


def test_one_vector_a3_page_with_embedded_fonts() -> None:
    page = page_of(print_quietly(picture(), plan(some())))
    assert [float(side) for side in page.mediabox] == pytest.approx(
        [0, 0, 420 * 72 / 25.4, 297 * 72 / 25.4], abs=0.01
    )
    assert not list(page.images)
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        assert font["/Subtype"] == "/Type0"
        inner = font["/DescendantFonts"][0].get_object()
        assert "/FontFile2" in inner["/FontDescriptor"]


def test_says_what_a_partner_needs() -> None:
    text = text_of(print_quietly(picture(), plan(some(), illustrative=True)))
    for words in (
        "Hotspots: Oxbridge", "Incidents from 1 Oct 2025 to 30 Sep 2026", "1:5,000 at A3",
        "ILLUSTRATIVE DATA", "false discovery rate under 5 %", "Plan abc123", "planner 9.9",
        "Thu 1 Oct 2026, 00:00", "Streets as given to this workspace", "bicycle theft", "+500 %",
        "3 incidents on the estate", "2 outside the estate", "1 that could not be located",
        "True north", "Broad Street", "New Hall", "1 Oct 2024 to 30 Sep 2025",
    ):  # fmt: skip
        assert words in text


def test_says_nothing_that_a_partner_may_not_see() -> None:
    notes = (
        "1 of 2 teams have nothing to do in this plan.",
        "All incidents are police snap points: they count for their zone; cameras there differ.",
    )
    content = print_quietly(picture(), plan(some(), notes=notes))
    text = text_of(content)
    for words in (SECRET_ROUTE, SECRET_STOP, SECRET_CAMERA, "SecretReason", "team", "camera"):
        assert words.lower() not in text.lower()
    assert "they count for their zone." in text
    assert "ILLUSTRATIVE" not in text


def test_same_plan_same_bytes() -> None:
    first, again = (hotspot_pdf(picture(), plan(some())) for _ in range(2))
    assert first == again
    assert b"CreationDate" not in first


def test_settings_of_matplotlib_stay_as_they_were() -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    hotspot_pdf(picture(), plan(some(1)))
    assert dict(matplotlib.rcParams) == before


def test_prints_nothing_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    hotspot_pdf(picture(estate(names=["A"], streets=False)), plan(some(1)))
    assert capsys.readouterr() == ("", "")


def test_no_hotspots() -> None:
    text = text_of(print_quietly(picture(), plan()))
    assert "No hotspots in this period" in text
    assert "Incidents in a hotspot" not in text
    assert "Not wholly" not in text


def test_what_may_be_chance_is_dashed_and_says_so() -> None:
    sure, doubtful = plan([spot(1, 40)]), plan([spot(1, 40), spot(2, 9, east=300.0, q=0.3)])
    assert "more than chance" in text_of(hotspot_pdf(picture(), sure))
    assert "hotspot that may be chance" not in text_of(hotspot_pdf(picture(), sure))
    printed = hotspot_pdf(picture(), doubtful)
    assert "may be chance" in text_of(printed)
    assert "hotspot that may be chance" in text_of(printed)
    dashes = [
        content.count(b"[ 4 2.5 ] 0 d")
        for content in (
            page_of(hotspot_pdf(picture(), p)).get_contents().get_data() for p in (sure, doubtful)
        )
    ]
    assert dashes[0] == 0
    assert dashes[1] >= 1


def test_one_hotspot_is_of_the_top_class() -> None:
    text = text_of(print_quietly(picture(), plan([spot(1, 7)])))
    assert "Incidents in a hotspot in the period 7" in text
    assert count_classes(np.array([7.0])).ranges == ((4, 7, 7),)


@pytest.mark.parametrize(("size_m", "scale"), [(200.0, "1:2,500"), (50_000.0, "1:200,000")])
def test_estates_of_any_size(size_m: float, scale: str) -> None:
    far = [spot(1, 9, -size_m / 2, -size_m / 4), spot(2, 8, size_m / 2, size_m / 4)]
    assert scale in text_of(print_quietly(picture(estate(size_m)), plan(far)))


def test_says_where_no_streets_are_known() -> None:
    text = text_of(print_quietly(picture(estate(streets=False)), plan(some())))
    assert "No streets were given" in text


def test_far_hotspots_are_named_as_off_the_map() -> None:
    spots = [*some(6), spot(7, 5, east=9_000.0, name="Far Farm")]
    text = text_of(print_quietly(picture(), plan(spots)))
    assert "1:10,000 at A3" in text
    assert "rank 7 (5 of the 260 incidents in hotspots)" in text
    assert "(not wholly on the map)" in text


@pytest.mark.parametrize(
    "name",
    [
        "$x^2$ and $\\frac{1}{0}$ Street", "a_b^c \\alpha {} $", "東京大学 図書館",
        "Ωμέγα Straße №5",
        "W" * 300, "long " * 90, "two\nlines\ttab\x00\x1b[31m", "\u202eevil", "😀",
        "<script>", "", " ",
    ],
)  # fmt: skip
def test_hostile_names(name: str) -> None:
    spots = [spot(n + 1, 50 - n, east=60.0 * n, name=name) for n in range(12)]
    land = estate(names=[name, "New Hall", name])
    text = text_of(print_quietly(picture(land), plan(spots, name=name, notes=[f"Records: {name}"])))
    assert "Hotspots:" in text
    assert "Plan abc123" in text
    if "$" in name:
        assert name.split()[0] in text


def test_printable_keeps_what_the_font_has() -> None:
    assert printable("St John's, Ωμέγα №5") == "St John's, Ωμέγα №5"
    assert printable(" a\n\tb\x00c ") == "a b c"
    assert printable("\ud800a") == "a"
    assert printable("東a") == "\u25a1a"


@given(st.text(max_size=80), st.floats(8, 60), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_wrapped_lines_fit(text: str, width: float, most: int) -> None:
    lines = wrapped(text, width, 8, most=most)
    assert 1 <= len(lines) <= most
    assert all(width_mm(line, 8) <= width + 1e-6 for line in lines)


boxes_of_ground = st.lists(
    st.tuples(
        st.floats(-30_000, 30_000), st.floats(-30_000, 30_000),
        st.floats(20, 400), st.floats(20, 400), st.integers(5, 300),
    ),
    min_size=1, max_size=20,
)  # fmt: skip


@given(boxes_of_ground)
@settings(max_examples=100, deadline=None)
def test_window_holds_enough_and_no_larger_scale_would(
    places: list[tuple[float, float, float, float, int]],
) -> None:
    rows = np.array(places, dtype=float)
    boxes = np.column_stack([rows[:, :2], rows[:, :2] + rows[:, 2:4]]) + np.array(MIDDLE * 2)
    weights = rows[:, 4]
    window = choose_window(boxes, weights, FRAME)
    held = window.holds(boxes)
    assert window.scale in SCALES
    assert weights[held].sum() >= ENOUGH * weights.sum() - 1e-9
    if window.scale < GOOD_SCALE:
        assert held.all()
    paper = window.on_paper(boxes[held].reshape(-1, 2))
    assert paper[:, 0].min() >= FRAME.left and paper[:, 0].max() <= FRAME.right
    larger = [scale for scale in SCALES if scale < window.scale]
    if larger:
        spread = boxes[:, 2:].max(axis=0) - boxes[:, :2].min(axis=0)
        room = (np.array([FRAME.width, FRAME.height]) - 2 * EDGE_MM) * larger[-1] / 1_000
        assert (spread > room - 1e-3).any()


def test_scale_is_true() -> None:
    window = Window(FRAME, MIDDLE, 10_000)
    west, south, east, north = window.bounds
    assert (east - west, north - south) == pytest.approx((2_700, 2_610))
    paper = window.on_paper(np.array([MIDDLE, (MIDDLE[0] + 1_000, MIDDLE[1] - 500)]))
    assert paper[0] == pytest.approx([145, 156.5])
    assert paper[1] - paper[0] == pytest.approx([100, -50])
    assert scale_words(12_500) == "1:12,500 at A3"


def test_the_page_itself_is_true_to_scale() -> None:
    # The frame of the drawn hotspot, 100 m wide at 1:2,500, is 40 mm on paper.
    content = page_of(hotspot_pdf(picture(), plan([spot(1, 9, half=50.0)]))).get_contents()
    drawn = re.findall(rb"([\d.]+) ([\d.]+) m\n((?:[\d.]+ [\d.]+ l\n){3,4})", content.get_data())
    widths = []
    for x, _, rest in drawn:
        across = [float(x), *(float(pair.split()[0]) for pair in rest.strip().split(b"\n"))]
        widths.append((max(across) - min(across)) * 25.4 / 72)
    assert any(width == pytest.approx(40, abs=0.05) for width in widths)


@given(st.sampled_from(SCALES))
def test_scale_bar_is_round_and_fits(scale: int) -> None:
    metres = bar_metres(scale)
    assert 20 <= metres * 1_000 / scale <= 70
    assert f"{metres:.0e}"[0] in "125"


@pytest.mark.parametrize(
    ("crs", "longitude", "latitude", "turn"),
    [
        (CRS, -1.257, 51.754, 1.37), ("EPSG:32630", -4.743, 51.754, -1.37),
        ("EPSG:27700", -1.257, 51.754, None), ("EPSG:32756", 151.2, -33.9, 1.0),
    ],
)  # fmt: skip
def test_north_is_true(crs: str, longitude: float, latitude: float, turn: float | None) -> None:
    x, y = to_metric(np.array([longitude]), np.array([latitude]), crs)[0]
    found = true_north(crs, (float(x), float(y)))
    if turn is not None:
        assert found == pytest.approx(turn, abs=0.02)
    length = 500.0
    radians = np.radians(found)
    ahead = np.array([[x - length * np.sin(radians), y + length * np.cos(radians)]])
    assert to_degrees(ahead, crs)[0, 0] == pytest.approx(longitude, abs=1e-6)


def test_classes_share_equal_counts_and_leave_none_out() -> None:
    counts = np.array([90, 50, 50, 40, 30, 20, 20, 10, 9, 8], dtype=float)
    classes = count_classes(counts)
    assert classes.of_hotspot[0] == 4
    assert (np.diff(classes.of_hotspot) <= 0).all()
    assert classes.of_hotspot[1] == classes.of_hotspot[2]
    for level, least, most in classes.ranges:
        inside = counts[classes.of_hotspot == level]
        assert (inside.min(), inside.max()) == (least, most)
    assert count_classes(np.array([])).ranges == ()


def test_discs_stay_apart_and_on_the_map() -> None:
    shapes = np.array([square(20.0 * n, 0, 30) for n in range(20)], dtype=object)
    window = choose_window(shapely.bounds(shapes), np.ones(20), FRAME)
    discs = rank_places(shapes, window)
    gaps = np.hypot(*(discs[:, None] - discs[None]).transpose(2, 0, 1))
    assert gaps[~np.eye(20, dtype=bool)].min() >= 2 * DISC_MM
    assert (discs > [FRAME.left, FRAME.bottom]).all()
    assert (discs < [FRAME.right, FRAME.top]).all()


def test_dates_and_counts_of_the_period() -> None:
    known = picture()
    words = period_words(known.periods, "Europe/London")
    assert words.latest == "1 Oct 2025 to 30 Sep 2026"
    counted = tally(known)
    assert (counted.on_estate, counted.outside, counted.unlocated) == (3, 2, 1)
    empty = known.periods.iloc[:0]
    assert period_words(empty, "Europe/London").latest == "no period"


def test_notes_speak_of_the_data_only() -> None:
    notes = data_notes(
        (
            "Illustrative data: the incidents of this estate are invented.",
            "The records cover only 12 days: expect little of the forecast.",
            "The records end 70 days before the shift begins; import newer ones.",
            "3 of 9 zones are far from a street, so no route reaches them: A, B.",
            "40% of the incidents are snap points: they count; camera positions are a zone's.",
        )
    )
    assert notes == [
        "The records cover only 12 days: expect little of the forecast.",
        "40% of the incidents are snap points: they count.",
    ]
