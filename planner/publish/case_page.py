"""The case for a camera as a page: two sides of A4 for those who must be convinced of it."""

from collections.abc import Sequence

from planner.allocate.comparison.case_parts import (
    COVERED_MEANS,
    Alternative,
    CameraCase,
    LandPart,
    RecordsInView,
)
from planner.allocate.comparison.code_of_practice import SOURCE
from planner.camera_settings import ILLUSTRATIVE as INVENTED_PRICES
from planner.picture import Picture
from planner.publish import style
from planner.publish.case_plan import view_plan_svg
from planner.publish.paper_page import (
    UNDER,
    day_words,
    figure_words,
    figures_html,
    share_words,
    table_html,
    unbroken,
    whole_page,
)
from planner.publish.style import in_map, per_cent

MOST_ROWS = 9
MOST_PLACES = 8
FULL_CIRCLE = 360.0
# A gap below this is rounding.
CLOSE = 1e-9


def case_html(case: CameraCase, picture: Picture, marking: str = "") -> str:
    """Write the case for a camera as one page that loads nothing from elsewhere.

    Parameters
    ----------
    case
        The case.
    picture
        What it was made from; the ground is drawn from its estate.
    marking
        The protective marking on every side; the settings' usual one if not given.
    """
    parts = [
        _head(case),
        f'<div class="two wide"><div>{_plan(case, picture)}</div><div>{_camera(case)}</div></div>',
        _records(case),
        _land(case),
        _alternatives(case),
        _papers(case),
        _principles(case),
        _proof(case, picture),
    ]
    return whole_page(f"Case for a camera: {case.name}", picture, parts, marking)


def _money(case: CameraCase, amount: float) -> str:
    return f"{case.currency}{amount:,.0f}"


def _costs(case: CameraCase) -> tuple[str, str]:
    """Return the first cost, and what goes with it; of what stands, the cost of a year."""
    yearly = f"{_money(case, case.yearly)} a year"
    if case.purchase > 0:
        return f"{_money(case, case.purchase)} once", f"and {yearly}. {_prices(case)}"
    return yearly, f"nothing to buy. {_prices(case)}"


def _prices(case: CameraCase) -> str:
    if case.prices == INVENTED_PRICES:
        return "Prices are illustrative, not quotes."
    return f"Prices: {case.prices}."


def _head(case: CameraCase) -> str:
    number = f" ({case.code} of the plan)" if case.code else ""
    term = f", {case.term}" if case.term else ""
    total = UNDER if case.records.total is None else f"{case.records.total:,}"
    about = "about " if case.records.rounded else ""
    figures = figures_html(
        [
            ("Adds", f"{figure_words(case.adds_incidents)} a year",
             f"expected incidents in view that no other camera has; {share_words(case.adds)} of "
             "the estate's risk"),
            ("Expected in view", f"{figure_words(case.expected_by_day + case.expected_after_dark)} "
             "a year", f"{figure_words(case.expected_by_day)} by day, "
             f"{figure_words(case.expected_after_dark)} after dark"),
            ("Recorded in view", f"{about}{total}", f"{day_words(case.records.first_day)} to "
             f"{day_words(case.records.last_day)}"),
            ("Costs", *_costs(case)),
        ]
    )  # fmt: skip
    return (
        f"<h1>Case for a camera: {in_map(case.name)}</h1>"
        f"<p>{in_map(case.role[:1].upper() + case.role[1:])}{in_map(number)}{in_map(term)}. "
        f"Purpose: {in_map(case.purpose)}.</p>{figures}"
        f"<p><b>{COVERED_MEANS}</b> What it adds is beside {in_map(case.beside)}.</p>"
    )


def _plan(case: CameraCase, picture: Picture) -> str:
    return (
        f"{view_plan_svg(case, picture.estate)}<small>Violet: ground in view up to "
        f"{case.range_m:.0f} m, cut off by walls; dashed, how far '{in_map(case.grade)}' reaches "
        "by day. Hatched: private windows and homes. Dark outlines: sites.</small>"
    )


def _looks(case: CameraCase) -> str:
    if case.turns:
        return f"all round in turn, {case.field_of_view:.0f}° at a time"
    if case.field_of_view >= FULL_CIRCLE:
        return "all round"
    return f"{round(case.bearing) % 360:03d}° from true north, {case.field_of_view:.0f}° wide"


