"""The track record: how good the forecast of a workspace's own records has been."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from planner.insight.backtest.sources import SourceRecord, source_records
from planner.picture import Picture
from planner.service.forecasting import known_category
from planner.service.workspace import take_picture


@dataclass(frozen=True)
class TrackRecord:
    """How the forecast has done on an estate.

    Attributes
    ----------
    estate
        Its name.
    category
        Of which incidents; all if None.
    sources
        Each by itself, as each is forecast by itself.
    """

    estate: str
    category: str | None
    sources: tuple[SourceRecord, ...]


def track_record(picture: Picture, category: str | None = None) -> TrackRecord:
    """Backtest the forecast on what a picture knows.

    The last two years of weeks are judged, or all months of records that state the month only, each
    forecast from what was known when it began. It takes some seconds.

    Parameters
    ----------
    picture
        What is known; incidents of sensitive categories, which no zone shows, are not in it.
    category
        Judge incidents of this category; all if None.

    Raises
    ------
    NoIncidents
        If no incident (of the category) lies on the estate.
    """
    category = known_category(picture, category)
    sources = source_records(
        picture.on_estate, picture.periods, picture.ground, picture.settings.time_zone, category
    )
    return TrackRecord(picture.settings.name, category, sources)


def track_record_of(
    workspace: Path, category: str | None = None, as_of: datetime | None = None
) -> TrackRecord:
    """Do the same for a workspace, from what was known at a moment (all, if not given).

    Raises
    ------
    PlannerError
        If the workspace can't be read, or no incident (of the category) lies on its estate.
    """
    return track_record(take_picture(workspace, as_of), category)
