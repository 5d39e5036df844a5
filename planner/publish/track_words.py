"""How good the forecast has been, in sentences and as a table, for screen and print."""

from planner.insight.backtest.backtest import Backtest
from planner.insight.backtest.calibration import CENTRAL
from planner.insight.backtest.comparison import Difference
from planner.insight.backtest.rivals import MODEL, POLICY
from planner.insight.backtest.scores import PERCENTAGES, best_number
from planner.insight.backtest.sources import SourceRecord
from planner.insight.risk.evidence import FEWEST_WINDOWS, NOT_SHOWN
from planner.publish.style import per_cent

TITLES = {
    "count": "count, whole history",
    "count_365": "count, last year",
    "decayed_365": "count, fading",
    "kernel_density": "kernel density",
    "mixture": "mixture",
    "cascade": "cascade",
    "model": "model",
    "policy": "as issued",
    "best_possible": "best possible",
    "count_by_profile": "count by hours",
}


def backtest_rows(result: Backtest) -> list[tuple[str, ...]]:
    """Return a table's rows: forecast, hit rates, PAI and PEI* at 1 %, and log score."""
    return [
        (
            TITLES[name],
            *(f"{100 * rate:.1f} %" for rate in scores.hit_rate),
            f"{scores.pai[0]:.1f}",
            f"{scores.pei[0]:.2f}",
            f"{scores.log_score:.3f}",
        )
        for name, scores in result.models.items()
    ]


def result_words(result: Backtest) -> list[str]:
    """Say in sentences how good the forecast has been."""
    rates = dict(zip(PERCENTAGES, result.models[POLICY].hit_rate, strict=True))
    gains = dict(zip(PERCENTAGES, result.versus_count.hit_rate, strict=True))
    words = [
        f"The busiest 1 % of places, as forecast, held {100 * rates[1]:.0f} % of the incidents of "
        f"the windows after; the busiest 5 % held {100 * rates[5]:.0f} %.",
        "Beside counting the whole history: "
        + "; ".join(f"{_points(gains[part])} at {part} %" for part in PERCENTAGES)
        + ".",
        standing_words(result),
    ]
    central = dict(zip(CENTRAL, result.calibration.central, strict=True))
    return [
        *words,
        f"Of the counts of the busiest tenth of places, {100 * central[80]:.0f} % lay where the "
        "central 80 % was forecast.",
    ]


def _points(found: Difference) -> str:
    return (
        f"{_signed(found.mean)} points (95 %: {_signed(found.low)} to {_signed(found.high)})"
    ).replace("-", "\N{MINUS SIGN}")


def _signed(share: float) -> str:
    # Adding 0 turns the minus of a rounded zero into a plus.
    return f"{round(100 * share, 1) + 0.0:+.1f}"


def standing_words(result: Backtest) -> str:
    """Say whether the model is established, likely, or not shown to be better than counting."""
    evidence = result.evidence
    if result.chosen != MODEL:
        return (
            f"The model is {NOT_SHOWN} here ({evidence.windows} windows), so the forecast is the "
            "count's."
        )
    return (
        f"That the model is better than counting is {evidence.words} ({evidence.windows} windows, "
        f"confidence {per_cent(min(evidence.confidence, 0.999))}), so the forecast is the model's."
    )


def record_words(record: SourceRecord) -> list[str]:
    """Say in sentences how good the forecast of a source's incidents has been."""
    source = f"Records of the {record.source}"
    if record.result is None:
        return [f"{source}: not judged, as {record.reason}; the forecast is the count's."]
    first, last = (f"{day.day} {day:%b %Y}" for day in (record.first, record.last) if day)
    begin = (
        f"{source}, {first} to {last}: {record.result.windows:,} {record.kind}s, each forecast "
        "from what was known when it began."
    )
    few = (
        f"Under {FEWEST_WINDOWS} {record.kind}s were judged, so differences are mostly noise."
        if record.few
        else ""
    )
    return [text for text in (begin, few, best_words(record.result)) if text] + result_words(
        record.result
    )


def best_words(result: Backtest) -> str:
    """Say how many zones the best shares of the area are: ``1, 2, 4 and 8 of the 76 zones``."""
    numbers = [f"{best_number(part, result.zones):,}" for part in PERCENTAGES]
    shares = ", ".join(str(part) for part in PERCENTAGES[:-1])
    return (
        f"The busiest {shares} and {PERCENTAGES[-1]} % are here {', '.join(numbers[:-1])} and "
        f"{numbers[-1]} of the {result.zones:,} zones."
    )
