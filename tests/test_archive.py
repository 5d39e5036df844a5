"""What a backup that nobody vouches for may hold."""

import json
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from planner.errors import PlannerError, RefusedFile, UnreadableFile
from planner.register import archive
from planner.register.backup import REGISTER, back_up
from planner.register.database import Register
from planner.register.restoring import restore
from planner.settings import Settings, write_settings

NOW = 1_750_000_000


@pytest.fixture
def zipped(intakes: ModuleType, tmp_path: Path) -> Path:
    """A backup of a small workspace."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    write_settings(folder, Settings(crs="EPSG:32630"))
    (folder / "estate.gpkg").write_bytes(bytes(range(256)) * 4)
    with Register(folder) as kept:
        kept.record_import([intakes.located([intakes.incident("a")])], NOW)
        kept.log("plan", {}, NOW)
        back_up(kept.engine, folder, tmp_path / "backup.zip", datetime(2026, 1, 15, tzinfo=UTC))
    return tmp_path / "backup.zip"


def rewritten(
    path: Path,
    change: Callable[[dict[str, bytes]], Mapping[str, bytes] | None],
    *,
    listed: bool = True,
) -> Path:
    """Write a backup anew with other parts; where ``listed``, its manifest says the truth."""
    with zipfile.ZipFile(path) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    manifest = json.loads(parts.pop(archive.MANIFEST))
    parts = dict(change(parts) or parts)
    if listed:
        manifest["parts"] = {
            name: {"size": len(data), "sha256": archive.hashlib.sha256(data).hexdigest()}
            for name, data in parts.items()
        }
    out = path.with_name("changed.zip")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
        made.writestr(archive.MANIFEST, json.dumps(manifest))
    return out


def refused(path: Path, kind: type[PlannerError], words: str) -> None:
    """Restoring fails with a line of these words, and leaves nothing behind."""
    new = path.parent / "new"
    before = sorted(path.parent.iterdir())
    with pytest.raises(kind, match=words) as caught:
        restore(path, new, "", NOW, "role")
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    assert sorted(path.parent.iterdir()) == before


@pytest.mark.parametrize(
    "name",
    ["../planner.toml", "/etc/planner", "profiles/../../x.toml", "profiles\\..\\x.toml", "C:x",
     "outputs/plan.json", "profiles/", ".ssh", "profiles/a/b.toml", "planner.db", "new\nline"],
)  # fmt: skip
def test_a_part_of_any_other_name_is_refused(zipped: Path, name: str) -> None:
    refused(rewritten(zipped, lambda parts: parts | {name: b"x"}), RefusedFile, "holds")


def test_a_bomb_is_refused_before_it_is_unpacked(zipped: Path) -> None:
    zeros = bytes(60_000_000)
    path = rewritten(zipped, lambda parts: parts | {"estate.gpkg": zeros})
    assert path.stat().st_size < 400_000
    refused(path, RefusedFile, "would unpack to 60 MB")


def test_a_directory_of_very_many_parts_is_refused_unread(zipped: Path) -> None:
    path = zipped.with_name("many.zip")
    with zipfile.ZipFile(path, "w") as made:
        for number in range(16_000):
            made.writestr(f"part-{number:05}-{'x' * 20}", b"")
    refused(path, RefusedFile, "too many parts")


def test_parts_that_are_not_what_the_manifest_says_are_refused(zipped: Path) -> None:
    other = rewritten(zipped, lambda p: p | {"estate.gpkg": p["estate.gpkg"][::-1]}, listed=False)
    refused(other, UnreadableFile, "estate.gpkg is not what its manifest.json says")
    longer = rewritten(zipped, lambda p: p | {"estate.gpkg": b"x"}, listed=False)
    refused(longer, UnreadableFile, "estate.gpkg has another size")
    fewer = rewritten(zipped, lambda p: {n: p[n] for n in p if n != "estate.gpkg"}, listed=False)
    refused(fewer, UnreadableFile, "its parts are not those")


@pytest.mark.parametrize(
    ("manifest", "words"),
    [(b"{}", "version"), (b"[", "JSON"), (b"[" * 1_000_001, "too long"),
     (None, "no manifest.json")],
)  # fmt: skip
def test_a_zip_without_a_right_manifest_is_refused(
    tmp_path: Path, manifest: bytes | None, words: str
) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("planner.toml", b"")
        if manifest is not None:
            made.writestr(archive.MANIFEST, manifest)
    refused(path, RefusedFile, words)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    refused(path, PlannerError, "a.zip: is no ")


def test_a_missing_backup_is_told(tmp_path: Path) -> None:
    refused(tmp_path / "missing.zip", UnreadableFile, "No such file")


def test_damage_anywhere_in_a_part_is_found(zipped: Path) -> None:
    content = zipped.read_bytes()
    with zipfile.ZipFile(zipped) as opened:
        item = opened.getinfo(REGISTER)
        whole = opened.read(REGISTER)
    starts = item.header_offset + 100
    path = zipped.with_name("damaged.zip")
    found = 0
    for at in range(starts, starts + item.compress_size - 100, item.compress_size // 20):
        damaged = bytearray(content)
        damaged[at] ^= 0x55
        path.write_bytes(damaged)
        # Among zeros a reference to other zeros unpacks to the same bytes: no damage is done.
        if unpacked(path) != whole:
            refused(path, UnreadableFile, "damaged.zip: ")
            found += 1
    assert found >= 15


def unpacked(path: Path) -> bytes:
    try:
        with zipfile.ZipFile(path) as opened:
            return opened.read(REGISTER)
    except (zipfile.BadZipFile, zlib.error):
        return b""


def test_half_a_backup_is_refused(zipped: Path) -> None:
    path = zipped.with_name("half.zip")
    path.write_bytes(zipped.read_bytes()[:-2_000])
    refused(path, UnreadableFile, "is no zip")


def _with_register(parts: dict[str, bytes], folder: Path, *statements: str) -> dict[str, bytes]:
    path = folder / "forged.db"
    path.write_bytes(parts[REGISTER])
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    parts[REGISTER] = path.read_bytes()
    path.unlink()
    return parts


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE incidents SET category = 'x'", "its register was altered"),
        ("DELETE FROM audit", "its register was altered"),
        ("CREATE TRIGGER t AFTER INSERT ON audit BEGIN DELETE FROM incidents; END", "holds 't'"),
        ("CREATE VIEW v AS SELECT 1", "holds 'v'"),
        ("DROP TABLE audit", "damaged or none of the planner's"),
        ("UPDATE alembic_version SET version_num = '9999'", "damaged or none of the planner's"),
    ],
)
def test_a_forged_register_is_refused(zipped: Path, statement: str, words: str) -> None:
    path = rewritten(zipped, lambda parts: _with_register(parts, zipped.parent, statement))
    refused(path, RefusedFile, words)


def test_a_register_cut_to_an_earlier_head_is_refused(zipped: Path) -> None:
    cut = "DELETE FROM audit WHERE number = 2"
    path = rewritten(zipped, lambda parts: _with_register(parts, zipped.parent, cut))
    refused(path, RefusedFile, "does not end where the manifest says")


def test_settings_that_are_wrong_are_refused(zipped: Path) -> None:
    path = rewritten(zipped, lambda parts: parts | {"planner.toml": b"crs = 5"})
    refused(path, RefusedFile, "planner.toml")
