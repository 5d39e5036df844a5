"""Importing files of incidents: all of them, or none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pandas as pd
import shapely

from planner.clock import local_moment
from planner.errors import EstateError, SettingsError, UnreadableFile
from planner.estate.layers.features import read_features
from planner.estate.model import Estate
from planner.geo import to_degrees, to_metric
from planner.incidents.categories import unlisted
from planner.incidents.intake import read_incidents
from planner.incidents.locate import locate
from planner.incidents.model import OUTSIDE, Intake, Period
from planner.incidents.source_profiles import read_profile, shipped_profiles
from planner.register.database import FileCounts
from planner.service.workspace import open_register, open_workspace
from planner.settings import Settings

REASONS_SHOWN = 8
CATEGORIES_SHOWN = 6
POLYGONS = ("Polygon", "MultiPolygon")


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
        return self.total("accepted") - self.total("outside") - self.total("unknown")


@dataclass(frozen=True)
class Reading:
    """How files are to be read, where they don't tell it themselves.

    Attributes
    ----------
    profile
        A source profile in TOML, tried before those that come with the program.
    covers
        The time that the files cover, or None for what they tell.
    area
        A GeoJSON file of the area that they cover, or None for the whole estate.
    """

    profile: Path | None = None
    covers: Period | None = None
    area: Path | None = None


def import_files(
    workspace: Path,
    paths: Sequence[Path],
    now: datetime | None = None,
    reading: Reading | None = None,
    actor: str = "",
) -> Imported:
    """Read, check, locate and store files of incidents in one transaction.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    paths
        CSV, TSV, XLSX or JSON files.
    now
        The present moment, aware; that of the clock if not given.
    reading
        How they are to be read.
    actor
        The role that imports, for the audit log.

    Raises
    ------
    PlannerError
        If one of the files can't be used; then nothing of any file is stored.
    """
    if not paths:
        raise UnreadableFile("No file was given; name one or more files of incidents.")
    settings, estate = open_workspace(workspace)
    moment = now or datetime.now(UTC)
    intakes = _read(paths, settings, estate, moment, reading or Reading())
    with open_register(workspace, settings) as register:
        aliases = register.aliases()
        located = [(intake, locate(intake.accepted, estate, aliases)) for intake in intakes]
        counts = register.record_import(located, int(moment.timestamp()), actor)
    return _report(counts, located, estate, settings)


def stated_period(workspace: Path, days: str) -> Period:
    """Read ``FROM/TO``, two local days of a workspace of which both are covered.

    Raises
    ------
    SettingsError
        If it is not two days in order.
    """
    settings, _ = open_workspace(workspace)
    try:
        first, last = (date.fromisoformat(day) for day in days.split("/"))
        if last < first:
            raise ValueError
        bounds = (first, last + timedelta(days=1))
        starts_at, ends_at = (
            pd.Timestamp(local_moment(day, time(0), settings.time_zone)).tz_convert("UTC")
            for day in bounds
        )
    except (ValueError, OverflowError) as error:
        raise SettingsError(
            f"--covers: '{days}' is not FROM/TO, two days as YYYY-MM-DD in order."
        ) from error
    return Period(starts_at, ends_at)


def _read(
    paths: Sequence[Path], settings: Settings, estate: Estate, now: datetime, reading: Reading
) -> list[Intake]:
    longitude, latitude = to_degrees(shapely.get_coordinates(estate.middle), estate.crs)[0]
    about = (float(longitude), float(latitude))
    profiles = shipped_profiles()
    if reading.profile is not None:
        profiles = (read_profile(reading.profile), *profiles)
    covers = (reading.covers,) if reading.covers else None
    intakes = [
        read_incidents(path, settings.time_zone, now, profiles, covers, about) for path in paths
    ]
    if reading.area is None:
        return intakes
    area = _area(reading.area)
    return [
        replace(intake, periods=tuple(replace(period, area=area) for period in intake.periods))
        for intake in intakes
    ]


def _area(path: Path) -> str:
    """Return the polygons of a file as one, as WKT in WGS84."""
    features, _ = read_features(path)
    shapes = features[features.geom_type.isin(POLYGONS)].geometry.to_numpy()
    if not len(shapes):
        raise EstateError(f"{path}: holds no polygon; draw the area that the files cover as one.")
    return str(shapely.to_wkt(shapely.union_all(shapely.make_valid(shapes)), rounding_precision=6))


def _report(
    counts: list[FileCounts],
    located: list[tuple[Intake, pd.DataFrame]],
    estate: Estate,
    settings: Settings,
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
        notes=tuple(
            notes + _corrected(counts) + _swapped(located, estate) + _unlisted(located, settings)
        ),
    )


def _corrected(counts: list[FileCounts]) -> list[str]:
    return [
        f"{item.file}: {item.corrected:,} rows correct a record that was known; its earlier "
        "version is kept."
        for item in counts
        if item.corrected
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
        count = int((estate.zone_of(points) >= 0).sum())
        if count:
            notes.append(
                f"{intake.file}: {count:,} rows off the estate would lie on it if longitude and "
                "latitude changed places; check the columns."
            )
    return notes


def _unlisted(located: list[tuple[Intake, pd.DataFrame]], settings: Settings) -> list[str]:
    notes = []
    for intake, _ in located:
        names = unlisted(intake.accepted["category"], settings.categories)
        if names:
            shown = ", ".join(names[:CATEGORIES_SHOWN]) + ", ..." * (len(names) > CATEGORIES_SHOWN)
            notes.append(
                f"{intake.file}: {len(names):,} categories are not in planner.toml and count as "
                f"'other', or 'other sensitive' where a word tells so ({shown})."
            )
    return notes
