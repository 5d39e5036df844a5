"""The reliability plot on paper, in millimetres: bins of the transform, and what intervals held."""

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from planner.insight.backtest.calibration import BINS, CENTRAL, Calibration
from planner.publish.printmap_layout import Box, paragraph, words, wrapped
from planner.publish.reliability import plot_height, reliability_words, sampling_band
from planner.publish.style import INK, QUIET_INK, RISK_COLOURS, STREET_EDGE

PLOT_MM = 48.0
SMALL = 7.0
AXIS_MM, BINS_MM, GAP_MM = 9.0, 52.0, 17.0
ROW_MM = 6.5


def draw_reliability(page: Axes, box: Box, calibration: Calibration, of: str = "") -> None:
    """Draw the plot in a box.

    Parameters
    ----------
    page
        Axes in millimetres.
    box
        Where it lies.
    calibration
        Of the busiest zones' counts.
    of
        Which records it is of, where there are several.
    """
    about = f" ({of})" if of else ""
    text = f"{reliability_words(calibration)} Dashed: as it should be; grey: chance{about}."
    lines = wrapped(text, box.width, SMALL, most=2)
    top = paragraph(page, (box.left, box.top), lines, SMALL, colour=QUIET_INK) - 4
    _bins(page, Box(box.left + AXIS_MM, box.bottom + 4, BINS_MM, top - box.bottom - 4), calibration)
    left = box.left + AXIS_MM + BINS_MM + GAP_MM
    _central(page, Box(left, box.bottom, box.right - left - 9, top - box.bottom), calibration)


def _bins(page: Axes, box: Box, calibration: Calibration) -> None:
    most = plot_height(calibration)
    words(page, (box.left, box.top + 1.2), "Where counts lay in their forecasts", SMALL,
          face="-Bold")  # fmt: skip
    low, high = sampling_band(calibration.counted, 1 / BINS)
    high = min(high, most)
    band = (box.left, box.bottom + box.height * low / most)
    _block(page, band, box.width, box.height * (high - low) / most, STREET_EDGE, 3)
    wide = box.width / BINS
    for place, share in enumerate(calibration.bins):
        corner = (box.left + place * wide + 0.5, box.bottom)
        _block(page, corner, wide - 1, box.height * share / most, RISK_COLOURS[2], 4, INK)
    flat = box.bottom + box.height / BINS / most
    _dashed(page, (box.left, flat), (box.right, flat))
    page.plot([box.left, box.right], [box.bottom] * 2, color=INK, linewidth=0.6, zorder=6)
    for share in (0.0, 0.1, 0.2):
        tick = (box.left - 1.5, box.bottom + box.height * share / most - 0.8)
        words(page, tick, f"{100 * share:.0f} %", SMALL, colour=QUIET_INK, across="right")
    words(page, (box.left, box.bottom - 3.2), "low end", SMALL, colour=QUIET_INK)
    words(page, (box.right, box.bottom - 3.2), "high end", SMALL, colour=QUIET_INK, across="right")


def _central(page: Axes, box: Box, calibration: Calibration) -> None:
    words(page, (box.left - 9, box.top + 1.2), "What the intervals held", SMALL, face="-Bold")
    for place, (part, found) in enumerate(zip(CENTRAL, calibration.central, strict=True)):
        bottom = box.top - 2 - (place + 1) * ROW_MM
        low, high = sampling_band(calibration.counted, part / 100)
        words(page, (box.left - 1.5, bottom + 1.2), f"{part} %", SMALL, across="right")
        _block(page, (box.left, bottom), box.width, 4, "#ffffff", 3, STREET_EDGE)
        band = (box.left + box.width * low, bottom)
        _block(page, band, box.width * (high - low), 4, STREET_EDGE, 4)
        _block(page, (box.left, bottom + 0.9), box.width * found, 2.2, RISK_COLOURS[2], 5, INK)
        nominal = box.left + box.width * part / 100
        _dashed(page, (nominal, bottom - 0.5), (nominal, bottom + 4.5))
        words(page, (box.right + 1.5, bottom + 1.2), f"{100 * found:.0f} %", SMALL, face="-Bold")


def _block(
    page: Axes,
    corner: tuple[float, float],
    width: float,
    height: float,
    fill: str,
    order: float,
    edge: str = "none",
) -> None:
    page.add_patch(
        Rectangle(corner, width, height, facecolor=fill, edgecolor=edge, linewidth=0.5,
                  zorder=order)
    )  # fmt: skip


def _dashed(page: Axes, begin: tuple[float, float], end: tuple[float, float]) -> None:
    page.plot(*zip(begin, end, strict=True), color=INK, linewidth=0.9, linestyle=(0, (3, 2)),
              zorder=7)  # fmt: skip
