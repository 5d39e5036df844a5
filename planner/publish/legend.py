"""The map's legend and a plan's headline figures, as HTML of their own.

A branca colour map would ask a CDN for d3; this is plain HTML with inline styles, so that the
page and the app can both show it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.allocate.plan import CamerasPlan, Plan, RiskNote, Route
from planner.picture import Picture
from planner.publish import style
from planner.publish.camera_words import KEPT, changes_words, cost_words, grade_words
from planner.publish.layers import RISK_OPACITY
from planner.publish.risk_view import RiskView, risk_view
from planner.publish.risk_words import (
    Wording,
    interval_words,
    number,
    span_words,
    standing_line,
)
from planner.publish.stop_words import END, KIND_MARKS, KIND_WORDS, escort_end, mode_words
from planner.publish.style import in_map, per_cent

HATCHED = (
    "repeating-linear-gradient(-45deg, rgba(255,255,255,.75) 0 1.5px, transparent 1.5px 6px), "
)


@dataclass(frozen=True)
class Figure:
    """A headline figure: what it is, its value, and what it must be read with."""

    label: str
    value: str
    note: str


def headline_figures(plan: Plan) -> tuple[Figure, ...]:
    """Say how good the plan is, beside no plan and stops drawn at random."""
    patrols, cameras, drawn = plan.patrols, plan.cameras, plan.baselines.random
    changes = changes_words(cameras)
    return (
        Figure(
            "Risk covered by patrols",
            per_cent(patrols.risk_covered),
            f"of the {number(plan.risk.expected)} incidents expected this shift (4 shifts in 5: "
            f"{span_words(plan.risk.low, plan.risk.high, Wording())}); no plan at all covers 0 %",
        ),
        Figure(
            "Gap to the bound",
            per_cent(patrols.gap),
            f"no plan of this size can cover more than {per_cent(patrols.bound)}",
        ),
        Figure(
            "Random stops cover",
            per_cent(drawn.risk_covered),
            f"mean of draws by the same rules; 80 % of draws: {per_cent(drawn.risk_low)} to "
            f"{per_cent(drawn.risk_high)}",
        ),
        Figure(
            f"Cameras see, with {changes}" if changes else "Cameras see",
            per_cent(cameras.covered),
            _camera_note(cameras),
        ),
    )


def _camera_note(cameras: CamerasPlan) -> str:
    """Say what the cameras' figure must be read with: what counts as seen, today's, and money."""
    seen = grade_words(cameras)
    parts = (
        f"of the risk of a mean day{f', {seen}' if seen else ''}",
        f"{per_cent(cameras.standing)} today",
        f"gap to the bound {per_cent(cameras.gap)}",
        cost_words(cameras) if changes_words(cameras) else "",
    )
    return "; ".join(part for part in parts if part)


def legend_html(picture: Picture, plan: Plan) -> str:
    """Explain every sign of the map: classes with their unit, hotspots, cameras and teams."""
    wording = Wording()
    view = risk_view(plan.risk, wording)
    parts = [
        _block("Teams", [_team(route, place) for place, route in enumerate(plan.patrols.routes)]),
        _block(view.title, _risk_lines(view)),
        _block("How far that can be off", _certainty_lines(plan.risk, wording)),
        _block("Signs", _signs(picture, plan)),
    ]
    return f'<div class="legend">{"".join(parts)}</div>'


def _block(title: str, lines: list[str]) -> str:
    if not lines:
        return ""
    items = "".join(f"<li>{line}</li>" for line in lines)
    return f"<section><h3>{in_map(title)}</h3><ul>{items}</ul></section>"


def _line(sign: str, words: str) -> str:
    return f'<span class="sign">{sign}</span><span>{words}</span>'


def _team(route: Route, place: int) -> str:
    look = style.team_style(place)
    sign = (
        f'<i class="route" style="background:{_dashed(look)}"></i>'
        f'<b style="border-color:{look.colour}">{in_map(route.team)}</b>'
    )
    ways = f"from {in_map(route.start)}"
    if route.finish != route.start:
        ways += f" to {in_map(route.finish)}"
    return _line(
        sign,
        f"<b>Team {in_map(route.team)}</b> {style.clock(route.starts_at)} to "
        f"{style.clock(route.ends_at)}, {len(route.stops)} stops, {route.length_m / 1000:.1f} km "
        f"{in_map(mode_words(route.mode))}, "
        f"{ways}",
    )


def _dashed(look: style.TeamStyle) -> str:
    """Paint a team's dashes in CSS, three pixels to a line width."""
    if not look.dashes:
        return look.colour
    edges = np.cumsum((0, *look.dashes)) * 3
    stops = [
        f"{look.colour if part % 2 == 0 else 'transparent'} {edges[part]}px {edges[part + 1]}px"
        for part in range(len(look.dashes))
    ]
    return f"repeating-linear-gradient(90deg, {', '.join(stops)})"


