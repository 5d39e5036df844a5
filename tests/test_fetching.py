"""Fetching into files: whole or not at all, and of use to 'planner init' and 'planner import'."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import replay_server as served

from planner.errors import DownloadFailed, EstateError, PlannerError
from planner.estate.layers.features import read_features
from planner.estate.sources.request import Clock
from planner.service.fetching import (
    Fetched,
    Place,
    Servers,
    Ways,
    fetch_osm,
    fetch_police,
    servers_named,
)

BOX = "-1.262,51.749,-1.257,51.753"
Serve = Callable[..., Ways]


@pytest.fixture
def replay(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with served.replaying() as running:
        running.give("/api/status", served.Answer(served.STATUS_FREE, kind="text/plain"))
        running.give("/api/interpreter", served.Answer(served.OSM_EXTRACT))
        running.give("/search", served.Answer(served.nominatim(served.OUTLINE)))
        running.give("/api/crimes-street-dates", served.Answer(served.dates("2024-01")))
        running.give(
            "/api/crimes-street/all-crime",
            served.Answer(json.dumps([served.crime(1, -1.26, 51.75)]).encode()),
        )
        running.give("/data/archive/2024-02.zip", served.File(served.archive("2024-01", "2024-02")))
        yield running


@pytest.fixture
def ways(replay: Any) -> Ways:
    servers = Servers(f"{replay.url}/api", replay.url, replay.url)
    return Ways(servers=servers, clock=Clock(lambda _: None))


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


ALL = [
    "buildings.geojson",
    "cameras.geojson",
    "entrances.geojson",
    "lamps.geojson",
    "sites.geojson",
    "streets.osm",
]


def test_an_area_becomes_files(ways: Ways, tmp_path: Path) -> None:
    done = fetch_osm(Place(box=BOX), tmp_path / "out", ways)
    assert files(tmp_path / "out") == ALL
    assert {path.name: count for path, count in done.files} == {
        "buildings.geojson": 2,
        "cameras.geojson": 1,
        "entrances.geojson": 1,
        "lamps.geojson": 1,
        "sites.geojson": 1,
        "streets.osm": 1,
    }
    assert any("OpenStreetMap contributors" in note for note in done.notes)
    features, left_out = read_features(tmp_path / "out" / "buildings.geojson")
    assert sorted(features["name"]) == ["Hall & Buttery", "Ring Laboratory"]
    assert left_out == []


def test_place_and_polygon_name_the_same_area(replay: Any, ways: Ways, tmp_path: Path) -> None:
    drawn = tmp_path / "area.geojson"
    feature = {"type": "Feature", "properties": {}, "geometry": served.OUTLINE}
    drawn.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    for place in (Place(name="Example, UK"), Place(polygon=drawn), Place(box=BOX)):
        fetch_osm(place, tmp_path / "out", ways)
    queries = [asked.form["data"] for asked in replay.asked if asked.path == "/api/interpreter"]
    # The box is drawn the other way round, so it is asked for in other words.
    assert len(queries) <= 2
    assert files(tmp_path / "out") == ALL


@pytest.mark.parametrize(
    "place", [Place(), Place(name="x", box=BOX), Place(box=BOX, polygon=Path("x"))]
)
def test_one_way_to_say_where(ways: Ways, tmp_path: Path, place: Place) -> None:
    with pytest.raises(EstateError, match="one of --place, --box and --polygon"):
        fetch_osm(place, tmp_path / "out", ways)
    assert not (tmp_path / "out").exists()


def test_the_files_make_a_workspace(ways: Ways, tmp_path: Path) -> None:
    from planner.service.workspace import EstateFiles, make_workspace

    out = tmp_path / "out"
    fetch_osm(Place(box=BOX), out, ways)
    listed = EstateFiles(
        [out / "sites.geojson", out / "buildings.geojson"],
        streets=out / "streets.osm",
        cameras=out / "cameras.geojson",
        surroundings=[out / "lamps.geojson", out / "entrances.geojson"],
    )
    made = make_workspace(tmp_path / "workspace", listed).estate
    assert made.surroundings[["kind", "use"]].to_numpy().tolist() == [
        ["lamp", ""], ["entrance", "main"],
    ]  # fmt: skip
    assert sorted(made.sites["name"]) == ["Ring Laboratory", "St Example's College"]
    assert "Hall & Buttery" in set(made.buildings["name"])
    assert made.cameras[["name", "controller"]].to_numpy().tolist() == [["CAM 7", "City Council"]]
    assert made.streets is not None
    assert set(made.streets.names) == {"Towpath"}


def test_a_force_becomes_files(ways: Ways, tmp_path: Path) -> None:
    done = fetch_police("2024-01", "2024-02", tmp_path / "out", force="btp", ways=ways)
    assert files(tmp_path / "out") == ["2024-01-btp-street.csv", "2024-02-btp-street.csv"]
    assert [count for _, count in done.files] == [2, 2]
    assert (tmp_path / "out" / "2024-01-btp-street.csv").read_bytes() == served.street_csv(
        "2024-01", "btp"
    )


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    path = tmp_path / "area.geojson"
    feature = {"type": "Feature", "properties": {}, "geometry": served.OUTLINE}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    return path


def test_an_area_becomes_police_files(ways: Ways, tmp_path: Path, drawn: Path) -> None:
    done = fetch_police("2024-01", "2024-02", tmp_path / "out", polygon=drawn, ways=ways)
    assert files(tmp_path / "out") == ["2024-01-area-street.csv"]
    assert any("Not published, so not covered: 2024-02" in note for note in done.notes)
    assert any("would count twice" in note for note in done.notes)


def test_the_police_files_can_be_imported(
    ways: Ways, tmp_path: Path, workspace: Path, drawn: Path
) -> None:
    from planner.service.importing import import_files

    done = fetch_police("2024-01", "2024-01", tmp_path / "out", polygon=drawn, ways=ways)
    imported = import_files(workspace, [path for path, _ in done.files])
    assert (imported.total("read"), imported.total("accepted")) == (1, 1)


def test_no_month_at_all(ways: Ways, tmp_path: Path, drawn: Path) -> None:
    with pytest.raises(DownloadFailed, match="None of the months from 2019-01 to 2019-02"):
        fetch_police("2019-01", "2019-02", tmp_path / "out", polygon=drawn, ways=ways)


@pytest.mark.parametrize("force", ["", "btp"])
def test_force_or_polygon(ways: Ways, tmp_path: Path, drawn: Path, force: str) -> None:
    given = drawn if force else None
    with pytest.raises(EstateError, match=r"either --force.* or --polygon"):
        fetch_police("2024-01", "2024-01", tmp_path / "out", force=force, polygon=given, ways=ways)


def test_a_failed_fetch_leaves_what_stood(replay: Any, ways: Ways, tmp_path: Path) -> None:
    out = tmp_path / "out"
    fetch_osm(Place(box=BOX), out, ways)
    before = {name: (out / name).read_bytes() for name in files(out)}
    replay.give("/api/interpreter", served.Answer(served.OSM_TIMED_OUT))
    with pytest.raises(DownloadFailed):
        fetch_osm(Place(box="-1.263,51.749,-1.257,51.753"), out, ways)
    assert {name: (out / name).read_bytes() for name in files(out)} == before


def test_a_police_fetch_that_was_cut_off_goes_on(
    replay: Any, ways: Ways, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.estate.sources.web.BLOCK", 50)
    whole = served.archive("2024-01", "2024-02")
    replay.give("/data/archive/2024-02.zip", served.File(whole, sent=200), served.Answer(b"", 502))
    out = tmp_path / "out"
    with pytest.raises(DownloadFailed, match="Run the same command again"):
        fetch_police("2024-01", "2024-02", out, force="btp", ways=ways)
    assert files(out) == []
    replay.give("/data/archive/2024-02.zip", served.File(whole))
    fetch_police("2024-01", "2024-02", out, force="btp", ways=ways)
    assert replay.asked[-1].headers["Range"] == "bytes=200-"
    assert len(files(out)) == 2


def test_a_folder_that_cannot_be_written(ways: Ways, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(PlannerError, match="cannot be written"):
        fetch_osm(Place(box=BOX), tmp_path / "out", ways)


def test_progress_is_told(ways: Ways, tmp_path: Path) -> None:
    seen: list[str] = []
    told = Ways(servers=ways.servers, clock=ways.clock, progress=lambda what, *_: seen.append(what))
    fetch_police("2024-01", "2024-02", tmp_path / "out", force="btp", ways=told)
    assert set(seen) == {"the police archive of 2024-02"}


def test_the_cache_can_lie_elsewhere(replay: Any, ways: Ways, tmp_path: Path) -> None:
    kept = Ways(cache=tmp_path / "kept", servers=ways.servers, clock=ways.clock)
    for out in ("one", "two"):
        fetch_police("2024-01", "2024-02", tmp_path / out, force="btp", ways=kept)
    assert len(replay.asked) == 1
    assert not (tmp_path / "one" / ".cache").exists()


def test_servers_of_a_closed_network() -> None:
    assert servers_named({}) == Servers()
    assert Servers().police == "https://data.police.uk"
    named = servers_named(
        {"PLANNER_POLICE_URL": "http://mirror/police", "PLANNER_OVERPASS_URL": ""}
    )
    assert named == Servers(police="http://mirror/police")


def test_the_command_line_fetches(
    replay: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from planner.cli import fetch_commands, program

    assert fetch_commands.fetch.registered_commands
    monkeypatch.setenv("PLANNER_OVERPASS_URL", f"{replay.url}/api")
    out = tmp_path / "out"
    monkeypatch.setattr(sys, "argv", ["planner", "fetch", "osm", "--box", BOX, "--out", str(out)])
    with pytest.raises(SystemExit) as end:
        program.main()
    assert end.value.code == 0
    said = capsys.readouterr().out
    assert f"Next: planner init -w DIR {out}/sites.geojson {out}/buildings.geojson" in said
    assert f"--surroundings {out}/lamps.geojson --surroundings {out}/entrances.geojson" in said
    assert f"--streets {out}/streets.osm" in said
    arguments = ["police", "--force", "btp", "--from", "2024-01", "--to", "2024-02", "--json"]
    where = ["--out", str(out), "--base-url", replay.url]
    monkeypatch.setattr(sys, "argv", ["planner", "fetch", *arguments, *where])
    with pytest.raises(SystemExit):
        program.main()
    said = capsys.readouterr().out
    assert [item["count"] for item in json.loads(said)["files"]] == [2, 2]


def test_the_command_line_fails_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from planner.cli import fetch_commands, program

    assert fetch_commands.fetch.registered_commands
    arguments = ["osm", "--box", "here", "--out", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", ["planner", "fetch", *arguments])
    with pytest.raises(SystemExit) as end:
        program.main()
    said = capsys.readouterr()
    assert end.value.code == 1
    assert said.out == ""
    assert said.err.startswith("Error: --box here: give west,south,east,north")


def test_fetched_in_words() -> None:
    from planner.ui.fetch_words import fetched_document, osm_words, police_words

    done = Fetched(((Path("out/2024-01-btp-street.csv"), 1200),), ("a note",))
    assert police_words(done) == [
        "out/2024-01-btp-street.csv: 1,200 incidents.",
        "Note: a note",
        "Next: planner import -w DIR out/*.csv",
    ]
    assert osm_words(Fetched(((Path("out/streets.osm"), 3),), ())) == [
        "out/streets.osm: 3 features."
    ]
    assert fetched_document(done)["files"] == [
        {"file": "out/2024-01-btp-street.csv", "count": 1200}
    ]
