"""The reliability plot: whether counts lay in their forecasts as often as was said.

Above, the probability integral transform of the counts in ten bins: all alike where the forecasts
are calibrated; a hump says that they were too wide, a bowl that they were too narrow, a slope that
they were too high or low (Gneiting, Balabdaoui and Raftery, 2007, "Probabilistic forecasts,
calibration and sharpness"; for counts Czado, Gneiting and Held, 2009). Below, the share of counts
in the central 50, 80 and 95 %.
"""

import numpy as np
from scipy import stats

from planner.insight.backtest.calibration import BINS, CENTRAL, Calibration
from planner.publish.drawing import block, line, svg, text
from planner.publish.style import INK, QUIET_INK, RISK_COLOURS, STREET_EDGE

WIDTH, HEIGHT = 460.0, 360.0
LEFT, TOP, TALL = 52.0, 34.0, 150.0
BINS_WIDE = 390.0
CENTRAL_TOP = 274.0
BAND_SHARE = 0.95
TALLEST = 0.2


def sampling_band(counted: int, share: float) -> tuple[float, float]:
    """Return between which shares chance alone leaves a bin of a calibrated forecast.

    Parameters
    ----------
    counted
        How many counts were judged.
    share
        What the bin should hold.

    Returns
    -------
    low, high
        Central 95 % of independent draws. Counts of one window are not quite independent, so a bin
        a little outside tells nothing.
    """
    if counted <= 0:
        return 0.0, 1.0
    tail = (1 - BAND_SHARE) / 2
    low, high = stats.binom.ppf([tail, 1 - tail], counted, share) / counted
    return float(low), float(high)


def plot_height(calibration: Calibration) -> float:
    """Return the share at the top of the bins' axis."""
    return max(TALLEST, 1.1 * max(calibration.bins))


def reliability_words(calibration: Calibration) -> str:
    """Say in one sentence whether the forecasts were wide enough."""
    if not calibration.counted:
        return "No count was judged."
    outside = [
        _off(part, found, calibration.counted)
        for part, found in zip(CENTRAL, calibration.central, strict=True)
    ]
    if not any(outside):
        return "The intervals held as much as they said, as far as chance lets one tell."
    if all(sign >= 0 for sign in outside):
        return "The intervals held more than they said: they were too wide."
    if all(sign <= 0 for sign in outside):
        return "The intervals held less than they said: they were too narrow."
    return "Some intervals held more than they said, and others less."


def _off(part: int, found: float, counted: int) -> int:
    low, high = sampling_band(counted, part / 100)
    return int(np.sign((found > high) - float(found < low)))


def reliability_svg(calibration: Calibration) -> str:
    """Draw the plot."""
    return svg(WIDTH, HEIGHT, [*_bins(calibration), *_central(calibration)])


def _bins(calibration: Calibration) -> list[str]:
    most = plot_height(calibration)
    bottom, wide = TOP + TALL, BINS_WIDE / BINS
    low, high = (
        bottom - TALL * min(bound / most, 1.0)
        for bound in sampling_band(calibration.counted, 1 / BINS)
    )
    flat = bottom - TALL / BINS / most
    bars = [
        block(LEFT + place * wide + 3, bottom - TALL * share / most, wide - 6,
              TALL * share / most, RISK_COLOURS[2], INK)
        for place, share in enumerate(calibration.bins)
    ]  # fmt: skip
    right = LEFT + BINS_WIDE
    grid = [
        part
        for share in np.arange(0, most + 1e-9, 0.05 if most < 0.35 else 0.1)
        for part in (
            line((LEFT, bottom - TALL * share / most), (right, bottom - TALL * share / most),
                 STREET_EDGE),
            text((LEFT - 6, bottom - TALL * share / most + 5), f"{100 * share:.0f} %", "end",
                 QUIET_INK),
        )
    ]  # fmt: skip
    return [
        text((LEFT, 18), "Where counts lay in their forecasts", bold=True),
        *grid,
        block(LEFT, high, BINS_WIDE, low - high, STREET_EDGE),
        *bars,
        line((LEFT, flat), (right, flat), INK, 2, "6 4"),
        line((LEFT, bottom), (right, bottom), INK),
        text((LEFT, bottom + 18), "low end", "start", QUIET_INK),
        text((LEFT + BINS_WIDE / 2, bottom + 18), "middle", "middle", QUIET_INK),
        text((right, bottom + 18), "high end", "end", QUIET_INK),
        text((LEFT, bottom + 40), "dashed: as it should be; grey: chance", "start", QUIET_INK),
    ]


def _central(calibration: Calibration) -> list[str]:
    wide, step = BINS_WIDE - 110.0, 30.0
    parts = [text((LEFT, CENTRAL_TOP - 14), "How much the intervals held", bold=True)]
    for place, (part, found) in enumerate(zip(CENTRAL, calibration.central, strict=True)):
        top, left = CENTRAL_TOP + place * step, LEFT + 44
        nominal = left + wide * part / 100
        low, high = (left + wide * end for end in sampling_band(calibration.counted, part / 100))
        parts += [
            text((left - 8, top + 15), f"{part} %", "end"),
            block(left, top, wide, 20, "#ffffff", STREET_EDGE),
            block(low, top, high - low, 20, STREET_EDGE),
            block(left, top + 4, wide * found, 12, RISK_COLOURS[2], INK),
            line((nominal, top - 3), (nominal, top + 23), INK, 2, "6 4"),
            text((left + wide + 10, top + 15), f"{100 * found:.0f} %", bold=True),
        ]
    return parts
