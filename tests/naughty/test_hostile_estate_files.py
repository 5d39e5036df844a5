"""Hostile files of an estate: refused within a second and 512 MB, in a process of its own."""

import io
import json
import pickle
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

SECRET = "the content of another file"  # noqa: S105
# One process for all: loading the libraries takes longer than any of the files may. The clock runs
# while a file is read.
READ = """
import json, re, resource, sys, time
from pathlib import Path
from planner.errors import PlannerError
from planner.estate.layers.features import read_features

def most_megabytes():
    # What getrusage gives begins with the most that the parent ever had.
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text())[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

for path in sys.argv[1:]:
    before = time.process_time()
    try:
        features, _ = read_features(Path(path), "EPSG:4326")
        outcome = "read " + features.to_csv()
    except PlannerError as error:
        outcome = f"{type(error).__name__}: {error}"
    seconds = time.process_time() - before
    print(json.dumps([path, seconds, most_megabytes(), outcome]), flush=True)
"""


class Opens:
    """Would write a file if it were unpickled."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.path,))


def zip_of(**entries: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "."), content)
    return kept.getvalue()


def bomb(_folder: Path) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending in ("shx", "dbf"):
            archive.writestr(f"sites.{ending}", b"")
        with archive.open("sites.shp", "w", force_zip64=True) as part:
            part.write(b"\x00\x00\x27\x0a")
            for _ in range(20):
                part.write(bytes(10_000_000))
    return kept.getvalue()


def lying_bomb(folder: Path) -> bytes:
    """The same, but its directory says that it unpacks to 100 bytes."""
    content, size = bomb(folder), (200_000_004).to_bytes(4, "little")
    assert size in content
    return content.replace(size, (100).to_bytes(4, "little"))


def climbing(_folder: Path) -> bytes:
    return zip_of(**{"../../sites.shp": b"\x00\x00\x27\x0a", "sites.shx": b"", "sites.dbf": b""})


def absolute(_folder: Path) -> bytes:
    return zip_of(**{"/etc/sites.shp": b"x"})


def many_entries(_folder: Path) -> bytes:
    return b"PK\x03\x04" + b"PK\x01\x02" * 1_000_000


def vrt(folder: Path) -> bytes:
    (folder / "secret.csv").write_text(f"name,x,y\n{SECRET},1,2\n")
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{folder}/secret.csv'
        '</SrcDataSource><GeometryField encoding="PointFromColumns" x="x" y="y"/></OGRVRTLayer>'
        "</OGRVRTDataSource>"
    ).encode()


def vrt_in_a_shapefile(folder: Path) -> bytes:
    return zip_of(sites__shp=vrt(folder), sites__shx=b"", sites__dbf=b"")


def gdal_pipeline(folder: Path) -> bytes:
    vrt(folder)
    step = f"gdal vector pipeline ! read {folder}/secret.csv"
    return json.dumps({"type": "gdal_streamed_alg", "command_line": step}).encode()


def entities(_folder: Path) -> bytes:
    nested = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE k [<!ENTITY a0 "ha">{nested}]><kml>&a9;</kml>'.encode()


def pickled(folder: Path) -> bytes:
    return pickle.dumps(Opens(folder / "opened"))


def view(folder: Path) -> bytes:
    path = geopackage(folder)
    with closing(sqlite3.connect(path)) as database:
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
        database.execute(f"CREATE VIEW more AS {endless} SELECT i AS fid FROM n")  # noqa: S608
        database.commit()
    return path.read_bytes()


def generated(folder: Path) -> bytes:
    path = geopackage(folder)
    with closing(sqlite3.connect(path)) as database:
        database.execute("ALTER TABLE sites ADD COLUMN big AS (hex(zeroblob(400000000)))")
        database.commit()
    return path.read_bytes()


def geopackage(folder: Path) -> Path:
    path = folder / "made.gpkg"
    path.unlink(missing_ok=True)
    shape = gpd.GeoDataFrame({"name": ["x"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4326)
    shape.to_file(path, layer="sites", driver="GPKG")
    return path


def nested_json(_folder: Path) -> bytes:
    return b'{"features":' + b"[" * 5_000_000


def many_values(_folder: Path) -> bytes:
    return b'{"features":[' + b"{}," * 15_000_000 + b"{}]}"


def wide_table(_folder: Path) -> bytes:
    return b"lon,lat" + b"," * 40_000_000 + b"\n1,2\n"


def huge(_folder: Path) -> bytes:
    return b"lon,lat\n" + b"1,2\n" * 15_000_000


HOSTILE = [
    bomb, lying_bomb, climbing, absolute, many_entries, vrt, vrt_in_a_shapefile, gdal_pipeline,
    entities, pickled, view, generated, nested_json, many_values, wide_table, huge,
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def outcomes(folder: Path) -> dict[str, tuple[float, float, str]]:
    for made in HOSTILE:
        (folder / f"{made.__name__}.geojson").write_bytes(made(folder))
    paths = [str(folder / f"{made.__name__}.geojson") for made in HOSTILE]
    done = subprocess.run(
        [sys.executable, "-c", READ, *paths], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    assert "Traceback" not in done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {Path(path).stem: tuple(told) for path, *told in lines}


@pytest.mark.parametrize("made", HOSTILE)
def test_a_hostile_file_is_refused_in_little_time_and_memory(
    outcomes: dict[str, tuple[float, float, str]], folder: Path, made: Callable[[Path], bytes]
) -> None:
    seconds, megabytes, outcome = outcomes[made.__name__]
    assert not outcome.startswith("read"), outcome[:200]
    assert f"{made.__name__}.geojson" in outcome
    assert SECRET not in outcome
    assert seconds < 1.0
    assert megabytes < 512
    assert not (folder / "opened").exists()
