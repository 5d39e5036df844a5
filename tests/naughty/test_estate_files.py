"""Bad files of an estate: a named error and nothing left behind, or left out with a reason."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from planner.errors import (
    EstateError,
    PlannerError,
    SettingsError,
    UnknownFormat,
    UnreadableFile,
    WorkspaceError,
)
from planner.service.workspace import EstateFiles, NewEstate, make_workspace, open_workspace

NAN, INFINITE = float("nan"), float("inf")


class Maker:
    """Makes workspaces from texts, and checks that a failure leaves nothing behind."""

    def __init__(self, build: ModuleType, folder: Path):
        self.build = build
        self.inputs = folder / "inputs"
        self.outputs = folder / "outputs"
        self.outputs.mkdir()
        self.target = self.outputs / "workspace"

    def files(self, **texts: str | bytes | None) -> EstateFiles:
        usual: dict[str, Any] = {
            "sites": self.build.collection(self.build.site_features()),
            "streets": None, "zones": None, "cameras": None, "surroundings": None,
        }  # fmt: skip
        given = usual | texts
        paths = {
            name: self.build.write(self.inputs / name, text) if text is not None else None
            for name, text in given.items()
            if name != "name_field"
        }
        sites = paths.pop("sites") or self.inputs / "missing.geojson"
        around = paths.pop("surroundings")
        return EstateFiles(
            [sites],
            name_field=given.get("name_field"),
            surroundings=[around] if around else [],
            **paths,
        )

    def make(self, *, time_zone: str = "Europe/London", **texts: Any) -> NewEstate:
        made = make_workspace(self.target, self.files(**texts), time_zone=time_zone)
        settings, estate = open_workspace(self.target)
        assert settings.crs == made.estate.crs
        assert len(estate.sites) == len(made.estate.sites)
        return made

    def refuse(self, error: type[PlannerError], **options: Any) -> str:
        with pytest.raises(error) as caught:
            self.make(**options)
        assert list(self.outputs.iterdir()) == []
        assert "\n" not in str(caught.value)
        return str(caught.value)

    def with_features(self, *extra: Any) -> str:
        text: str = self.build.collection([*self.build.site_features(), *extra])
        return text


@pytest.fixture
def maker(build: ModuleType, tmp_path: Path) -> Maker:
    return Maker(build, tmp_path)


def test_the_usual_files_make_a_workspace(maker: Maker) -> None:
    made = maker.make(streets=maker.build.grid_osm())
    assert (len(made.estate.sites), made.left_out, made.unreachable) == (3, (), ())
    assert sorted(path.name for path in maker.target.iterdir()) == ["estate.gpkg", "planner.toml"]
    assert [path.name for path in maker.outputs.iterdir()] == ["workspace"]


# --- Files that cannot be used. ---


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", UnreadableFile),
        (b"  \n", UnreadableFile),
        (b"\x89PNG\r\n\x1a\n", UnreadableFile),
        (b'{"a": "\0"}', UnreadableFile),
        (b"name,longitude\nx,1\n", UnknownFormat),
        (b"{", UnknownFormat),
        (b"[" * 50_000, UnknownFormat),
        (b'{"type": "Feature", "geometry": null}', UnknownFormat),
        (b'{"type": "FeatureCollection", "features": []}', UnknownFormat),
        (b'{"type": "FeatureCollection", "features": [5]}', UnknownFormat),
        (b'{"features": [{"id": ' + b"9" * 5_000 + b"}]}", UnknownFormat),
        (b'<OGRVRTDataset><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTDataset>',
         UnknownFormat),
    ],
    ids=lambda value: repr(value)[:30],
)  # fmt: skip
@pytest.mark.parametrize("layer", ["sites", "zones", "cameras", "surroundings"])
def test_what_is_no_geojson_is_refused(
    maker: Maker, layer: str, content: bytes, error: type[PlannerError]
) -> None:
    maker.refuse(error, **{layer: content})


def test_a_missing_file_of_sites_is_refused(maker: Maker) -> None:
    assert "missing.geojson" in maker.refuse(UnreadableFile, sites=None)


def test_a_missing_layer_is_refused(maker: Maker) -> None:
    files = maker.files()
    for name in ("streets", "zones", "cameras"):
        layers = {"sites": files.sites, name: maker.inputs / "none"}
        with pytest.raises(UnreadableFile):
            make_workspace(maker.target, EstateFiles(**layers))
    assert list(maker.outputs.iterdir()) == []


@pytest.mark.parametrize(
    "shapes",
    [
        [None, None],
        [{"type": "Point", "coordinates": []}, None],
        [{"type": "LineString", "coordinates": [[-1.25, NAN], [-1.2, 51.75]]}, None],
        [{"type": "Polygon", "coordinates": []}],
        [{"type": "Polygon", "coordinates": [[[NAN, 51.7], [-1.2, 51.7], [-1.2, 51.8]]]}],
        ["POLYGON((0 0, 1 0, 1 1, 0 0))"],
        [[1, 2]],
    ],
)
def test_without_a_shape_there_is_no_estate(maker: Maker, shapes: list[Any]) -> None:
    features = [maker.build.feature(shape, name="x") for shape in shapes]
    assert "no polygon" in maker.refuse(EstateError, sites=maker.build.collection(features))


def test_national_grid_coordinates_are_named(maker: Maker) -> None:
    ring = [[451_592, 206_342], [451_692, 206_342], [451_692, 206_442], [451_592, 206_342]]
    camera = maker.build.feature({"type": "Polygon", "coordinates": [ring]}, name="Camera")
    message = maker.refuse(EstateError, sites=maker.build.collection([camera]))
    assert "national grid" in message
    assert "WGS84" in message


def test_a_wrong_name_field_is_named(maker: Maker) -> None:
    message = maker.refuse(EstateError, name_field="label")
    assert "'label'" in message
    assert "name" in message


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "Europe", "../../etc/passwd"])
def test_a_wrong_time_zone_is_named(maker: Maker, zone: str) -> None:
    assert "time zone" in maker.refuse(SettingsError, time_zone=zone)


# --- Features that are left out or mended. ---


def odd_polygon(*ring: tuple[float, float]) -> Callable[[ModuleType], Any]:
    def made(build: ModuleType) -> Any:
        places = [list(build.degrees(*place)) for place in ring]
        return build.feature({"type": "Polygon", "coordinates": [places]}, name="Odd")

    return made


def broken_polygon(number: float) -> Callable[[ModuleType], Any]:
    def made(build: ModuleType) -> Any:
        shape = build.square_feature(500, 0, 50, name="Odd")
        shape["geometry"]["coordinates"][0][1][0] = number
        return shape

    return made


@pytest.mark.parametrize(
    "odd",
    [
        lambda build: build.feature(None, name="Odd"),
        lambda build: {},
        lambda build: build.feature({"type": "Sphere", "coordinates": []}, name="Odd"),
        lambda build: build.square_feature(50_000, 0, 50, name="Odd"),
        broken_polygon(NAN),
        broken_polygon(INFINITE),
        odd_polygon((500, 0), (500, 0), (500, 0), (500, 0)),
        odd_polygon((500, 0), (520, 0), (540, 0), (500, 0)),
    ],
    ids=["null", "empty", "sphere", "far", "nan", "inf", "dot", "flat"],
)
def test_an_unusable_feature_is_left_out_with_a_reason(
    maker: Maker, odd: Callable[[ModuleType], Any]
) -> None:
    made = maker.make(sites=maker.with_features(odd(maker.build)))
    assert len(made.estate.sites) == 3
    ((row, reason),) = [(item.row, item.reason) for item in made.left_out]
    assert row == 7
    assert reason


def test_a_self_crossing_polygon_is_mended(maker: Maker) -> None:
    bow = odd_polygon((500, 0), (550, 50), (550, 0), (500, 50), (500, 0))(maker.build)
    made = maker.make(sites=maker.with_features(bow))
    assert made.estate.sites["name"].tolist()[-1] == "Odd"
    assert made.estate.sites.geometry.is_valid.all()
    assert made.left_out == ()


@pytest.mark.parametrize("name", ["\ud800", "a\0b", "x" * 100_000, "<script>", "🚲", 5, None])
def test_a_name_of_any_kind_is_no_traceback(maker: Maker, name: object) -> None:
    odd = maker.build.square_feature(500, 0, 50, name=name)
    try:
        made = maker.make(sites=maker.with_features(odd))
    except PlannerError:
        assert list(maker.outputs.iterdir()) == []
        return
    assert len(made.estate.sites) == 4


# --- Streets. ---


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", UnreadableFile),
        ("words", UnknownFormat),
        ("<html><body/></html>", UnknownFormat),
        ("<osm><node", UnknownFormat),
        ("<osm></osm>", EstateError),
        ('<!DOCTYPE osm><osm version="0.6"></osm>', UnknownFormat),
        ('<!DOCTYPE o [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><osm>&c;</osm>', UnknownFormat),
        ('<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><osm>&x;</osm>', UnknownFormat),
        ('{"type": "FeatureCollection", "features": []}', UnknownFormat),
    ],
)
def test_what_is_no_extract_of_streets_is_refused(
    maker: Maker, text: str, error: type[PlannerError]
) -> None:
    message = maker.refuse(error, streets=text)
    assert "root:" not in message


def test_an_extract_of_buildings_holds_no_street(maker: Maker) -> None:
    nodes = {1: (0, 0), 2: (10, 0), 3: (10, 10)}
    text = maker.build.osm(nodes, [([1, 2, 3, 1], {"building": "yes"})])
    assert "no street" in maker.refuse(EstateError, streets=text)


def test_street_islands_are_left_out_and_counted(maker: Maker) -> None:
    nodes = {1: (-50, -50), 2: (350, -50), 3: (900, 900), 4: (960, 900), 5: (2_000, 0),
             6: (2_040, 0)}  # fmt: skip
    tags = {"highway": "residential"}
    made = maker.make(
        streets=maker.build.osm(nodes, [([1, 2], tags), ([3, 4], tags), ([5, 6], tags)])
    )
    assert made.street_islands == 2
    assert made.island_m == pytest.approx(100, rel=0.01)
    assert made.estate.streets is not None
    assert made.estate.streets.lengths.sum() == pytest.approx(400, rel=0.01)


def test_zones_that_no_street_comes_near_are_named(maker: Maker) -> None:
    nodes = {1: (-50, -50), 2: (350, -50)}
    made = maker.make(streets=maker.build.osm(nodes, [([1, 2], {"highway": "residential"})]))
    assert made.unreachable == ("Gamma Library",)


# --- Cameras and zones. ---


@pytest.mark.parametrize("range_m", [-5, 0, "far", [], INFINITE])
def test_a_camera_with_an_impossible_range_is_refused(maker: Maker, range_m: object) -> None:
    camera = maker.build.point_feature(0, 0, name="Gate", range_m=range_m)
    message = maker.refuse(EstateError, cameras=maker.build.collection([camera]))
    assert "range_m" in message
    assert "feature 1" in message


def test_cameras_without_a_point_are_refused(maker: Maker) -> None:
    text = maker.build.collection(maker.build.site_features())
    assert "no point" in maker.refuse(EstateError, cameras=text)


def test_zones_without_a_polygon_are_refused(maker: Maker) -> None:
    text = maker.build.collection([maker.build.point_feature(0, 0, name="x")])
    assert "no polygon" in maker.refuse(EstateError, zones=text)


def test_a_camera_without_a_place_is_left_out_with_a_reason(maker: Maker) -> None:
    features = [maker.build.point_feature(0, 0), maker.build.feature(None, name="nowhere")]
    made = maker.make(cameras=maker.build.collection(features))
    assert len(made.estate.cameras) == 1
    assert [(item.file, item.row) for item in made.left_out] == [("cameras", 2)]


@pytest.mark.parametrize(
    "said",
    [{"bearing": 400}, {"bearing": "up"}, {"field_of_view": 0}, {"field_of_view": [1]},
     {"height_m": -1}, {"height_m": NAN, "bearing": INFINITE}, {"sensor_px": 0},
     {"kind": "eye\n"}, {"kind": {"a": 1}}, {"night_factor": "dark"}],
    ids=repr,
)  # fmt: skip
def test_a_camera_that_cannot_be_is_refused(maker: Maker, said: dict[str, Any]) -> None:
    features = [maker.build.point_feature(0, 0), maker.build.point_feature(0, 5, **said)]
    message = maker.refuse(EstateError, cameras=maker.build.collection(features))
    assert "cameras: camera in feature 2: " in message
    assert "must be" in message


def test_a_camera_in_the_middle_of_a_building_is_refused(maker: Maker) -> None:
    camera = maker.build.point_feature(25, 25, name="Hall desk")
    message = maker.refuse(EstateError, cameras=maker.build.collection([camera]))
    assert "feature 1 ('Hall desk') stands 15.0 m within a building" in message


def test_a_camera_within_a_building_around_the_estate_is_refused(maker: Maker) -> None:
    house = maker.build.square_feature(110, 0, 30, kind="house")
    camera = maker.build.point_feature(125, 15, name="Parlour")
    message = maker.refuse(
        EstateError,
        cameras=maker.build.collection([camera]),
        surroundings=maker.build.collection([house]),
    )
    assert "'Parlour'" in message


def test_a_camera_just_within_a_wall_is_moved_and_noted(maker: Maker) -> None:
    camera = maker.build.point_feature(25, 11, name="Hall door")
    made = maker.make(cameras=maker.build.collection([camera]))
    assert [(item.name, item.row) for item in made.noted] == [("Hall door", 1)]
    assert not made.estate.cameras.intersects(made.estate.outlines[0]).any()


@pytest.mark.parametrize("x", [900, 90_000, -3_000_000])
def test_the_service_s_own_camera_off_the_estate_is_refused(maker: Maker, x: float) -> None:
    features = [maker.build.point_feature(50, 50), maker.build.point_feature(
        x, 50, name="Farm", controller="the service")]  # fmt: skip
    message = maker.refuse(EstateError, cameras=maker.build.collection(features))
    assert "'Farm'" in message
    assert "nearest site" in message


def test_others_cameras_off_the_estate_are_left_out(maker: Maker) -> None:
    features = [
        maker.build.point_feature(900, 50, name="Shop", controller="City Council"),
        maker.build.point_feature(9_000, 50, name="Bridge"),
    ]
    made = maker.make(cameras=maker.build.collection(features))
    assert made.estate.cameras.empty
    assert [(item.file, item.row) for item in made.left_out] == [("cameras", 1), ("cameras", 2)]
    assert all("off the estate" in item.reason for item in made.left_out)


# --- Surroundings. ---


def test_surroundings_that_cannot_be_used_are_left_out_with_a_reason(maker: Maker) -> None:
    lamp = maker.build.point_feature(0, 0, kind="lamp", name=5)
    features = [
        lamp,
        maker.build.feature(None, kind="lamp"),
        maker.build.point_feature(0, 0, kind=["lamp"]),
        maker.build.point_feature(0, 0, kind="\ud800<script>"),
        maker.build.point_feature(90_000, 0, kind="lamp"),
        maker.build.square_feature(0, 0, 0, kind="house"),
        maker.build.square_feature(10, 10, 30, kind="college"),
        maker.build.feature({"type": "GeometryCollection", "geometries": [lamp["geometry"]]}),
    ]  # fmt: skip
    made = maker.make(surroundings=maker.build.collection(features))
    assert made.estate.surroundings[["kind", "name"]].to_numpy().tolist() == [["lamp", "5"]]
    assert sorted(item.row for item in made.left_out) == [2, 3, 4, 5, 6, 7, 8]
    assert all(item.reason for item in made.left_out)


@pytest.mark.parametrize(
    "said", [{"height_m": -1}, {"height_m": "high"}, {"valid_from": "now"},
             {"valid_from": "2026-02-02", "valid_to": "2026-02-01"}],
    ids=repr,
)  # fmt: skip
def test_surroundings_that_cannot_be_are_refused(maker: Maker, said: dict[str, Any]) -> None:
    house = maker.build.square_feature(400, 0, 20, kind="house", **said)
    message = maker.refuse(EstateError, surroundings=maker.build.collection([house]))
    assert "surroundings: feature 1: '" in message


def test_surroundings_of_another_estate_are_refused(maker: Maker) -> None:
    lamp = maker.build.point_feature(90_000, 0, kind="lamp")
    message = maker.refuse(EstateError, surroundings=maker.build.collection([lamp]))
    assert "near the sites" in message


# --- Where it is to stand. ---


def test_a_workspace_is_never_overwritten(maker: Maker) -> None:
    maker.make()
    before = maker.build.snapshot(maker.outputs)
    with pytest.raises(WorkspaceError, match="already"):
        maker.make()
    assert maker.build.snapshot(maker.outputs) == before


def test_a_folder_with_files_is_left_alone(maker: Maker) -> None:
    maker.build.write(maker.target / "letter.txt", "mine")
    with pytest.raises(WorkspaceError, match="empty"):
        maker.make()
    assert maker.build.snapshot(maker.outputs) == {"workspace/letter.txt": b"mine"}


def test_an_empty_folder_can_be_used(maker: Maker) -> None:
    maker.target.mkdir()
    assert len(maker.make().estate.sites) == 3


def test_a_file_in_the_place_of_the_folder_is_left_alone(maker: Maker) -> None:
    maker.build.write(maker.target, "mine")
    with pytest.raises(WorkspaceError):
        maker.make()
    assert maker.target.read_text() == "mine"


def test_a_folder_within_a_file_cannot_be_made(maker: Maker) -> None:
    maker.build.write(maker.target, "mine")
    with pytest.raises(PlannerError):
        make_workspace(maker.target / "inner", maker.files())
    assert maker.target.read_text() == "mine"


def test_zones_and_cameras_of_another_estate_are_left_out(
    build: ModuleType, tmp_path: Path
) -> None:
    sites = build.write(tmp_path / "sites.geojson", build.collection(build.site_features()))
    near = build.point_feature(50, 50, name="Near")
    away = build.point_feature(90_000, 50, name="Away")
    cameras = build.write(tmp_path / "cameras.geojson", build.collection([near, away]))
    made = make_workspace(tmp_path / "one", EstateFiles([sites], cameras=cameras))
    assert made.estate.cameras["name"].tolist() == ["Near"]
    assert [(item.name, item.row) for item in made.left_out] == [("Away", 2)]
    beat = build.square_feature(90_000, 0, 100, name="Away")
    zones = build.write(tmp_path / "zones.geojson", build.collection([beat]))
    with pytest.raises(EstateError, match="holds no polygon"):
        make_workspace(tmp_path / "two", EstateFiles([sites], zones=zones))
    assert not (tmp_path / "two").exists()
