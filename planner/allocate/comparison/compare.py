"""Comparing scenarios: each is planned, patrols and cameras together, and set beside today.

What patrols and cameras cover is of different times: a patrol's cover is of the shift, a camera's
of a mean day. Together, in the shift, of a zone z of which cameras see the share v(z) and patrols
cover the share c(z) of what is left for them, 1 - (1 - c(z)) (1 - v(z)) of the risk is seen to:
what both see to counts once. What watched cameras take off the patrols' need is taken off once,
before the patrols are planned.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planner import __version__
from planner.allocate.answer.notes import estate_note
from planner.allocate.camera_plan import cameras_plan, deploy_for
from planner.allocate.cameras import roles
from planner.allocate.cameras.deployment import Deployment
from planner.allocate.cameras.in_view import in_view
from planner.allocate.cameras.solving import Effort
from planner.allocate.cameras.study import Study
from planner.allocate.comparison.patrolled import Patrolled, Patrols
from planner.allocate.comparison.results import (
    Comparison,
    Cost,
    ScenarioResult,
    WorstSite,
    ZoneCover,
)
from planner.allocate.events import event_words
from planner.allocate.scenario import Scenario
from planner.camera_settings import CameraSettings
from planner.insight.risk.forecast import mean_harm
from planner.picture import Picture

NIGHTS_A_YEAR = 365
POINTS, THOUSAND = 100.0, 1_000.0


@dataclass(frozen=True)
class Named:
    """A scenario to compare, by its name; ``patrols`` is False where none go out."""

    name: str
    scenario: Scenario
    patrols: bool = True


@dataclass(frozen=True)
class Tried:
    """A scenario, planned."""

    named: Named
    deployment: Deployment
    patrolled: Patrolled
    in_view: np.ndarray


class Comparing:
    """What a comparison of scenarios shares: one study of the cameras, and patrols by question.

    Parameters
    ----------
    picture
        As the scenarios' audience may see it.
    base
        The scenario that the others are set beside, such as today's.
    """

    def __init__(self, picture: Picture, base: Named) -> None:
        self.picture = picture
        self._patrols = Patrols(picture)
        self.study = Study(picture, self._patrols.risk_of(base.scenario))
        self.base = self.tried(base)

    def tried(self, named: Named, effort: Effort | None = None) -> Tried:
        """Plan a scenario.

        Raises
        ------
        ScenarioError
            If it asks for what the estate does not have.
        Infeasible
            If its demands can't all be met.
        """
        deployment = deploy_for(self.study, named.scenario, effort)
        seen = in_view(self.study, deployment.cover(), self._patrols.shift_of(named.scenario))
        patrolled = self._patrols.answer(named.scenario, seen, named.patrols)
        return Tried(named, deployment, patrolled, seen)

    def result(self, tried: Tried) -> ScenarioResult:
        """Write a scenario out, beside the base."""
        patrolled, deployment = tried.patrolled, tried.deployment
        expected, covered = patrolled.expected, _seen_to(tried)
        harm = mean_harm(self.picture.on_estate, self.picture.ground)
        cost = _cost(tried, self.study.settings)
        left = expected - covered
        worst = int(np.argmax(left))
        names = self.picture.estate.zones["name"].to_numpy(dtype=object)
        return ScenarioResult(
            name=tried.named.name,
            scenario=tried.named.scenario,
            assumptions=event_words(tried.named.scenario),
            shift=patrolled.shift,
            patrols=patrolled.result,
            cameras=cameras_plan(deployment),
            covered=float(covered.sum() / expected.sum()),
            harm_covered=float((covered @ harm) / (expected @ harm)),
            cost=cost,
            points_for_1000=None,
            worst=WorstSite(name=str(names[worst]), uncovered=float(left[worst])),
            same_cameras=_same_cameras(self.base.deployment, deployment),
            same_visits=_same_visits(self.base.patrolled, patrolled),
            zones=tuple(
                ZoneCover(zone=str(zone), expected=float(one), covered=float(part))
                for zone, one, part in zip(
                    self.picture.estate.zones["zone"], expected, covered, strict=True
                )
            ),
        )

    def comparison(self, results: Sequence[ScenarioResult], nothing: str) -> Comparison:
        """Put results together.

        Parameters
        ----------
        results
            The scenarios; the first is what the others are set beside.
        nothing
            The one that cover for money counts from; the first where it is not among them.
        """
        least = next((result for result in results if result.name == nothing), results[0])
        settings = self.study.settings
        content = "\n".join(result.scenario.model_dump_json() for result in results)
        made_from = f"{self.picture.fingerprint}\n{content}\n{__version__}"
        return Comparison(
            id=hashlib.sha256(made_from.encode()).hexdigest()[:16],
            version=__version__,
            estate=estate_note(self.picture),
            as_of=self.picture.as_of.isoformat(timespec="seconds"),
            fingerprint=self.picture.fingerprint,
            currency=settings.currency,
            prices=settings.prices,
            priced_against=least.name,
            scenarios=tuple(_priced(result, least) for result in results),
        )


def _seen_to(tried: Tried) -> np.ndarray:
    """Return the expected incidents of each zone that patrols or cameras see to, shape (z,)."""
    patrolled = tried.patrolled
    left = 1.0 - patrolled.covered_share
    seen: np.ndarray = patrolled.expected * (1.0 - left * (1.0 - tried.in_view))
    return seen


def _cost(tried: Tried, settings: CameraSettings) -> Cost:
    once, yearly = tried.deployment.purchase, tried.deployment.yearly
    patrols = tried.patrolled.officer_hours * settings.officer_hour * NIGHTS_A_YEAR
    return Cost(
        once=once,
        cameras_a_year=yearly,
        patrols_a_year=patrols,
        a_year=once / settings.life_years + yearly + patrols,
    )


def _priced(result: ScenarioResult, least: ScenarioResult) -> ScenarioResult:
    """Add what a scenario covers for its money, beyond the least."""
    more = result.cost.a_year - least.cost.a_year
    if more <= 0:
        return result
    points = POINTS * (result.covered - least.covered) / (more / THOUSAND)
    return result.model_copy(update={"points_for_1000": points})


def _same_cameras(base: Deployment, other: Deployment) -> float:
    """Return the share of the base's own cameras that stand as they are in the other."""
    theirs = _places_of(other)
    ours = _places_of(base)
    return len(ours & theirs) / len(ours) if ours else 1.0


def _places_of(deployment: Deployment) -> set[tuple[float, float, float]]:
    """Return place and bearing of each of the service's own cameras."""
    possible = deployment.possible
    own = possible.stays[possible.standing.own[possible.stays]]
    parts = [possible.kept.only(own), deployment.options.only(deployment.chosen)]
    views = roles.together(parts).views
    at = views.places[views.place]
    return {
        (round(float(x), 1), round(float(y), 1), round(float(bearing), 0))
        for (x, y), bearing in zip(at, views.bearing, strict=True)
    }


def _same_visits(base: Patrolled, other: Patrolled) -> float:
    """Return the share of the base's visits that the other makes to the same zones."""
    if not base.visits.sum():
        return 1.0 if not other.visits.sum() else 0.0
    return float(np.minimum(base.visits, other.visits).sum() / base.visits.sum())


def differences(result: ScenarioResult, base: ScenarioResult) -> Mapping[str, float]:
    """Return by how many points of its own risk each zone is covered more than in the base."""
    before = {zone.zone: zone.covered / zone.expected for zone in base.zones if zone.expected > 0}
    return {
        zone.zone: zone.covered / zone.expected - before.get(zone.zone, 0.0)
        for zone in result.zones
        if zone.expected > 0
    }
