"""What the program says of a backtest."""

from typing import Any

from planner.insight.backtest.backtest import Backtest, Versus
from planner.insight.backtest.calibration import CENTRAL, Calibration
from planner.insight.backtest.comparison import Difference
from planner.insight.backtest.rivals import MODEL, POLICY
from planner.insight.backtest.scores import PERCENTAGES
from planner.insight.risk.evidence import NOT_SHOWN
from planner.publish.style import per_cent
from planner.service.backtesting import Backtested

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


def backtest_document(done: Backtested) -> dict[str, Any]:
    """Describe a backtest as data; numbers are finite, shares from 0 to 1."""
    wish, result = done.wish, done.result
    return {
        "windows": result.windows,
        "cells": done.cells,
        "zones": result.zones,
        "incidents": round(result.incidents),
        "cell_m": wish.cell_m,
        "every": wish.every,
        "from": wish.first.isoformat(),
        "to": wish.last.isoformat(),
        "category": wish.category,
        "by": "shift" if wish.by_shift else None,
        "crs": done.crs,
        "models": {
            name: {
                "hit_rate": _by_percentage(scores.hit_rate),
                "pai": _by_percentage(scores.pai),
                "pei": _by_percentage(scores.pei),
                "log_score": scores.log_score,
            }
            for name, scores in result.models.items()
        },
        "chosen": result.chosen,
        "floor": result.floor,
        "difference": _versus(result.versus_count),
        "versus_decayed_365": _versus(result.versus_decayed),
        "calibration": _central(result.calibration),
        "tails": _tails(result.calibration),
        "total_calibration": _central(result.total_calibration),
        "total_tails": _tails(result.total_calibration),
        "fell_back": result.chosen == result.floor,
        "windows_fallen_back": result.fell_back,
        "evidence": {
            "windows": result.evidence.windows,
            "confidence": result.evidence.confidence,
            "standing": result.evidence.words,
        },
        "words": result_words(result),
        "notes": list(done.notes),
    }


def _by_percentage(values: tuple[float, ...]) -> dict[str, float]:
    return {str(key): value for key, value in zip(PERCENTAGES, values, strict=True)}


def _difference(found: Difference) -> dict[str, float]:
    return {"mean": found.mean, "low": found.low, "high": found.high}


def _versus(versus: Versus) -> dict[str, dict[str, float]]:
    rates = {
        str(key): _difference(found)
        for key, found in zip(PERCENTAGES, versus.hit_rate, strict=True)
    }
    return rates | {"log_score": _difference(versus.log_score)}


def _central(found: Calibration) -> dict[str, float]:
    return {str(part): share for part, share in zip(CENTRAL, found.central, strict=True)}


def _tails(found: Calibration) -> dict[str, float]:
    return {"low": found.low_tail, "high": found.high_tail}


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
        f"{100 * found.mean:+.1f} points (95 %: {100 * found.low:+.1f} to {100 * found.high:+.1f})"
    ).replace("-", "\N{MINUS SIGN}")


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