def _camera(case: CameraCase) -> str:
    facts = [
        ("Kind", case.kind), ("On", case.mount or "not stated"), ("Looks", _looks(case)),
        ("Height", f"{case.height_m:.1f} m"), ("Range", f"{case.range_m:.0f} m"),
        ("Place", f"{case.latitude:.6f}, {case.longitude:.6f}"),
    ]  # fmt: skip
    return f"{_facts(facts)}<h2>Detail of a person, by distance</h2>{_reaches(case)}"


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    listed = "".join(f"<dt>{in_map(name)}</dt><dd>{in_map(said)}</dd>" for name, said in facts)
    return f'<dl class="facts">{listed}</dl>'


def _reaches(case: CameraCase) -> str:
    if not case.reaches:
        return "<p>Its sensor is not stated, so only its range is known.</p>"
    rows = [
        [
            f"<b>{in_map(each.grade)}</b>" if each.grade == case.grade else in_map(each.grade),
            f"{each.pixels_per_metre:g}", _metres(each.day_m), _metres(each.dark_m),
        ]
        for each in case.reaches
    ]  # fmt: skip
    table = table_html(["Grade", "Pixels a metre", "By day", "Dark, unlit"], rows, (1, 2, 3))
    return (
        f"{table}<small>Bold: the grade from which on something counts as in view. "
        f"{in_map(case.standard)}.</small>"
    )


def _metres(metres: float) -> str:
    return f"{metres:.0f} m" if metres >= 0.5 else "nowhere"


def _records(case: CameraCase) -> str:
    records = case.records
    if records.total is None:
        return (
            "<h2>Recorded in its view</h2><p>Fewer than 5 incidents are recorded in view: too few "
            "to show by category or hour.</p>"
        )
    shown = records.categories[:MOST_ROWS]
    rows = [
        [in_map(each.name), UNDER if each.count is None else f"{each.count:,}"] for each in shown
    ]
    left = len(records.categories) - len(shown)
    more = f"<small>Categories not listed: {left}</small>" if left else ""
    return (
        '<h2>Recorded in its view</h2><div class="two"><div>'
        f"{table_html(['Category', 'Incidents'], rows, (1,))}{more}</div>"
        f"<div>{_hours_svg(records)}<small>{in_map(_records_note(records))}</small></div></div>"
    )


def _records_note(records: RecordsInView) -> str:
    parts = [
        f"Share of the incidents with a usable time (about {records.timed:,}) by hour of the day."
        if records.hours
        else "Too few state a usable time to show hours.",
        "Recorded places in view by day; what happened inside a building counts by the share of "
        "its doors or walls in view.",
    ]
    if records.by_zone_share:
        parts.append(
            f"About {records.by_zone_share:,} are police records without an exact place, counted "
            "by the share of their zone in view."
        )
    if records.rounded:
        parts.append("Numbers under 5 are held back, and the total is rounded to 5.")
    parts.append("Sensitive categories are never shown.")
    return " ".join(parts)


def _hours_svg(records: RecordsInView) -> str:
    """Draw the hours of the day as bars."""
    if not records.hours:
        return ""
    wide, tall, left = 14.0, 80.0, 30.0
    most = max(*records.hours, 0.01)
    bars = "".join(
        f'<rect x="{left + hour * wide:g}" y="{10 + tall * (1 - share / most):.1f}" '
        f'width="{wide - 2:g}" height="{tall * share / most:.1f}" fill="{style.RISK_COLOURS[3]}"/>'
        for hour, share in enumerate(records.hours)
    )
    ticks = "".join(
        f'<text x="{left + hour * wide + 6:g}" y="{tall + 23:g}" text-anchor="middle">{hour:02d}'
        "</text>"
        for hour in range(0, 24, 3)
    )
    return (
        f'<svg class="hours" viewBox="0 0 {left + 24 * wide:g} {tall + 28:g}" role="img" '
        f'font-size="10" font-family="sans-serif" fill="{style.INK}"><title>Incidents by hour of '
        f'the day</title><text x="{left - 4:g}" y="18" text-anchor="end">{most * 100:.0f} %</text>'
        f'<text x="{left - 4:g}" y="{tall + 10:g}" text-anchor="end">0</text>{bars}'
        f'<path d="M{left:g} {tall + 10.5:g}h{24 * wide:g}" stroke="{style.QUIET_INK}"/>{ticks}'
        "</svg>"
    )


