"""Cameras on the web map and in tables: what each sees, costs, needs and could see of homes."""

import dataclasses
import json
from typing import Any

import pandas as pd
import pytest
from patrol_plans import degrees, picture, plan

from planner.allocate.plan import (
    CameraChoice,
    CamerasPlan,
    Plan,
    PrivateNote,
    PrivateView,
    StandingCamera,
)
from planner.picture import Picture
from planner.publish.camera_layers import camera_layers
from planner.publish.camera_words import (
    changes_words,
    compass_word,
    cost_words,
    grade_words,
    looks_words,
    money_words,
    private_words,
)
from planner.publish.legend import headline_figures, legend_html
from planner.publish.tables import camera_table, own_camera_table, private_table
from planner.ui.words import camera_lines

HOSTILE = "<img src=x onerror=window.hurt=1> ${window.hurt=1} `x` </script><script>window.hurt=1"
AREA = tuple(degrees(*corner) for corner in ((0, 0), (40, 0), (40, 30), (0, 0)))
HOME = PrivateView(name="Elm House", share=0.124, unmasked=0.0)
BARE = PrivateView(name="Oak House", share=0.031, unmasked=0.031)


def choice(**says: object) -> CameraChoice:
    longitude, latitude = degrees(0, 0)
    usual = {
        "name": "Elm Court", "longitude": longitude, "latitude": latitude, "range_m": 50.0,
        "adds": 0.029, "mount": "lamp column", "bearing": 45.0, "field_of_view": 90.0,
        "consents": ("licence of the highway authority",), "purchase": 4_000.0, "yearly": 450.0,
        "private": (HOME,), "area": AREA,
    }  # fmt: skip
    return CameraChoice.model_validate(usual | says)


def standing(**says: object) -> StandingCamera:
    longitude, latitude = degrees(50, 50)
    usual = {
        "name": "Gate", "longitude": longitude, "latitude": latitude, "adds": 0.004,
        "becomes": "kept", "area": AREA,
    }  # fmt: skip
    return StandingCamera.model_validate(usual | says)


def with_cameras(
    chosen: tuple[CameraChoice, ...] = (), own: tuple[StandingCamera, ...] = (), **says: object
) -> Plan:
    usual = {
        "covered": 0.2, "bound": 0.25, "gap": 0.2, "standing": 0.1, "stopped_by": "proof",
        "purchase": 12_000.0, "yearly": 1_350.0, "currency": "£", "prices": "illustrative",
        "grade": "outline", "standard": "IEC 62676-4:2025, guidelines", "pixels_per_metre": 40.0,
        "chosen": chosen, "own": own,
    }  # fmt: skip
    return plan([]).model_copy(update={"cameras": CamerasPlan.model_validate(usual | says)})


@pytest.fixture(scope="module")
def known() -> Picture:
    """An estate with no cameras of its own but what plans say."""
    found = picture()
    cameras = found.estate.cameras.assign(
        name=pd.Series(dtype=str), controller="", access="own", valid_from="", valid_to=""
    )
    return dataclasses.replace(found, estate=dataclasses.replace(found.estate, cameras=cameras))


def drawn(known: Picture, made: Plan) -> dict[str, list[dict[str, Any]]]:
    return {
        layer.name: json.loads(layer.features)["features"] for layer in camera_layers(known, made)
    }


def test_a_new_camera_has_its_view_a_mark_and_a_tag(known: Picture) -> None:
    (found,) = drawn(known, with_cameras((choice(),))).values()
    view, mark, tag = found
    assert view["geometry"]["type"] == "Polygon"
    assert [tuple(at) for at in view["geometry"]["coordinates"][0]] == list(AREA)
    assert mark["geometry"] == tag["geometry"]
    assert ">C1</b>" in tag["properties"]["label"]


def test_the_tip_of_a_new_camera_says_all_that_is_asked(known: Picture) -> None:
    (found,) = drawn(known, with_cameras((choice(role="turned"),))).values()
    tip = found[-1]["properties"]["tip"]
    for words in (
        "C1: Elm Court", "Turned: fixed, on a lamp column",
        "Looks north-east (45°), 90° wide, 50 m", "Adds 2.9 % of the risk of a mean day",
        "£4,000 once, £450 a year (illustrative prices)",
        "Needs licence of the highway authority", "Could see 12 % of Elm House: to be masked",
    ):  # fmt: skip
        assert words in tip


def test_a_camera_that_stands_says_what_it_adds_and_becomes(known: Picture) -> None:
    made = with_cameras(own=(standing(), standing(name="Yard", becomes="moved", area=())))
    (found,) = drawn(known, made).values()
    view, gate, yard = found
    assert view["properties"]["style"]["dashArray"] == "3 3"
    assert "Adds 0.4 %" in gate["properties"]["tip"]
    assert "kept as it is" in gate["properties"]["tip"]
    assert "to be moved" in yard["properties"]["tip"]


def test_what_is_given_up_looks_otherwise(known: Picture) -> None:
    looks = {
        becomes: drawn(known, with_cameras(own=(standing(becomes=becomes),)))["Cameras that stand"][
            0
        ]["properties"]["style"]
        for becomes in ("kept", "turned", "moved", "removed")
    }
    assert looks["turned"] == looks["moved"] == looks["removed"] != looks["kept"]
    assert looks["removed"]["fillOpacity"] == 0


