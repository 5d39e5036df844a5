"""Route cards: an A4 page for each team, to take along on patrol.

A card has the team's way on a map with true north straight up, its stops in a table, when to call
in, whom to call, and what its reader must know. A team has one page however many stops it has:
the map gives way first, then the table is set smaller and shorter (see
:mod:`planner.publish.route_card_table`). Nothing is set in less than 7 points.
"""

from dataclasses import dataclass
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from planner.allocate.plan import Plan, Route
from planner.picture import Picture
from planner.publish.printed_pages import page_figure, pages_pdf
from planner.publish.printmap_ground import MARGIN_MM, draw_banner, draw_sheet
from planner.publish.printmap_layout import Box, width_mm, words, wrapped
from planner.publish.route_card_map import STRIP_MM, draw_route_map
from planner.publish.route_card_notes import (
    Lines,
    Numbers,
    draw_lines,
    foot_lines,
    heading_lines,
    height_of,
    note_lines,
    told_lines,
)
from planner.publish.route_card_table import draw_table, fitted_table
from planner.publish.style import HEAD_SHOWN, INK, SITE_LINE, TeamStyle, team_style

CARD_WIDTH_MM, CARD_HEIGHT_MM = 210.0, 297.0
WIDTH_MM = CARD_WIDTH_MM - 2 * MARGIN_MM
BANNER_POINTS, BANNER_HEIGHT_MM = 15.0, 8.0
TITLE_MM = 13.0
LEAST_MAP_MM, MOST_MAP_MM = 58.0 + STRIP_MM, 165.0 + STRIP_MM
GAP_MM = 2.5


@dataclass(frozen=True)
class _Card:
    """What a card is made from: ``place`` is the team's among the plan's, which gives its line."""

    picture: Picture
    plan: Plan
    route: Route
    place: int
    numbers: Numbers


def route_cards_pdf(picture: Picture, plan: Plan, numbers: Numbers = ()) -> bytes:
    """Print a card for each team: as many A4 pages as the plan has routes, in their order.

    Parameters
    ----------
    picture
        What the plan was made from; the ground is drawn from its estate.
    plan
        Its routes; one page says so where it has none.
    numbers
        Whom a team can call: name and number, such as
        :func:`planner.publish.route_card_notes.contact_numbers` makes of the estate's contacts.

    Returns
    -------
    bytes
        A PDF without raster images; the same for the same plan.
    """
    cards = [
        partial(_card_page, _Card(picture, plan, route, place, numbers))
        for place, route in enumerate(plan.patrols.routes)
    ]
    title = f"Route cards: {plan.estate.name}"
    return pages_pdf(title, plan.version, cards or [partial(_empty_page, plan)])


def _sheet(plan: Plan) -> tuple[Figure, Axes, float]:
    """Return an empty card, its axes in millimetres, and the height below its banner."""
    figure = page_figure(CARD_WIDTH_MM, CARD_HEIGHT_MM)
    page = draw_sheet(figure)
    top = CARD_HEIGHT_MM - MARGIN_MM
    if plan.estate.illustrative:
        draw_banner(page, BANNER_POINTS, BANNER_HEIGHT_MM)
        top -= BANNER_HEIGHT_MM + GAP_MM
    return figure, page, top


def _empty_page(plan: Plan) -> Figure:
    figure, page, top = _sheet(plan)
    title = wrapped(plan.estate.name, WIDTH_MM, 14, "-Bold", most=2)
    said = Lines(("No team has a stop in this plan.",), 12, "-Bold")
    top = draw_lines(page, MARGIN_MM, top, [Lines(tuple(title), 14, "-Bold", SITE_LINE), said])
    draw_lines(page, MARGIN_MM, top, foot_lines(plan, "", WIDTH_MM))
    return figure


def _card_page(card: _Card) -> Figure:
    plan, route, look = card.plan, card.route, team_style(card.place)
    figure, page, top = _sheet(plan)
    top = _title(page, top, plan, route, look)
    top = draw_lines(page, MARGIN_MM, top, heading_lines(plan, route, WIDTH_MM))
    top = _told(page, top, told_lines(plan, WIDTH_MM - 4))
    head = card.picture.register_head[:HEAD_SHOWN]
    below = [*note_lines(plan, route, card.numbers, WIDTH_MM), *foot_lines(plan, head, WIDTH_MM)]
    bottom = MARGIN_MM + height_of(below)
    room = top - bottom - 2 * GAP_MM
    table = fitted_table(route, room - LEAST_MAP_MM)
    map_mm = min(room - table.height, MOST_MAP_MM)
    draw_route_map(
        page, Box(MARGIN_MM, top - map_mm, WIDTH_MM, map_mm), card.picture.estate, route, look
    )
    top -= map_mm + GAP_MM
    draw_table(page, Box(MARGIN_MM, top - table.height, WIDTH_MM, table.height), table, look.colour)
    draw_lines(page, MARGIN_MM, top - table.height - GAP_MM, below)
    return figure


def _title(page: Axes, top: float, plan: Plan, route: Route, look: TeamStyle) -> float:
    """Write the team beside a piece of its line, and the estate; return the height below."""
    team = wrapped(f"Team {route.team}", WIDTH_MM * 0.5, 22, "-Bold", most=1)[0]
    words(page, (MARGIN_MM, top - 7.5), team, 22, face="-Bold")
    left = MARGIN_MM + width_mm(team, 22, "-Bold") + 5
    dashes = (0, look.dashes) if look.dashes else "solid"
    page.plot([left, left + 24], [top - 4.7] * 2, color=look.colour, linewidth=3.0,
              linestyle=dashes)  # fmt: skip
    estate = wrapped(plan.estate.name, MARGIN_MM + WIDTH_MM - left - 30, 13, "-Bold", most=2)
    for row, line in enumerate(estate):
        words(page, (MARGIN_MM + WIDTH_MM, top - 5.5 - 5 * row), line, 13, colour=SITE_LINE,
              face="-Bold", across="right")  # fmt: skip
    return top - TITLE_MM + (2.5 if len(estate) == 1 else 0)


def _told(page: Axes, top: float, blocks: list[Lines]) -> float:
    """Box what is not met or changed, so that nobody overlooks it; return the height below."""
    if not blocks:
        return top
    height = height_of(blocks) + 1.5
    page.add_patch(
        Rectangle((MARGIN_MM, top - height), WIDTH_MM, height, facecolor="none", edgecolor=INK,
                  linewidth=1.2)
    )  # fmt: skip
    draw_lines(page, MARGIN_MM + 2, top - 1.4, blocks)
    return top - height - GAP_MM
