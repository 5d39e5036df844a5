"""A shift from its plan to its end: plan, plan again, ask for the next stop, vary, rotate."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

Run = Callable[..., Any]
FILES = {
    "plan.json", "map.html", "hotspots.pdf", "route_cards.pdf", "routes.gpx", "routes.geojson",
    "stops.csv",
}  # fmt: skip


def scenario(folder: Path, build: ModuleType, day: str) -> Path:
    text = (
        f'[shift]\ndate = {day}\nname = "night"\n[solver]\ntries = 1\niterations = 10\n'
        "[patrols]\nevery_site_a_week = 1\n"
    )
    return Path(build.write(folder / f"{day}.toml", text))


@pytest.fixture(scope="module")
def shift(planner: Run, build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a workspace, and the plan of a shift in ``out``."""
    folder: Path = tmp_path_factory.mktemp("patrols")
    build.new_workspace(folder / "estate")
    rows = [
        build.incident(f"A{number}", at=((50.0, 50.0), (250.0, 50.0), (50.0, 350.0))[number % 3])
        for number in range(30)
    ]
    build.import_text(folder / "estate", build.control_room_csv(rows))
    said = planner(
        "plan", "-w", folder / "estate", "--scenario", scenario(folder, build, "2026-01-20"),
        "--out", folder / "out",
    ).stdout  # fmt: skip
    assert {path.name for path in (folder / "out").iterdir()} == FILES
    assert "Shortest" in said
    assert "of 3 sites are seen" in said
    return folder


def stops(folder: Path) -> list[dict[str, Any]]:
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    return [stop for route in plan["patrols"]["routes"] for stop in route["stops"]]


def test_a_shift_is_planned_again_twice(planner: Run, build: ModuleType, shift: Path) -> None:
    east, north = build.degrees(150.0, 200.0)
    positions = build.write(shift / "where.csv", f"team,longitude,latitude\nA,{east},{north}\n")
    again = shift / "again"
    said = planner(
        "plan", "-w", shift / "estate", "--replan", shift / "out" / "plan.json", "--at", "23:30",
        "--positions", positions, "--incident", "Beta Museum; 25; 23:20",
        "--incident", f"{east}, {north}", "--out", again,
    ).stdout  # fmt: skip
    assert "Changed: Team" in said
    assert "goes to Beta Museum" in said
    assert "the plan before covered" in said
    assert {path.name for path in again.iterdir()} == FILES - {"hotspots.pdf"}
    called = [stop["name"] for stop in stops(again) if stop["kind"] == "call"]
    assert len(called) == 2
    walked = [(stop["name"], stop["arrive"]) for stop in stops(shift / "out")
              if stop["arrive"] <= "2026-01-20T23:30:00"]  # fmt: skip
    assert walked
    assert set(walked) <= {(stop["name"], stop["arrive"]) for stop in stops(again)}
    planner(
        "plan", "-w", shift / "estate", "--replan", again / "plan.json", "--at",
        "2026-01-21T01:00", "--out", shift / "later",
    )  # fmt: skip
    assert [one["name"] for one in stops(shift / "later") if one["kind"] == "call"] == called


def test_the_next_stop(planner: Run, build: ModuleType, shift: Path) -> None:
    plan, (east, north) = shift / "out" / "plan.json", build.degrees(350.0, 150.0)
    asked = ("next", plan, "-w", shift / "estate", "--team", "A", "--at", "23:30")
    assert "1. " in planner(*asked).stdout
    found = json.loads(planner(*asked, f"--position={east},{north}", "--json").stdout)
    assert found["team"] == "A"
    assert 1 <= len(found["visits"]) <= 3
    each = [visit["covers_a_minute"] for visit in found["visits"]]
    assert each == sorted(each, reverse=True)
    assert all(visit["covers"] > 0 for visit in found["visits"])


def test_a_night_is_kept_apart_from_the_one_before(
    planner: Run, build: ModuleType, shift: Path
) -> None:
    said = planner(
        "plan", "-w", shift / "estate", "--scenario", scenario(shift, build, "2026-01-21"),
        "--vary", shift / "out", "--out", shift / "varied",
    ).stdout  # fmt: skip
    assert "Changed: In common with the nights before" in said
    assert "with 2026-01-20" in said
    # A night of another week has nothing to be compared with.
    said = planner(
        "plan", "-w", shift / "estate", "--scenario", scenario(shift, build, "2026-03-21"),
        "--vary", shift / "out" / "plan.json", "--out", shift / "spring",
    ).stdout  # fmt: skip
    assert "nothing to keep apart from" in said
    assert "Left out of the comparison: plan" in said


def test_a_rotation_of_seven_nights(planner: Run, build: ModuleType, shift: Path) -> None:
    out = shift / "rotation"
    said = planner(
        "plan", "-w", shift / "estate", "--scenario", scenario(shift, build, "2026-01-20"),
        "--nights", "7", "--cover-share", "0.9", "--out", out,
    ).stdout  # fmt: skip
    assert "7 nights from 20 January 2026" in said
    assert "guesses where a team stands, is right" in said
    assert {path.name for path in out.iterdir()} == {"rotation.json", "rotation.csv"}
    rotation = json.loads((out / "rotation.json").read_text(encoding="utf-8"))
    assert rotation["cover"] >= 0.9 * rotation["best_cover"] - 1e-9
    assert len(rotation["least_visits"]) == 3
    for site, least in rotation["least_visits"].items():
        assert rotation["visits"][site] >= least == 1
    with (out / "rotation.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["night"] for row in rows} == {str(night) for night in range(1, 8)}
    assert all(row["arrive"] < row["leave"] for row in rows)


@pytest.mark.parametrize(
    "options",
    [
        ("--at", "23:00"),
        ("--positions", "where.csv"),
        ("--incident", "Beta Museum"),
        ("--replan", "plan.json"),
        ("--replan", "plan.json", "--at", "23:00", "--nights", "7"),
        ("--replan", "plan.json", "--at", "23:00", "--vary", "out"),
        ("--replan", "plan.json", "--at", "23:00", "--scenario", "s.toml"),
        ("--nights", "7", "--vary", "out"),
        ("--cover-share", "0.9"),
        ("--nights", "many"),
    ],
)
def test_options_that_say_nothing_are_faults_of_usage(
    planner: Run, shift: Path, options: tuple[str, ...]
) -> None:
    done = planner("plan", "-w", shift / "estate", "--out", shift / "none", *options, code=2)
    assert done.stdout == ""
    assert not (shift / "none").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--replan", "none.json", "--at", "23:00"), "none.json"),
        (("--vary", "none.json"), "none.json"),
        (("--nights", "1"), "--nights: 1 is not between 2 and 366"),
        (("--nights", "7", "--cover-share", "1.5"), "--cover-share: 1.5"),
        (("--nights", "7", "--cover-share", "0"), "--cover-share: 0"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    planner: Run, shift: Path, options: tuple[str, ...], said: str
) -> None:
    done = planner("plan", "-w", shift / "estate", "--out", shift / "none", *options, code=1)
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (shift / "none").exists()
