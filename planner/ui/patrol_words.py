"""What the command line says of patrols: choices, what is left out, rotations, the next stop."""

from datetime import date
from typing import Any

from planner.allocate.plan import LeftOut, PatrolsPlan, Plan
from planner.allocate.rotation_plan import Rotation
from planner.publish.style import clock, per_cent
from planner.service.replanning import Next

CHOICE_HEADS = (
    "choice", "incidents covered", "harm covered", "longest wait", "sites unseen", "all teams go",
    "stops in common",
)  # fmt: skip
MOST_SAID = 8


def choices_rows(patrols: PatrolsPlan) -> list[tuple[str, ...]]:
    """List the plans to choose from as rows of text, under :data:`CHOICE_HEADS`."""
    return [
        (
            one.name, per_cent(one.risk_covered), per_cent(one.harm_covered),
            f"{one.waits.longest_hours:.1f} h", f"{one.waits.unseen} of {one.waits.sites}",
            f"{one.walking_km:.1f} km", per_cent(one.in_common) if number else "(the plan itself)",
        )
        for number, one in enumerate(patrols.choices)
    ]  # fmt: skip


def patrol_words(plan: Plan) -> list[str]:
    """Say what else is to be known of a plan's patrols: changes, waits, draws, what is missing."""
    patrols = plan.patrols
    lines = [f"Changed: {text}" for text in patrols.changes]
    lines += waits_words(patrols)
    lines += _cut([f"Not met: {text}" for text in patrols.relaxed])
    return lines + [f"Left out: {left_out_words(one, plan)}" for one in patrols.left_out]


def waits_words(patrols: PatrolsPlan) -> list[str]:
    """Say how long sites wait, and what is covered when the risk is other than expected."""
    lines = []
    if patrols.waits is not None:
        waits = patrols.waits
        seen = waits.sites - waits.unseen
        longest = f"; of those that are seen, {waits.longest_seen_hours:.1f} h at most"
        lines.append(
            f"{seen:,} of {waits.sites:,} sites are seen; a site is {waits.mean_hours:.1f} h "
            f"without a visit at a stretch in the mean{longest if seen else ''}."
        )
    if patrols.draws is not None:
        draws = patrols.draws
        lines.append(
            f"If the risk is other than expected: {per_cent(draws.mean)} of the incidents are "
            f"covered in the mean of its draws, {per_cent(draws.worst_tenth)} in the worst tenth."
        )
    return lines


def left_out_words(one: LeftOut, plan: Plan) -> str:
    """Say which zone has no visit, why, and what one would cost."""
    cost = (
        ""
        if one.cost is None
        else f" One would cost {100 * one.cost / plan.risk.expected:.2f} % of the expected risk."
        if plan.patrols.measure == "incidents" and plan.risk.expected > 0
        else f" One would cost {one.cost:.4f}."
    )
    return f"{one.name} (rank {one.rank}): {one.why}{cost}"


def _cut(lines: list[str]) -> list[str]:
    more = len(lines) - MOST_SAID
    return lines[:MOST_SAID] + [f"... and {more:,} more (in plan.json)."] * (more > 0)


def rotation_words(rotation: Rotation) -> list[str]:
    """Describe a rotation: the policy, what it covers, and how little can be foreseen."""
    nights, plans, seen = rotation.nights, rotation.plans, rotation.foreseen
    share = rotation.cover / rotation.best_cover if rotation.best_cover else 1.0
    often = max(plan.share for plan in plans)
    lines = [
        f"Rotation for {rotation.estate.name}: {len(nights)} nights from "
        f"{date.fromisoformat(nights[0].starts_at[:10]):%d %B %Y}, {len(plans)} different plans; "
        f"none is used on more than {per_cent(often)} of nights by the policy.",
        f"The nights cover {per_cent(rotation.cover)} of the expected risk in the mean, "
        f"{per_cent(share)} of what the best single plan covers ({per_cent(rotation.best_cover)}).",
        "Somebody who knows the policy and every route walked before, and guesses where a team "
        f"stands, is right {per_cent(seen.hit_rate)} of the time; with the same plan every night, "
        f"{per_cent(seen.single)}.",
        f"  Guessing by the policy {per_cent(seen.by_policy)}, by what was "
        f"{per_cent(seen.by_what_was)}; who also knows how often each plan is used in this "
        f"rotation is right {per_cent(seen.by_what_is_left)} of the time, and who watches every "
        f"team tonight as well {per_cent(seen.watching)}.",
        f"  Where teams stand varies by {seen.entropy_bits:.1f} bits of at most "
        f"{seen.greatest_entropy_bits:.1f}.",
    ]
    if rotation.least_visits:
        met = sum(
            rotation.visits.get(name, 0) >= least for name, least in rotation.least_visits.items()
        )
        lines.append(
            f"{met} of the {len(rotation.least_visits)} sites that must be seen are seen as often "
            "as is demanded."
        )
    return lines + _cut([f"Not met: {text}" for text in rotation.relaxed])


def rotation_rows(rotation: Rotation) -> list[tuple[str, ...]]:
    """List the nights as rows of text: night, date, plan, cover."""
    covers = {plan.number: plan.cover for plan in rotation.plans}
    return [
        (
            str(number), f"{date.fromisoformat(night.starts_at[:10]):%a %d %b %Y}",
            str(night.plan), per_cent(covers[night.plan]),
        )
        for number, night in enumerate(rotation.nights, start=1)
    ]  # fmt: skip


def next_words(found: Next) -> list[str]:
    """Say where a team could go next, the best first."""
    free = clock(found.free_at.isoformat())
    if not found.stops:
        return [
            f"Team {found.team}, free at {free}: no visit fits before what it must do next; go "
            "there, or back to its post."
        ]
    return [
        f"Team {found.team}, free at {free}:",
        *(
            f"{place}. {stop.name}: there at {clock(stop.arrive.isoformat())}, until "
            f"{clock(stop.leave.isoformat())}; covers {stop.adds:.4f} expected {found.measure} "
            "that no other visit does."
            for place, stop in enumerate(found.stops, start=1)
        ),
    ]


def next_document(found: Next) -> dict[str, Any]:
    """Describe where a team could go next as data."""
    return {
        "team": found.team,
        "free_at": found.free_at.isoformat(timespec="seconds"),
        "measure": found.measure,
        "visits": [
            {
                "place": stop.name,
                "arrive": stop.arrive.isoformat(timespec="seconds"),
                "leave": stop.leave.isoformat(timespec="seconds"),
                "covers": stop.adds,
                "covers_a_minute": stop.a_minute,
            }
            for stop in found.stops
        ],
    }
