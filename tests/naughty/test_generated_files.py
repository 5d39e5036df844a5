"""Generated damage: whatever the bytes, a named error or a complete account, nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import PlannerError
from planner.incidents.intake import read_incidents
from planner.incidents.locate import locate
from planner.service.importing import import_files

PIECES = st.sampled_from(
    [b"", b",", b'"', b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xef\xbb\xbf", b";", b"\t", b"0",
     b"-", b"nan", b"1e999", b"9999-12", b"0001-01-01T00:00", b"2025-03-30T01:30", b"\xe2\x80\xa8",
     b" ", b"=1+1", b"''", b"x" * 300, b",,,,,,,,", b"reference", b"Month", b"180.0001"]
)  # fmt: skip
# Where the damage begins as a share of the file, how many bytes it takes, what stands there then.
DAMAGE = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), PIECES | st.binary(max_size=6)),
    min_size=1,
    max_size=5,
)
FIELD = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["", "2025-06-01T10:00", "2025-06", "-1.26", "51.75", "0", "180", "-90", "9999-12-31T23:59"]
)


def damaged(content: bytes, damage: list[tuple[float, int, bytes]]) -> bytes:
    for share, length, piece in damage:
        start = int(share * len(content))
        content = content[:start] + piece + content[start + length :]
    return content


def usual_file(build: ModuleType, form: str) -> bytes:
    if form == "police":
        rows = [build.crime("a"), build.crime("", Location="On or near Café"), build.crime("")]
        return bytes(build.police_csv(rows).encode())
    rows = [build.incident("a"), build.incident("b", details='said "no", left\nat once'),
            build.incident("c", at=None, occurred_from="")]  # fmt: skip
    return bytes(build.control_room_csv(rows).encode())


@pytest.mark.parametrize("form", ["control room", "police"])
@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York"])
@settings(max_examples=15)
@given(damage=DAMAGE)
def test_a_damaged_file_is_refused_or_accounted_for(
    build: ModuleType, tmp_path_factory: pytest.TempPathFactory,
    form: str, zone: str, damage: list[tuple[float, int, bytes]],
) -> None:  # fmt: skip
    path = tmp_path_factory.getbasetemp() / "damaged.csv"
    build.write(path, damaged(usual_file(build, form), damage))
    try:
        intake = read_incidents(path, zone, build.NOW)
    except PlannerError as error:
        assert "\n" not in str(error)
        return
    assert intake.read == len(intake.accepted) + len(intake.rejected)
    assert (intake.rejected["reason"].str.len() > 0).all()
    assert len(locate(intake.accepted, build.standing_estate())) == len(intake.accepted)


@pytest.mark.parametrize("columns", ["CONTROL_ROOM", "POLICE"])
@settings(max_examples=15)
@given(data=st.data())
def test_rows_of_any_text_are_accounted_for(
    build: ModuleType, tmp_path_factory: pytest.TempPathFactory, columns: str,
    data: st.DataObject,
) -> None:  # fmt: skip
    names = getattr(build, columns)
    row = st.fixed_dictionaries(dict.fromkeys(names, FIELD))
    rows = data.draw(st.lists(row, min_size=1, max_size=4))
    path = tmp_path_factory.getbasetemp() / "any text.csv"
    build.write(path, build.csv_text(rows, names))
    try:
        intake = read_incidents(path, "Europe/London", build.NOW)
    except PlannerError:
        return
    assert intake.read == len(intake.accepted) + len(intake.rejected)


@settings(max_examples=10)
@given(damage=DAMAGE, form=st.sampled_from(["control room", "police"]))
def test_an_import_of_a_damaged_file_is_whole_or_nothing(
    build: ModuleType, tmp_path_factory: pytest.TempPathFactory, _first_workspace: Path,
    damage: list[tuple[float, int, bytes]], form: str,
) -> None:  # fmt: skip
    path = tmp_path_factory.mktemp("import") / "damaged.csv"
    build.write(path, damaged(usual_file(build, form), damage))
    workspace = path.parent / "workspace"
    workspace.mkdir()
    for name, content in build.snapshot(_first_workspace).items():
        build.write(workspace / name, content)
    before = build.snapshot(workspace)
    try:
        done = import_files(workspace, [path], build.NOW)
    except PlannerError:
        assert build.snapshot(workspace) == before
        return
    assert done.total("read") == (
        done.total("accepted") + done.total("rejected") + done.total("duplicates")
    )


def test_no_line_of_a_twentieth_of_the_generated_files_is_lost() -> None:
    bench = Path(__file__).parents[1] / "bench" / "generated_files.py"
    environment = os.environ | {"PYTHONPATH": str(bench.parents[2]), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, bench, "100", "5"]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True, timeout=300
    )
    figures = json.loads(done.stdout.rpartition("figures:")[2])
    outcomes = figures["outcomes"]
    assert figures["files"] == sum(outcomes.values()) == 100
    assert {name.partition(":")[0] for name in outcomes} == {"read", "refused"}, done.stdout
    assert outcomes["read"] > 50
    assert set(figures["imports_by_files_that_do_not_add_up"]) == {"0"}, done.stderr