def _alternatives(case: CameraCase) -> str:
    rows = [
        [f"<b>{in_map(each.name)}</b>", _expected(each), _cost(case, each), unbroken(each.words)]
        for each in case.alternatives
    ]
    heads = ["What else", "Incidents a year", "Cost", "What the figure counts"]
    table = table_html(heads, rows, (1,), (14, 10, 15, 61))
    return (
        f"<h2>What else could be done</h2>{table}<small>The figures count "
        "different things and can't be added up; none says what would be prevented.</small>"
    )


def _expected(each: Alternative) -> str:
    if each.expected is None:
        return "too few to say"
    return figure_words(each.expected)


def _cost(case: CameraCase, each: Alternative) -> str:
    if each.purchase is None or each.yearly is None:
        return "not priced"
    return in_map(f"{_money(case, each.purchase)} + {_money(case, each.yearly)} a year")


def _land(case: CameraCase) -> str:
    whole = max(case.square_metres, 1e-9)
    rows = [
        [in_map(part.whose), f"{part.square_metres:,.0f} m²",
         f"{100 * part.square_metres / whole:.0f}&nbsp;%"]
        for part in _most_land(case)
    ]  # fmt: skip
    rows.append(["<b>All ground in view</b>", f"<b>{case.square_metres:,.0f} m²</b>", ""])
    land = table_html(["Whose ground", "In view", "Share"], rows, (1, 2))
    return (
        f'<h2>Land and homes in view</h2><div class="two"><div>{land}</div>'
        f"<div>{_private(case)}</div></div>"
    )


def _most_land(case: CameraCase) -> list[LandPart]:
    """Return the parts of the land, the smallest of others' put together where there are many."""
    others = [part for part in case.land if part.kind == "others"]
    if len(others) <= MOST_PLACES:
        return list(case.land)
    small = sum(part.square_metres for part in others[MOST_PLACES - 1 :])
    whose = f"{len(others) - MOST_PLACES + 1} others"
    rest = [part for part in case.land if part.kind == "public"]
    own = [part for part in case.land if part.kind == "own"]
    together = LandPart(whose=whose, kind="others", square_metres=small)
    return [*own, *others[: MOST_PLACES - 1], together, *rest]


def _private(case: CameraCase) -> str:
    if not case.private:
        return "<p>No private window or home that the estate's layers know is in view.</p>"
    rows = [
        [in_map(view.name), f"{100 * view.share:.0f}&nbsp;%", in_map(view.treatment)]
        for view in case.private[:MOST_PLACES]
    ]
    left = len(case.private) - len(rows)
    more = f"<small>and {left} more, less in view than these</small>" if left else ""
    return table_html(["Private place", "Could be seen", "Masked"], rows, (1,)) + more


def _papers(case: CameraCase) -> str:
    consents = "; ".join(case.consents) or "none known from the estate's layers"
    if any(part.kind == "others" for part in case.land):
        consents += "; those whose ground is in view are to be consulted"
    facts = [
        ("Consents needed", consents),
        ("Recordings kept", f"{case.retention_days} days"),
        ("Signs", case.signage),
        ("To be reviewed by", day_words(case.review_on)),
        ("Impact assessment", case.impact_assessment),
    ]
    return f"<h2>Consents and papers</h2>{_facts(facts)}"


def _principles(case: CameraCase) -> str:
    rows = [
        [str(each.number), in_map(each.words), unbroken(each.answer)] for each in case.principles
    ]
    table = table_html(["", "Principle", "Answer"], rows, (), (4, 36, 60))
    return (
        "<h2>The twelve guiding principles, and how this page answers them</h2>"
        f"{table}<small>{in_map(SOURCE)}.</small>"
    )


def _proof(case: CameraCase, picture: Picture) -> str:
    gap = "no choice covers more" if case.gap < CLOSE else (
        f"no choice covers more than {per_cent(case.gap)} more"
    )  # fmt: skip
    known = style.day_and_clock(picture.as_of.isoformat())
    head = picture.register_head[: style.HEAD_SHOWN]
    register = f", register entry {in_map(head)}" if head else ""
    return (
        f"<h2>Proof</h2><p>Of the whole choice of cameras, in its own terms: {unbroken(gap)} "
        f"({in_map(case.stopped_by)}). {in_map(_prices(case))}</p><footer>From records to {known} "
        f"(picture {in_map(picture.fingerprint[:16])}{register}). Expected numbers are forecasts "
        "from records. About places, never about persons.</footer>"
    )
