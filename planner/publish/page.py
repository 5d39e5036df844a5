"""The page around the map: what it says without a map, and how it is put together."""

from pathlib import Path

import pandas as pd

from planner.allocate.plan import EstateNote, Plan
from planner.picture import Picture
from planner.publish import style, tables
from planner.publish.camera_words import cost_words, grade_words, sentence
from planner.publish.leaflet import script_link, style_link
from planner.publish.legend import headline_figures, legend_html
from planner.publish.risk_words import number
from planner.publish.stop_words import crew_words, mode_words
from planner.publish.style import in_map
from planner.publish.style import shift_words as shift_words

ASSETS = Path(__file__).parent / "assets"
# The page can't reach out even if a text in it tried to: only what is inside the file may load.
POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline' data:; "
    "script-src 'unsafe-inline' data:; base-uri 'none'; form-action 'none'"
)
FIT_TO_PAPER = """
(function () {
  var shown = null;
  function fit(onPaper) {
    if (onPaper) { shown = NAME.getBounds(); }
    NAME.invalidateSize({animate: false});
    if (shown) { NAME.fitBounds(shown, {animate: false}); }
  }
  matchMedia("print").addEventListener("change", function (paper) { fit(paper.matches); });
})();
"""


def page_html(
    picture: Picture, plan: Plan, *, styles: str, drawing: str, script: str, map_name: str
) -> str:
    """Put a page together.

    Parameters
    ----------
    styles
        The map's style sheet.
    drawing, script
        The map's HTML, and the script that draws it.
    map_name
        The script's name for the map.
    """
    title = in_map(f"{plan.scenario.name}: {plan.estate.name}")
    sheets = styles + parts_style() + (ASSETS / "page.css").read_text(encoding="utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="icon" href="data:,">\n'
        f"<title>{title}</title>\n"
        f'<link rel="stylesheet" href="{style_link()}">\n<style>{sheets}</style>\n'
        f'<script src="{script_link()}"></script>\n</head>\n<body>\n'
        f"{banner_html(plan.estate)}{_header(plan, title)}<main>\n{_answer(picture, plan, drawing)}"
        f"{_routes(plan)}{_more_tables(plan)}{_footer(picture, plan)}</main>\n"
        f"<script>\n{script}\n{FIT_TO_PAPER.replace('NAME', map_name)}</script>\n</body>\n</html>\n"
    )


def parts_style() -> str:
    """Return the style sheet of what the page and the app share; it uses the map's variables."""
    return (ASSETS / "parts.css").read_text(encoding="utf-8")


def banner_html(estate: EstateNote) -> str:
    """Say that the incidents are invented, where they are."""
    return f'<div class="banner">{style.ILLUSTRATIVE}</div>\n' if estate.illustrative else ""


def figures_html(plan: Plan) -> str:
    """Show the headline figures, each with what it must be read with."""
    figures = "".join(
        f"<div><dt>{in_map(figure.label)}</dt><dd>{in_map(figure.value)}"
        f"<small>{unbroken(figure.note)}</small></dd></div>"
        for figure in headline_figures(plan)
    )
    return f'<dl class="figures">{figures}</dl>'


def unbroken(text: str) -> str:
    """Make a text safe for a map or page, and keep a number and its per cent sign on one line."""
    return in_map(text).replace(" %", "&nbsp;%")


def _header(plan: Plan, title: str) -> str:
    return (
        f'<header><h1>{title}</h1><p class="when">{in_map(shift_words(plan.shift))}</p>'
        f"{figures_html(plan)}</header>\n"
    )


def _answer(picture: Picture, plan: Plan, drawing: str) -> str:
    return (
        f'<div class="answer"><div class="map" role="region" aria-label="Map of the plan">{drawing}'
        f'</div><aside class="side">{legend_html(picture, plan)}{warnings_html(plan)}</aside>'
        "</div>\n"
    )


def warnings_html(plan: Plan) -> str:
    """List what the reader must know before acting."""
    if not plan.warnings:
        return ""
    items = "".join(f"<li>{in_map(text)}</li>" for text in plan.warnings)
    return (
        '<section class="warnings"><h3>Before acting on this</h3>'
        f'<ul class="notes">{items}</ul></section>'
    )


