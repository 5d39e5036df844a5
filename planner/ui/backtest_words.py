"""What the program says of a backtest, as data."""

from typing import Any

from planner.insight.backtest.backtest import Backtest, Versus
from planner.insight.backtest.calibration import CENTRAL, Calibration
from planner.insight.backtest.comparison import Difference
from planner.insight.backtest.scores import PERCENTAGES
from planner.insight.backtest.sources import SourceRecord
from planner.publish.track_words import record_words, result_words
from planner.service.backtesting import Backtested
from planner.service.track_record import TrackRecord


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
        **_figures(result),
        "words": result_words(result),
        "notes": list(done.notes),
    }


def track_document(record: TrackRecord) -> dict[str, Any]:
    """Describe the track record of a workspace as data, source by source."""
    return {
        "estate": record.estate,
        "category": record.category,
        "sources": [_source(item) for item in record.sources],
    }


def _source(record: SourceRecord) -> dict[str, Any]:
    result = record.result
    found: dict[str, Any] = {
        "source": record.source,
        "windows_are": record.kind,
        "from": record.first.isoformat() if record.first else None,
        "to": record.last.isoformat() if record.last else None,
        "reason": record.reason or None,
    }
    if result is not None:
        found |= {
            "windows": result.windows,
            "zones": result.zones,
            "incidents": round(result.incidents),
            **_figures(result),
        }
    return found | {"words": record_words(record)}


def _figures(result: Backtest) -> dict[str, Any]:
    return {
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
