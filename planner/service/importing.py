"""Importing files of incidents: all of them, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from planner.errors import UnreadableFile
from planner.estate.model import Estate
from planner.estate.zones import zone_of
from planner.geo import to_metric
from planner.incidents.intake import read_incidents
from planner.incidents.locate import locate
from planner.incidents.model import OUTSIDE, Intake
from planner.register.database import FileCounts, Register
from planner.service.workspace import open_workspace

REASONS_SHOWN = 8


@dataclass(frozen=True)
class Imported:
    """What an import did; ``accepted + rejected + duplicates = read``.

    Attributes
    ----------
    files
        Counts of each file.
    reasons
        How many rows were rejected for each reason.
    first_rejected
        Some rejected rows: file, row, reason.
    notes
        What a person should know, in words.
    """

    files: tuple[FileCounts, ...]
    reasons: dict[str, int]
    first_rejected: tuple[tuple[str, int, str], ...]
    notes: tuple[str, ...]

    def total(self, column: str) -> int:
        """Sum a column of the counts over the files, such as ``read`` or ``accepted``."""
        return sum(getattr(counts, column) for counts in self.files)

    @property
    def on_estate(self) -> int:
        """How many of the accepted rows lie on the estate."""
        return self.total("accepted") - self.total("outside") - self.total("unlocated")


def import_files(workspace: Path, paths: Sequence[Path], now: datetime | None = None) -> Imported:
    """Read, check, locate and store files of incidents in one transaction.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    paths
        CSV files.
    now
        The present moment, aware; that of the clock if not given.

    Raises
    ------
    PlannerError
        If one of the files can't be used; then nothing of any file is stored.
    """
    if not paths:
        raise UnreadableFile("No file was given; name one or more CSV files of incidents.")
    settings, estate = open_workspace(workspace)
    moment = now or datetime.now(UTC)
    intakes = [read_incidents(path, settings.time_zone, moment) for path in paths]
    located = [(intake, locate(intake.accepted, estate)) for intake in intakes]
    register = Register(workspace)
    try:
        counts = register.record_import(located, int(moment.timestamp()))
    finally:
        register.close()
    return _report(counts, located, estate)


def _report(
    counts: list[FileCounts], located: list[tuple[Intake, pd.DataFrame]], estate: Estate
) -> Imported:
    rejected = pd.concat([intake.rejected.assign(file=intake.file) for intake, _ in located])
    kinds = rejected["reason"].str.replace(r"'[^']*'|\d[\d:T.+-]*", "…", regex=True)
    reasons = {str(reason): int(number) for reason, number in kinds.value_counts().items()}
    first = rejected.head(REASONS_SHOWN)[["file", "row", "reason"]]
    notes = [f"{intake.file}: {note}." for intake, _ in located for note in intake.notes]
    return Imported(
        files=tuple(counts),
        reasons=reasons,
        first_rejected=tuple(
            (f, int(row), reason) for f, row, reason in first.itertuples(index=False)
        ),
        notes=tuple(notes + _swapped(located, estate) + _differing(counts)),
    )


def _differing(counts: list[FileCounts]) -> list[str]:
    return [
        f"{item.file}: {item.differing:,} duplicates differ from the record that is kept; the "
        "first one stands."
        for item in counts
        if item.differing
    ]


def _swapped(located: list[tuple[Intake, pd.DataFrame]], estate: Estate) -> list[str]:
    """Notice rows that would lie on the estate if longitude and latitude changed places."""
    notes = []
    for intake, places in located:
        outside = intake.accepted[places["precision"] == OUTSIDE]
        outside = outside[outside["longitude"].abs() <= 90]
        points = to_metric(
            outside["latitude"].to_numpy(float), outside["longitude"].to_numpy(float), estate.crs
        )
        count = int((zone_of(points, estate.zones, estate.reach_m) >= 0).sum())
        if count:
            notes.append(
                f"{intake.file}: {count:,} rows off the estate would lie on it if longitude and "
                "latitude changed places; check the columns."
            )
    return notes
