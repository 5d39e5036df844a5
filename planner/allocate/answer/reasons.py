"""Why a stop is in a plan: what its zone's risk is made of, as a person would say it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from planner.allocate.intelligence_notes import effect_words
from planner.allocate.patrols.timing import Step
from planner.allocate.plan import RiskPart
from planner.allocate.question.question import Question
from planner.insight.intelligence import Effects
from planner.insight.risk.model import Risk
from planner.insight.risk.parts import parts_words
from planner.insight.timing.aoristic import aoristic_weights
from planner.insight.timing.profile import BIN_S, busiest_hours

FEWEST_TIMED = 30
# A quarter hour this much above or below the zone's mean of the day is worth saying.
WORTH_SAYING = 0.15
TIME_OF_DAY, EVENT = "the time of day", "intelligence and events"


@dataclass(frozen=True)
class Reasons:
    """Why patrols stop at zones.

    Attributes
    ----------
    question
        What was asked; its risk is with graded entries of intelligence.
    plain
        The same risk without them.
    effects
        What they do.
    """

    question: Question
    plain: Risk
    effects: Effects

    @cached_property
    def _rank(self) -> np.ndarray:
        rank: np.ndarray = pd.Series(-self.question.risk.mean).rank(method="min").to_numpy(int)
        return rank

    @cached_property
    def _by_zone(self) -> dict[str, pd.DataFrame]:
        return dict(tuple(self.question.picture.on_estate.groupby("zone")))

    def parts(self, zone: int, at_s: int) -> tuple[RiskPart, ...]:
        """Share out the risk of a zone at a moment among what it comes from.

        What the hour and graded entries multiply is counted as theirs, and is negative where they
        lower it; the shares sum to 1.
        """
        hour, event = self._factors(zone, at_s)
        whole = hour * event
        if whole <= 0:
            return ()
        named = self.question.risk.parts
        shares = [(name, float(named.shares[zone, row]) / whole) for row, name in
                  enumerate(named.names)]  # fmt: skip
        shares += [(TIME_OF_DAY, (hour - 1) / whole), (EVENT, hour * (event - 1) / whole)]
        return tuple(
            RiskPart(name=name, share=share) for name, share in shares if abs(share) > 1e-6
        )

    def _factors(self, zone: int, at_s: int) -> tuple[float, float]:
        """Return by how much the hour, and graded entries, multiply a zone's mean rate."""
        plain, with_entries = self.plain.expected[zone], self.question.risk.expected[zone]
        column = min(int(at_s // BIN_S), len(plain) - 1)
        length = min(BIN_S, self.question.shift.seconds - column * BIN_S)
        mean = float(self.plain.daily[zone]) * length / 86_400
        hour = float(plain[column]) / mean if mean > 0 else 1.0
        event = float(with_entries[column] / plain[column]) if plain[column] > 0 else 1.0
        return hour, event

    def sentence(self, step: Step) -> str:
        """Say why a patrol stops at a zone at a time."""
        question, zone = self.question, step.zone
        risk, time_zone = question.risk, question.picture.settings.time_zone
        parts = [
            f"{_rank_words(int(self._rank[zone]))} risk of {len(risk.zones)} zones: "
            f"{risk.mean[zone]:.3f} incidents expected this shift, {parts_words(risk.parts, zone)}"
        ]
        # Before the history: a table that cuts a long reason short must not hide it.
        parts += effect_words(self.effects.of_zone(zone), time_zone)
        parts += self._hour_words(zone, step.arrive_s)
        recorded = self._by_zone.get(str(risk.zones[zone]))
        if recorded is None:
            parts.append("nothing recorded here yet")
        else:
            parts.append(_history(recorded, time_zone, risk.covered_days))
        if zone in question.problem.minimum:
            parts.insert(0, "must be seen in this shift")
        sentence = "; ".join(parts)
        return sentence[0].upper() + sentence[1:] + "."

    def _hour_words(self, zone: int, at_s: int) -> list[str]:
        hour, _ = self._factors(zone, at_s)
        if not self.question.risk.timed or abs(hour - 1) < WORTH_SAYING:
            return []
        more = "busier" if hour > 1 else "quieter"
        return [f"{more} at this hour than on average ({hour:.1f} times)"]


def _history(recorded: pd.DataFrame, time_zone: str, days: float) -> str:
    category = str(recorded["category"].value_counts(sort=False).sort_index().idxmax())
    text = f"{len(recorded):,} recorded in {days:,.0f} days, most often {category}"
    weights = aoristic_weights(recorded, time_zone)
    if weights.sum() >= FEWEST_TIMED:
        hour = busiest_hours(weights, 1)[0]
        text += f"; busiest about {hour:02d}:00"
    return text


def _rank_words(number: int) -> str:
    if number == 1:
        return "highest"
    teens = 10 <= number % 100 <= 20
    ending = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending} highest"
