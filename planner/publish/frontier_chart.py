"""The chart of cover against budget: what the best choice covers, and what none exceeds."""

from collections.abc import Sequence

from planner.allocate.comparison.results import BudgetPoint
from planner.publish import style
from planner.publish.drawing import dot, line, path, picture_html, svg, text

WIDTH, HEIGHT = 680, 320
LEFT, RIGHT, TOP, BOTTOM = 58, 20, 16, 54
STEPS = 5
NICE = (0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.15, 0.2)
THOUSAND = 1_000


def frontier_chart(points: Sequence[BudgetPoint], currency: str) -> str:
    """Draw a frontier as a picture for a page.

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

    def place(budget: float, share: float) -> tuple[float, float]:
        """Return where a budget and a share stand on the chart."""
        across = LEFT + (WIDTH - LEFT - RIGHT) * budget / most
        up = TOP + (HEIGHT - TOP - BOTTOM) * (1 - share / (step * STEPS))
        return across, up

    parts: list[str] = []
    for count in range(STEPS + 1):
        level = place(0, step * count)
        parts.append(line(level, (WIDTH - RIGHT, level[1]), style.BUILDING_LINE))
        parts.append(text((LEFT - 8, level[1] + 5), f"{100 * step * count:g} %", "end"))
    covered = [place(point.budget, point.covered) for point in points]
    parts.append(path([place(p.budget, p.bound) for p in points], style.QUIET_INK, 1.5, "4 4"))
    parts.append(path(covered, style.CAMERA, 2.5))
    parts += [dot(at, 4.5, style.CAMERA, style.CAMERA) for at in covered]
    parts += [
        text((at[0], HEIGHT - BOTTOM + 22), f"{currency}{point.budget / THOUSAND:,.0f}k", "middle")
        for at, point in zip(covered, points, strict=True)
    ]
    parts.append(text((WIDTH / 2, HEIGHT - 8), "Budget, once", "middle"))
    words = "Covered share of the risk of a mean day by budget: " + "; ".join(
        f"{currency}{point.budget:,.0f}, {style.per_cent(point.covered)}" for point in points
    )
    return picture_html(svg(WIDTH, HEIGHT, parts), words, "frontier")
