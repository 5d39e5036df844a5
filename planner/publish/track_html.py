"""How good the forecast has been, as HTML: a table of the rivals and two plots."""

from planner.insight.backtest.backtest import Backtest
from planner.insight.backtest.rivals import BEST, COUNT, MODEL, POLICY
from planner.insight.backtest.scores import PERCENTAGES, best_number
from planner.publish.drawing import picture_html
from planner.publish.hit_rates import hit_rate_svg
from planner.publish.reliability import reliability_svg, reliability_words
from planner.publish.style import in_map
from planner.publish.track_words import TITLES

FIRST = (POLICY, COUNT, BEST)


def rivals_html(result: Backtest) -> str:
    """List the forecasts: hit rates in the best 1, 2, 5 and 10 % of the area, and log score."""
    heads = "".join(
        f'<th scope="col">{part} %<small>{_zones(best_number(part, result.zones))}</small></th>'
        for part in PERCENTAGES
    )
    names = [*FIRST, *(name for name in result.models if name not in FIRST)]
    rows = "".join(_row(result, name) for name in names if name in result.models)
    return (
        '<table class="rivals"><caption>Share of incidents in the busiest places, as each '
        "forecast had them; the log score is better the nearer it is to 0</caption>"
        f'<thead><tr><th scope="col">Forecast</th>{heads}<th scope="col">log score</th></tr>'
        f"</thead><tbody>{rows}</tbody></table>"
    )


def _zones(count: int) -> str:
    return f"{count:,} zone{'' if count == 1 else 's'}"


def _row(result: Backtest, name: str) -> str:
    scores = result.models[name]
    rates = "".join(f"<td>{100 * rate:.1f}&nbsp;%</td>" for rate in scores.hit_rate)
    title = in_map(TITLES.get(name, name))
    if name == POLICY:
        by = "the model's" if result.chosen == MODEL else "the count's"
        title = f"<b>{title}</b> <small>(now {by})</small>"
    log_score = f"{scores.log_score:.3f}".replace("-", "\N{MINUS SIGN}")
    return f'<tr><th scope="row">{title}</th>{rates}<td>{log_score}</td></tr>'


def hit_rates_html(result: Backtest) -> str:
    """Show the plot of hit rates with what it must be read with."""
    words = "; ".join(
        f"{TITLES[name]} {100 * result.models[name].hit_rate[2]:.0f} %" for name in FIRST
    )
    picture = picture_html(
        hit_rate_svg(result), f"Share of incidents in the busiest 5 % of the zones: {words}."
    )
    return (
        f'<figure class="plot">{picture}<figcaption>The upright at each point holds the central '
        "95 % of the difference from the whole-history count: where it crosses the dashed line, "
        "the forecast is not shown to hit more there.</figcaption></figure>"
    )


def reliability_html(result: Backtest) -> str:
    """Show the reliability plot with what it must be read with."""
    found = result.calibration
    words = reliability_words(found)
    picture = picture_html(reliability_svg(found), f"Reliability of the intervals. {words}")
    return (
        f'<figure class="plot">{picture}<figcaption>{in_map(words)} {found.counted:,} counts of '
        "the busiest tenth of the zones, each window; quieter zones, nearly always at none, would "
        "pass whatever was forecast. For the estate's weekly or monthly total the central 80 % "
        f"held {100 * result.total_calibration.central[1]:.0f} %.</figcaption></figure>"
    )
