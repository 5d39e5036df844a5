"""Months and weeks of term as bars with intervals, as HTML for the app."""

import numpy as np

from planner.insight.timing.seasons import SeasonRates
from planner.publish.style import in_map
from planner.publish.timing_words import figure, interval_words

WIDEST = 0.98


def bars_html(rates: SeasonRates, what: str) -> str:
    """Draw a bar for each class, its 80 % interval as a line, and the usual day as an upright.

    Parameters
    ----------
    rates
        Of months or weeks of term.
    what
        What the bars are of, for who can't see them.
    """
    low, high = rates.rates.interval(0.8)
    most = float(max(high.max(), rates.usual)) / WIDEST
    rows = "".join(_row(rates, row, float(low[row]), float(high[row]), most)
                   for row in range(len(rates.names)))  # fmt: skip
    return (
        f'<div class="season" role="table" aria-label="{in_map(what)}">{rows}</div>'
        '<p class="quiet">Incidents a covered day; line: 80 % interval of the rate; upright: the '
        f"usual day, {figure(rates.usual)}.</p>"
    )


def _row(rates: SeasonRates, row: int, low: float, high: float, most: float) -> str:
    mean = float(rates.rates.mean[row])
    share, first, last, usual = (100 * np.array([mean, low, high, rates.usual]) / most).tolist()
    covered = rates.days[row] > 0
    value = (
        f"<b>{figure(mean)}</b> <small>{interval_words(low, high)}</small>"
        if covered
        else "<small>not covered</small>"
    )
    bar = (
        f'<i class="bar" style="width:{share:.2f}%"></i>'
        f'<i class="line" style="left:{first:.2f}%;width:{max(last - first, 0.3):.2f}%"></i>'
        if covered
        else ""
    )
    return (
        f'<div role="row"><span role="rowheader">{in_map(rates.names[row])}</span>'
        f'<span class="track" aria-hidden="true">{bar}'
        f'<i class="usual" style="left:{usual:.2f}%"></i></span>'
        f'<span role="cell">{value}</span></div>'
    )