def _routes(plan: Plan) -> str:
    if not plan.patrols.routes:
        return "<h2>Routes</h2><p>No team has a stop in this plan.</p>\n"
    every = tables.stop_table(plan)
    parts = ["<h2>Routes: where to be, when and why</h2>"]
    for place, route in enumerate(plan.patrols.routes):
        colour = style.team_style(place).colour
        rows = every[every[tables.TEAM] == route.team].drop(columns=tables.TEAM)
        how = f"{mode_words(route.mode)}, {crew_words(route.officers)}"
        caption = (
            f"Team {in_map(route.team)}: leaves {in_map(route.start)} at "
            f"{style.clock(route.starts_at)}, back at {in_map(route.finish)} by "
            f"{style.clock(route.ends_at)}; {route.length_m / 1000:.1f} km {in_map(how)}"
        )
        parts.append(_table(rows, caption, colour))
    return "".join(parts) + "\n"


def _more_tables(plan: Plan) -> str:
    parts = []
    if plan.hotspots:
        parts += ["<h2>Hotspots</h2>", _table(tables.hotspot_table(plan), "", style.HOTSPOT)]
    return "".join(parts) + "\n" + _cameras(plan)


def _cameras(plan: Plan) -> str:
    """Show what changes, what the service's own that stand add, and what must be masked."""
    cameras = plan.cameras
    said = [words for words in (grade_words(cameras), cost_words(cameras)) if words]
    shown = [
        (tables.camera_table(plan), sentence("; ".join(said)), style.CAMERA),
        (tables.own_camera_table(plan), "The service's own that stand, the least useful first",
         style.CAMERA),
        (tables.private_table(plan), "Private places that a camera could see", style.SITE_LINE),
    ]  # fmt: skip
    parts = ["<h2>Cameras</h2>"]
    if not cameras.chosen:
        parts.append("<p>No camera is put up, moved or turned in this plan.</p>")
    parts += [_table(rows, in_map(text), colour) for rows, text, colour in shown if len(rows)]
    return "".join(parts) + "\n"


def _table(rows: pd.DataFrame, caption: str, colour: str) -> str:
    """Write a table; its first column is the tag that stands on the map too."""
    heads = "".join(
        f'<th scope="col"{_class(rows, name)}>{in_map(name)}</th>' for name in rows.columns
    )
    body = "".join(
        f"<tr>{_tag(values[0], colour)}{_cells(rows, values)}</tr>"
        for values in rows.itertuples(index=False, name=None)
    )
    title = f"<caption>{caption}</caption>" if caption else ""
    return f"<table>{title}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _tag(value: object, colour: str) -> str:
    return f'<td class="tag"><b style="border-color:{colour}">{in_map(value)}</b></td>'


def _cells(rows: pd.DataFrame, values: tuple[object, ...]) -> str:
    cells = []
    for name, value in list(zip(rows.columns, values, strict=True))[1:]:
        text = number(value) if isinstance(value, float) else in_map(value)
        label = "" if name in (tables.PLACE, tables.WHY) else f' data-label="{in_map(name)}"'
        cells.append(f"<td{_class(rows, name)}{label}>{text}</td>")
    return "".join(cells)


def _class(rows: pd.DataFrame, name: str) -> str:
    if name == rows.columns[0]:
        return ""
    if pd.api.types.is_numeric_dtype(rows[name]):
        return ' class="number"'
    kinds = {tables.PLACE: "place", tables.WHY: "why"}
    return f' class="{kinds[name]}"' if name in kinds else ""


def _footer(picture: Picture, plan: Plan) -> str:
    head = picture.register_head[: style.HEAD_SHOWN]
    register = f", register entry {in_map(head)}" if head else ""
    return (
        f"<footer>Plan {in_map(plan.id)}, made by planner {in_map(plan.version)} from records to "
        f"{style.day_and_clock(plan.picture.as_of)} "
        f"(picture {in_map(plan.picture.fingerprint[:16])}{register}). "
        f"Patrols: {in_map(plan.patrols.stopped_by)}; cameras: {in_map(plan.cameras.stopped_by)}. "
        "A plan is advice about places, never about persons.</footer>\n"
    )
