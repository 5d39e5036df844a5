"""Reading ``plan.json`` again: what was written before may have been changed, or be another's."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from planner.allocate.plan import Plan
from planner.errors import RefusedFile, UnknownFormat, UnreadableFile
from planner.settings import first_fault

LARGEST_PLAN = 64 << 20
MOST_FILES = 200


def read_plan(path: Path) -> Plan:
    """Read a plan.

    Parameters
    ----------
    path
        A ``plan.json`` that the planner wrote.

    Raises
    ------
    UnreadableFile
        If the file can't be read.
    RefusedFile
        If it is larger than any plan.
    UnknownFormat
        If it is no plan; the message names the key.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST_PLAN:
            raise RefusedFile(
                f"{path}: is {size / (1 << 20):,.0f} MiB, larger than any plan; give a plan.json."
            )
        content = path.read_bytes()
    except OSError as error:
        if isinstance(error, RefusedFile):
            raise
        raise UnreadableFile(f"{path}: cannot be read ({error.strerror}).") from error
    try:
        plan = Plan.model_validate_json(content)
    except ValidationError as error:
        raise UnknownFormat(
            f"{path}: is no plan.json of this planner ({first_fault(error)}); plan the shift anew."
        ) from error
    _check_moments(path, plan)
    return plan


def _check_moments(path: Path, plan: Plan) -> None:
    for key, text in _moments(plan):
        try:
            stated = datetime.fromisoformat(text).tzinfo is not None
        except ValueError:
            stated = False
        if not stated:
            raise UnknownFormat(
                f"{path}: {key}: '{text[:40]}' is no moment with its offset from UTC; plan the "
                "shift anew."
            )


def _moments(plan: Plan) -> Iterator[tuple[str, str]]:
    yield "shift.starts_at", plan.shift.starts_at
    yield "shift.ends_at", plan.shift.ends_at
    for route in plan.patrols.routes:
        yield f"route {route.team}: starts_at", route.starts_at
        yield f"route {route.team}: ends_at", route.ends_at
        for number, stop in enumerate(route.stops, start=1):
            yield f"route {route.team}: stop {number}: arrive", stop.arrive
            yield f"route {route.team}: stop {number}: leave", stop.leave


def read_plans(given: Sequence[Path]) -> tuple[Plan, ...]:
    """Read plans from files, and from folders those files whose names are ``plan*.json``.

    A plan that is found twice counts once.

    Raises
    ------
    UnreadableFile
        If a file can't be read, or a folder holds no plan.
    RefusedFile
        If there are more than 200 files, or one is larger than any plan.
    UnknownFormat
        If a file is no plan.
    """
    files: list[Path] = []
    for path in given:
        found = sorted(path.rglob("plan*.json")) if path.is_dir() else [path]
        if not found:
            raise UnreadableFile(f"{path}: holds no plan.json; give a folder of earlier plans.")
        files += found
    if len(files) > MOST_FILES:
        raise RefusedFile(
            f"--vary: {len(files)} files are more than {MOST_FILES}; give the plans of the last "
            "seven nights."
        )
    return tuple({plan.id: plan for plan in map(read_plan, files)}.values())
