"""The plot of hit rates: what the busiest part of the area held, beside counting and the best."""

from dataclasses import dataclass

from planner.insight.backtest.backtest import Backtest
from planner.insight.backtest.rivals import BEST, COUNT, POLICY
from planner.insight.backtest.scores import PERCENTAGES, best_number
from planner.publish.drawing import dot, line, path, spread, svg, text
from planner.publish.style import INK, QUIET_INK, RISK_COLOURS, SITE_LINE, STREET_EDGE

WIDTH, HEIGHT = 460.0, 320.0
LEFT, TOP, WIDE, TALL = 52.0, 40.0, 252.0, 226.0
LABEL_GAP = 17.0


@dataclass(frozen=True)
class _Curve:
    """A line of the plot: rates by share of the area, and how it is drawn."""

    name: str
    rates: tuple[float, ...]
    colour: str
    width: float
    dashes: str


def hit_rate_svg(result: Backtest) -> str:
    """Draw the share of incidents in the busiest part of the area, against that part's share.

    The upright at each point of the forecast is the central 95 % of its difference from the
    whole-history count, redrawn in blocks of windows.
    """
    shares = [best_number(part, result.zones) / result.zones for part in PERCENTAGES]
    widest = max(shares)
    places = [LEFT + WIDE * share / widest for share in shares]
    issued = result.models[POLICY].hit_rate
    count = result.models[COUNT].hit_rate
    curves = (
        _Curve("best possible", result.models[BEST].hit_rate, QUIET_INK, 1.5, "2 4"),
        _Curve("as issued", issued, SITE_LINE, 3, ""),
        _Curve("whole-history count", count, RISK_COLOURS[3], 2.5, "9 5"),
        _Curve("chance", tuple(shares), QUIET_INK, 1, ""),
    )
    return svg(
        WIDTH,
        HEIGHT,
        [
            text((LEFT, 18), "Share of incidents in the busiest places", bold=True),
            *_axes(shares, places),
            *(_line(curve, places) for curve in curves),
            *_uprights(result, places),
            *(dot((x, _height(rate)), 4, "#ffffff", SITE_LINE)
              for x, rate in zip(places, issued, strict=True)),
            *_names(curves),
        ],
    )  # fmt: skip


def _height(rate: float) -> float:
    return TOP + TALL * (1 - min(max(rate, 0.0), 1.0))


def _axes(shares: list[float], places: list[float]) -> list[str]:
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(line((LEFT, _height(share)), (LEFT + WIDE, _height(share)), STREET_EDGE))
        label = f"{100 * share:.0f} %"
        parts.append(text((LEFT - 6, _height(share) + 5), label, "end", QUIET_INK))
    last = -1e9
    for share, place in sorted(set(zip(shares, places, strict=True))):
        parts.append(line((place, TOP + TALL), (place, TOP + TALL + 5), INK))
        # Of few zones the shares lie close; a label that has no room is left out.
        if place - last >= 50:
            label = f"{100 * share:.1f} %"
            parts.append(text((place, TOP + TALL + 20), label, "middle", QUIET_INK))
            last = place
    parts.append(line((LEFT, TOP + TALL), (LEFT + WIDE, TOP + TALL), INK))
    middle = LEFT + WIDE / 2
    parts.append(text((middle, TOP + TALL + 42), "share of the zones", "middle", QUIET_INK))
    return parts


def _line(curve: _Curve, places: list[float]) -> str:
    points = [(x, _height(rate)) for x, rate in zip(places, curve.rates, strict=True)]
    return path([(LEFT, _height(0.0)), *points], curve.colour, curve.width, curve.dashes)


def _uprights(result: Backtest, places: list[float]) -> list[str]:
    parts = []
    count = result.models[COUNT].hit_rate
    for x, rate, gain in zip(places, count, result.versus_count.hit_rate, strict=True):
        low, high = _height(rate + gain.low), _height(rate + gain.high)
        parts.append(line((x, low), (x, high), INK, 1.5))
        parts += [line((x - 5, y), (x + 5, y), INK, 1.5) for y in (low, high)]
    return parts


def _names(curves: tuple[_Curve, ...]) -> list[str]:
    wanted = [_height(curve.rates[-1]) for curve in curves]
    placed = spread(wanted, LABEL_GAP, TOP, TOP + TALL)
    parts = []
    for curve, end, height in zip(curves, wanted, placed, strict=True):
        begin = (LEFT + WIDE, end)
        parts.append(line(begin, (LEFT + WIDE + 12, height), QUIET_INK, 0.8))
        bold = curve.name == "as issued"
        parts.append(text((LEFT + WIDE + 16, height + 5), curve.name, bold=bold))
    return parts
