import pandas as pd
import pytest

from planner.insight.hotspots.names import UNNAMED, numbered, place_name

ZONES = {
    "b": "Balliol College", "t": "Trinity College", "m": "Museum of Art",
    "w": "Broad Street, 2", "n": "",
}  # fmt: skip


def group(*rows: tuple[float, float, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["x", "y", "street", "zone"])


def along(*zones: str, street: str = "Broad Street", each: int = 4) -> pd.DataFrame:
    """Incidents from west to east, some in each zone."""
    return group(
        *[(40.0 * n + i, 0.5 * i, street, z) for n, z in enumerate(zones) for i in range(each)]
    )


def test_a_street_is_named_with_the_ends_of_the_hotspot() -> None:
    assert place_name(along("b", "m", "t"), ZONES) == "Broad Street, Balliol to Trinity"
    assert place_name(along("t", "m", "b"), ZONES) == "Broad Street, Trinity to Balliol"
    assert place_name(along("b", "m"), ZONES) == "Broad Street, Balliol College to Museum of Art"


def test_the_order_of_rows_does_not_matter() -> None:
    rows = along("b", "m", "t")
    assert place_name(rows.iloc[::-1], ZONES) == place_name(rows, ZONES)


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        (along("b"), "Broad Street, Balliol College"),
        (along("b", "t", street=""), "Balliol to Trinity"),
        (along("gone"), "Broad Street"),
        (along("n"), "Broad Street"),
        (along("w"), "Broad Street, 2"),
        (along("gone", street=""), UNNAMED),
    ],
)
def test_what_is_not_known_is_left_out(rows, name) -> None:
    assert place_name(rows, ZONES) == name


def test_a_zone_that_only_grazes_it_is_no_end() -> None:
    rows = pd.concat([along("b", "m", each=20), group((200.0, 0.0, "Broad Street", "t"))])
    assert "Trinity" not in place_name(rows, ZONES)


def test_a_north_south_street_begins_in_the_south() -> None:
    rows = along("b", "t").rename(columns={"x": "y", "y": "x"})
    assert place_name(rows, ZONES) == "Broad Street, Balliol to Trinity"


def test_names_that_occur_again_are_numbered() -> None:
    assert numbered(["A", "B", "A", "A"]) == ["A", "B", "A (2)", "A (3)"]
