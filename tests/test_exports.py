"""Files for other programs say what the plan says, and no name in them runs or breaks anything."""

import csv
import io
import json
import re

import gpxpy
import pandas as pd
import pytest
from patrol_plans import degrees, every_kind, plan, route, stop

from planner.publish.exports import routes_geojson, routes_gpx, stops_csv
from planner.publish.tables import stop_table

HOSTILE = ["=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", 'a,"b"\nc', "</wpt>&<x>", "a\x00b\x1b", "東京"]


def test_geojson_has_a_line_a_team_and_a_point_a_stop() -> None:
    stops = every_kind()
    made = plan([route(stops), route([stop()], team="B", mode="bicycle")], illustrative=True)
    document = json.loads(routes_geojson(made))
    assert document["type"] == "FeatureCollection"
    said = document["metadata"]
    assert (said["plan"], said["estate"], said["illustrative"]) == ("abc123", "Oxbridge", True)
    kinds = [feature["geometry"]["type"] for feature in document["features"]]
    assert kinds == ["LineString", *["Point"] * len(stops), "LineString", "Point"]
    line = document["features"][0]
    assert line["properties"].keys() >= {"team", "mode", "starts_at", "ends_at", "length_m"}
    assert [tuple(point) for point in line["geometry"]["coordinates"]] == list(
        made.patrols.routes[0].path
    )
    for number, (feature, given) in enumerate(
        zip(document["features"][1:], stops, strict=False), start=1
    ):
        assert feature["geometry"]["coordinates"] == [given.longitude, given.latitude]
        assert feature["properties"]["number"] == number
        assert feature["properties"]["team"] == "A"
        for key in ("kind", "name", "arrive", "leave", "risk", "rank", "why", "to_name"):
            assert feature["properties"][key] == getattr(given, key)


def test_geojson_keeps_to_the_rfc() -> None:
    still = route([], path=(degrees(0, 0),))
    document = json.loads(routes_geojson(plan([still, route(every_kind())])))
    # RFC 7946: a line has two positions or more, a feature may be unlocated, and there is no crs.
    assert document["features"][0]["geometry"] is None
    assert "crs" not in document
    for feature in document["features"]:
        assert feature.keys() == {"type", "geometry", "properties"}
    assert json.loads(routes_geojson(plan()))["features"] == []


def test_csv_has_a_row_a_stop_with_its_times_and_ranks() -> None:
    made = plan([route(every_kind())])
    rows = pd.read_csv(io.StringIO(stops_csv(made)))
    assert rows["kind"].tolist() == ["visit", "visit", "must-visit", "duty", "meal", "call"]
    assert rows["number"].tolist() == [1, 2, 3, 4, 5, 6]
    assert rows["rank"].dropna().tolist() == [1, 2]
    assert rows.loc[0, ["minutes", "covers", "detour_minutes", "lost_without"]].tolist() == [
        10.0, 0.041, 12.4, 0.03,
    ]  # fmt: skip
    assert rows.loc[3, ["to_place", "with_team"]].tolist() == ["Oak Hall", "B"]
    assert rows.loc[0, "arrive"] == made.patrols.routes[0].stops[0].arrive
    assert "rank" in stops_csv(plan()).splitlines()[0]
    assert len(stops_csv(plan()).splitlines()) == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_csv_runs_no_formula_and_keeps_its_rows(name: str) -> None:
    made = plan([route([stop(name=name, why=name, with_team=name)], team=name)])
    rows = list(csv.reader(io.StringIO(stops_csv(made))))
    assert len(rows) == 2
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in rows[1])
    place = rows[1][rows[0].index("place")]
    assert place in (name, f"'{name}")


def test_gpx_says_the_kind_of_each_waypoint() -> None:
    document = gpxpy.parse(routes_gpx(plan([route(every_kind())])))
    assert [point.type for point in document.waypoints] == [
        "visit", "visit", "must-visit", "duty", "escort end", "meal", "call",
    ]  # fmt: skip
    end = document.waypoints[4]
    assert end.name == "A4 end Oak Hall"
    assert (end.longitude, end.latitude) == pytest.approx(degrees(200, 260))
    assert "with team B" in document.waypoints[3].description


@pytest.mark.parametrize("name", HOSTILE)
def test_gpx_and_geojson_can_be_read_whatever_names_hold(name: str) -> None:
    made = plan([route([stop(name=name, why=name)], team=name, start=name)], name=name)
    document = gpxpy.parse(routes_gpx(made))
    assert len(document.waypoints) == 1
    assert not re.search(r"[\x00-\x08\x1b]", document.waypoints[0].name)
    properties = json.loads(routes_geojson(made))["features"][1]["properties"]
    assert (properties["name"], properties["team"]) == (name, name)


def test_the_table_of_stops_says_what_each_is() -> None:
    table = stop_table(plan([route(every_kind())]))
    assert table["What"].tolist() == [
        "visit", "visit", "must be visited", "duty, ends at Oak Hall, with team B",
        "meal break", "call",
    ]  # fmt: skip
    assert {"Team", "Stop", "Place", "Arrive", "Leave", "Covers (expected incidents)", "Why"} <= {
        *table.columns
    }