def forecast_legend_html(risk: RiskNote, view: RiskView, wording: Wording) -> str:
    """Explain the signs of a map of risk: classes with their unit, and how sure they are."""
    parts = [
        _block(view.title, _risk_lines(view)),
        _block("How far that can be off", _certainty_lines(risk, wording)),
    ]
    return f'<div class="legend">{"".join(parts)}</div>'


def _risk_lines(view: RiskView) -> list[str]:
    top = len(style.RISK_COLOURS) - 1
    return [
        _line(
            f'<i class="swatch" style="background:{HATCHED if item.level == top else ""}'
            f'{_paint(style.RISK_COLOURS[item.level])}"></i>',
            f"{in_map(item.words)} <small>{_zones(item.zones)}</small>",
        )
        for item in view.classes
    ]


def _certainty_lines(risk: RiskNote, wording: Wording) -> list[str]:
    """Say the interval of the estate's total, and of each source whether it is modelled."""
    total = f"Whole estate: {number(risk.expected)} expected; {interval_words(risk, wording)}"
    return [in_map(total), *(in_map(standing_line(item)) for item in risk.standings)]


def _zones(count: int) -> str:
    return f"{count:,} zone{'' if count == 1 else 's'}"


def _paint(colour: str) -> str:
    """Mix a colour with the ground as the map's translucent fill does."""
    opacity = round(RISK_OPACITY * 100)
    mixed = f"color-mix(in srgb, {colour} {opacity}%, {style.GROUND})"
    return f"linear-gradient({mixed}, {mixed})"


def _signs(picture: Picture, plan: Plan) -> list[str]:
    lines = []
    if plan.patrols.routes:
        sign = f'<b class="rank" style="background:{style.SITE_LINE}">Post</b>'
        lines.append(_line(sign, "Where teams start or finish"))
        lines += _kinds(plan.patrols.routes)
    if plan.hotspots:
        sign = f'<b class="rank" style="background:{style.HOTSPOT}">1</b>'
        words = f"Hotspot, ranked by incidents in the latest period ({len(plan.hotspots)} shown)"
        lines.append(_line(sign, words))
        lines += _chances(plan)
    return lines + _camera_signs(picture, plan.cameras)


def _camera_signs(picture: Picture, cameras: CamerasPlan) -> list[str]:
    """Explain what is drawn of cameras, and what counts as seen."""
    lines = []
    stand, others = len(picture.estate.own_cameras), len(picture.estate.others_cameras)
    if cameras.own:
        kept = sum(camera.becomes == KEPT for camera in cameras.own)
        gone = len(cameras.own) - kept
        if kept:
            lines.append(_line(_view_sign("dashed"), f"Camera that stands ({kept}); its view"))
        if gone:
            words = f"To be turned, moved or taken away ({gone}); its view until then"
            lines.append(_line(_view_sign("dotted"), words))
    elif stand:
        lines.append(_line(_view_sign("solid"), f"Camera that stands ({stand})"))
    if others:
        lines.append(_line("", f"Others' cameras ({others}) count in the cover; not drawn"))
    if cameras.chosen:
        sign = f'<b class="rank" style="background:{style.CAMERA}">C1</b>'
        words = f"Camera that is put up or changed: {changes_words(cameras)}; shaded: its view"
        lines.append(_line(sign, in_map(words)))
    if cameras.grade and (cameras.chosen or cameras.own):
        lines.append(_line("", in_map(f"In view: what is {grade_words(cameras, in_full=True)}")))
    return lines


def _view_sign(border: str) -> str:
    return f'<i class="standing" style="border-style:{border};border-color:{style.CAMERA}"></i>'


def _kinds(routes: Sequence[Route]) -> list[str]:
    """Explain the shapes of stops: those of the kinds that the plan has."""
    stops = [stop for route in routes for stop in route.stops]
    used = {stop.kind for stop in stops}
    lines = [
        _line(
            f'<b class="stop {kind}">{f"3 {KIND_MARKS[kind]}".strip()}</b>',
            words[:1].upper() + words[1:],
        )
        for kind, words in KIND_WORDS.items()
        if kind in used and used != {"visit"}
    ]
    if any(escort_end(stop) is not None for stop in stops):
        lines.append(_line(f'<b class="stop end">3 {END}</b>', "Where an escort ends"))
    return lines


def _chances(plan: Plan) -> list[str]:
    """Explain the outlines: of what is more than chance, and of what may be chance."""
    real = sum(spot.more_than_chance for spot in plan.hotspots)
    kinds = (
        (
            real,
            "solid",
            style.HOTSPOT,
            "Outline: more than chance (false discovery rate under 5 %)",
        ),
        (len(plan.hotspots) - real, "dashed", style.HOTSPOT_DOUBTFUL, "Dashed: may be chance"),
    )
    return [
        _line(f'<i class="outline" style="border:2px {kind} {colour}"></i>', f"{words} ({count})")
        for count, kind, colour, words in kinds
        if count
    ]
