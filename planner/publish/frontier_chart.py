"""The chart of cover against budget, as SVG: what the best choice covers, and what none exceeds."""

from collections.abc import Sequence

from planner.allocate.comparison.results import BudgetPoint
from planner.publish import style
from planner.publish.style import in_map, per_cent

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 14, 44
STEPS = 5
NICE = (0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.15, 0.2)


def frontier_chart(points: Sequence[BudgetPoint], currency: str) -> str:
    """Draw a frontier.

    Parameters
    ----------
    points
        In rising order of their budgets.
    currency
        Of the budgets.
    """
    if not points:
        return ""
    most = max(point.budget for point in points)
    step = next((nice for nice in NICE if nice * STEPS >= points[-1].bound), NICE[-1])
    top = step * STEPS

    def place(budget: float, share: float) -> tuple[float, float]:
        across = LEFT + (WIDTH - LEFT - RIGHT) * budget / most
        up = TOP + (HEIGHT - TOP - BOTTOM) * (1 - share / top)
        return across, up

    grid = "".join(_level(place(0, step * count)[1], step * count) for count in range(STEPS + 1))
    covered = [place(point.budget, point.covered) for point in points]
    bound = [place(point.budget, point.bound) for point in points]
    marks = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{style.CAMERA}"><title>'
        f"{in_map(currency)}{point.budget:,.0f}: {point.cameras} cameras cover "
        f"{per_cent(point.covered)}; no choice exceeds {per_cent(point.bound)}</title></circle>"
        f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">'
        f"{in_map(currency)}{point.budget / 1000:,.0f}k</text>"
        for (x, y), point in zip(covered, points, strict=True)
    )
    return (
        f'<svg class="frontier" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-label="Covered share of the risk of a mean day by budget">'
        f"{grid}{_line(bound, style.QUIET_INK, '3 3')}{_line(covered, style.CAMERA, '')}{marks}"
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 6}" text-anchor="middle">Budget, once</text></svg>'
    )


def _level(up: float, share: float) -> str:
    return (
        f'<path d="M{LEFT} {up:.1f}H{WIDTH - RIGHT}" stroke="{style.BUILDING_LINE}"/>'
        f'<text x="{LEFT - 6}" y="{up + 4:.1f}" text-anchor="end">{100 * share:g} %</text>'
    )


def _line(points: Sequence[tuple[float, float]], colour: str, dashes: str) -> str:
    way = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return (
        f'<path d="M{way}" fill="none" stroke="{colour}" stroke-width="2" '
        f'stroke-dasharray="{dashes}"/>'
    )