def test_hostile_names_of_cameras_stay_texts(known: Picture) -> None:
    bad = (PrivateView(name=HOSTILE, share=0.5, unmasked=0.0),)
    made = with_cameras(
        (choice(name=HOSTILE, kind=HOSTILE, mount=HOSTILE, consents=(HOSTILE,), term=HOSTILE,
                private=bad),),
        (standing(name=HOSTILE, private=bad),),
        currency="<b>", prices=HOSTILE, grade=HOSTILE, standard=HOSTILE,
    )  # fmt: skip
    text = json.dumps(drawn(known, made)) + legend_html(known, made)
    assert "window.hurt" in text
    assert "<img" not in text
    assert "${" not in text
    assert "<script" not in text
    assert "<b>4,000" not in text


def test_without_cameras_nothing_is_drawn(known: Picture) -> None:
    assert drawn(known, with_cameras()) == {}
    assert "camera" not in legend_html(known, with_cameras()).lower()


def test_the_legend_speaks_of_views_and_the_grade(known: Picture) -> None:
    legend = legend_html(
        known, with_cameras((choice(),), (standing(), standing(becomes="turned")))
    )  # fmt: skip
    assert "Camera that stands (1); its view" in legend
    assert "To be turned, moved or taken away (1)" in legend
    assert "1 new; shaded: its view" in legend
    assert "seen from outline up: 40 px/m, IEC 62676-4:2025, guidelines" in legend
    assert "circle" not in legend


def test_the_headline_says_what_it_costs_and_that_prices_are_invented() -> None:
    figure = headline_figures(with_cameras((choice(), choice(role="turned"))))[-1]
    assert figure.label == "Cameras see, with 1 new, 1 turned"
    assert "£12,000 once, £1,350 a year more (illustrative prices)" in figure.note
    assert "seen from outline up: 40 px/m, IEC 62676-4:2025;" in figure.note
    quote = with_cameras((choice(),), prices="quotation of 3 May 2026")
    assert "(prices: quotation of 3 May 2026)" in headline_figures(quote)[-1].note


def test_tables_say_the_same(known: Picture) -> None:
    made = with_cameras(
        (choice(), choice(role="placed each term", term="Hilary", field_of_view=360.0, mount="")),
        (standing(adds=0.5, private=(HOME, BARE)), standing(name="Weak", adds=0.001)),
        private=(PrivateNote(name="Elm House", kind="house", could_be_seen=0.124, unmasked=0.0),),
    )
    table = camera_table(made)
    assert table.iloc[0].tolist() == [
        "C1", "Elm Court", "new", "fixed", "lamp column", "north-east (45°), 90° wide", 50,
        "2.9 %", "£4,000", "£450", "licence of the highway authority",
    ]  # fmt: skip
    assert table["Role"].iloc[1] == "placed each term (Hilary)"
    assert table["Cost once (illustrative)"].iloc[1] == ""
    assert table["Looks"].iloc[1] == "all round"
    assert "Cost once (illustrative)" in table.columns
    own = own_camera_table(made)
    assert own["Camera"].tolist() == ["Weak", "Gate"]
    assert own["Private places"].iloc[1] == (
        "sees unmasked, as far as is known, 3 % of Oak House; "
        "could see 12 % of Elm House: to be masked"
    )
    assert private_table(made).iloc[0].tolist() == ["Elm House", "house", "12.4 %", "0.0 %"]
    assert len(camera_table(with_cameras())) == len(own_camera_table(with_cameras())) == 0


@pytest.mark.parametrize(
    ("bearing", "word"),
    [(0, "north"), (22.4, "north"), (22.6, "north-east"), (337.6, "north"), (225, "south-west")],
)
def test_the_nearest_point_of_the_compass_is_named(bearing: float, word: str) -> None:
    assert compass_word(bearing) == word


def test_a_bearing_is_never_the_whole_circle() -> None:
    assert looks_words(choice(bearing=359.7)) == "north (0°), 90° wide"


def test_changes_are_counted_by_what_they_are() -> None:
    each = [choice(role="placed each term", term=term) for term in ("Hilary", "Hilary", "Trinity")]
    made = with_cameras(
        (choice(), choice(), choice(role="moved here"), *each), (standing(becomes="removed"),)
    ).cameras
    assert changes_words(made) == "2 new, 1 moved, 2 placed each term, 1 removed"
    assert changes_words(with_cameras().cameras) == ""


def test_money_and_what_is_saved() -> None:
    assert money_words(1_234_567.4, "€") == "€1,234,567"
    saves = with_cameras(yearly=-900.0).cameras
    assert cost_words(saves) == "£12,000 once, £900 a year less (illustrative prices)"


def test_a_plan_of_an_earlier_version_says_nothing_of_prices_and_grades() -> None:
    old = with_cameras(prices="", grade="").cameras
    assert cost_words(old) == grade_words(old) == ""


def test_many_private_places_are_not_all_named() -> None:
    many = tuple(PrivateView(name=f"H{n}", share=n / 100, unmasked=0.0) for n in range(1, 6))
    assert private_words(many) == (
        "could see 5 % of H5, 4 % of H4, 3 % of H3 and of 2 more: to be masked"
    )
    least = (PrivateView(name="H", share=0.001, unmasked=0.0),)
    assert private_words(least) == "could see under 1 % of H: to be masked"
    assert private_words(()) == ""


def test_the_command_line_says_what_cameras_cost() -> None:
    lines = camera_lines(with_cameras((choice(),)))
    assert lines[0].startswith("Cameras: 1 new beside those that stand cover 20.0 %")
    assert lines[1] == "  They cost £12,000 once, £1,350 a year more (illustrative prices)."
    assert "those that stand cover" in camera_lines(with_cameras())[0]
    assert not any("cost" in line for line in camera_lines(with_cameras()))
