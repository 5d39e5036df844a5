"""The parts of a plan but its routes as people read them: hotspots, risk, comparisons."""

from collections.abc import Sequence

import numpy as np
import shapely

from planner.allocate.baselines import Spread
from planner.allocate.plan import (
    Baseline,
    Baselines,
    CamerasPlan,
    CategoryCount,
    EstateNote,
    HotspotNote,
    PictureNote,
    RiskNote,
    ShiftNote,
    SourceStanding,
    ZoneRisk,
    gap_between,
)
from planner.clock import Shift, academic_day
from planner.geo import degree_pairs
from planner.insight.hotspots import Hotspot
from planner.insight.risk.evidence import NOT_SHOWN
from planner.insight.risk.model import USUAL, WIDE, Risk, Standing
from planner.insight.risk.parts import parts_words, standing_words
from planner.picture import Picture


def estate_note(picture: Picture) -> EstateNote:
    """Say whose plan it is."""
    settings = picture.settings
    return EstateNote(
        name=settings.name, time_zone=settings.time_zone, illustrative=settings.illustrative
    )


def picture_note(picture: Picture) -> PictureNote:
    """Say which picture a plan is made from."""
    as_of = picture.as_of.isoformat(timespec="seconds")
    return PictureNote(as_of=as_of, fingerprint=picture.fingerprint)


def shift_note(picture: Picture, shift: Shift) -> ShiftNote:
    """Say which shift is planned, and where in the academic year it lies."""
    settings = picture.settings
    return ShiftNote(
        name=shift.name,
        starts_at=shift.starts_at.isoformat(timespec="seconds"),
        ends_at=shift.ends_at.isoformat(timespec="seconds"),
        day=academic_day(shift.starts_at.date(), settings.terms, settings.days),
    )


def hotspot_notes(spots: Sequence[Hotspot], crs: str) -> tuple[HotspotNote, ...]:
    """Write out hotspots, with their outlines in longitude and latitude."""
    return tuple(
        HotspotNote(
            rank=spot.rank,
            name=spot.name,
            count=spot.count,
            expected=spot.expected,
            p=spot.p,
            q=spot.q,
            more_than_chance=spot.more_than_chance,
            before=spot.before,
            change=spot.change,
            trend=spot.trend,
            trend_q=spot.trend_q,
            top_category=spot.top_category,
            categories=tuple(
                CategoryCount(name=item.name, count=item.count) for item in spot.categories
            ),
            peak_hours=spot.peak_hours,
            area=degree_pairs(
                shapely.get_coordinates(shapely.get_exterior_ring(spot.geometry)), crs
            ),
        )
        for spot in spots
    )


def risk_note(picture: Picture, risk: Risk, reachable: np.ndarray) -> RiskNote:
    """Write out the forecast of every zone, and whether routes can reach it, shape (z,)."""
    names = picture.estate.zones["name"].to_numpy(dtype=object)
    usual, wide = risk.interval(USUAL), risk.interval(WIDE)
    columns = zip(
        risk.zones, names, risk.mean, *usual, *wide, risk.counts, reachable,
        range(len(names)), strict=True,
    )  # fmt: skip
    zones = tuple(
        ZoneRisk(
            zone=str(zone), name=str(name), expected=float(mean), low=float(low),
            high=float(high), low_95=float(low_95), high_95=float(high_95),
            recorded=round(float(count)), in_routes=bool(within_reach),
            made_of=parts_words(risk.parts, row),
        )
        for zone, name, mean, low, high, low_95, high_95, count, within_reach, row in columns
    )  # fmt: skip
    low, high = risk.total_interval(USUAL)
    low_95, high_95 = risk.total_interval(WIDE)
    return RiskNote(
        expected=risk.total,
        low=low,
        high=high,
        low_95=low_95,
        high_95=high_95,
        standings=tuple(_standing_note(standing) for standing in risk.standings),
        covered_days=risk.covered_days,
        timed=risk.timed,
        zones=zones,
    )


def _standing_note(standing: Standing) -> SourceStanding:
    evidence = standing.evidence
    return SourceStanding(
        source=standing.source,
        standing=evidence.words if standing.by_model else NOT_SHOWN,
        by_model=standing.by_model,
        windows=evidence.windows,
        confidence=evidence.confidence,
        words=standing_words(standing),
    )


def baseline_notes(
    patrols: Spread, cameras: Spread, bound: float, total: float, planned: CamerasPlan
) -> Baselines:
    """Write out what no plan and random draws cover.

    Parameters
    ----------
    patrols
        Expected incidents that random stops cover.
    cameras
        Share of risk that random cameras cover.
    bound, total
        Bound on what patrols can cover, and all that is expected, in incidents.
    planned
        The planned cameras.
    """
    return Baselines(
        none=Baseline(
            risk_covered=0.0,
            gap=1.0,
            risk_low=0.0,
            risk_high=0.0,
            cameras_covered=planned.standing,
            cameras_gap=gap_between(planned.standing, planned.bound),
        ),
        random=Baseline(
            risk_covered=patrols.mean / total,
            gap=gap_between(patrols.mean, bound),
            risk_low=patrols.low / total,
            risk_high=patrols.high / total,
            cameras_covered=cameras.mean,
            cameras_gap=gap_between(cameras.mean, planned.bound),
        ),
    )
