"""What the command line says: sentences and tables from what the service returns."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from planner.allocate.plan import Plan
from planner.incidents.proposals import Proposal
from planner.publish.camera_words import changes_words, cost_words, grade_words
from planner.publish.style import clock, day_and_clock, per_cent
from planner.service.importing import Imported
from planner.service.workspace import NewEstate

NAMES_SHOWN = 10
NOTED_SHOWN = 4


def counted(count: int, thing: str) -> str:
    """Return a count with its noun: '1 site', '1,200 sites'."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def estate_document(made: NewEstate, folder: Path) -> dict[str, Any]:
    """Describe a new estate as data."""
    estate = made.estate
    return {
        "workspace": str(folder),
        "crs": estate.crs,
        "sites": len(estate.sites),
        "buildings": len(estate.buildings),
        "zones": len(estate.zones),
        "cameras": len(estate.cameras),
        "surroundings": estate.surroundings["kind"].value_counts().sort_index().to_dict(),
        "street_nodes": 0 if estate.streets is None else len(estate.streets.points),
        "layers": list(made.layers),
        "left_out": [vars(item) for item in made.left_out],
        "noted": [vars(item) for item in made.noted],
        "street_islands": made.street_islands,
        "street_islands_m": round(made.island_m, 1),
        "not_in_routes": list(made.unreachable),
    }


def estate_words(made: NewEstate, folder: Path, most: int) -> list[str]:
    """Describe a new estate in lines of text, with what was left out and why."""
    estate = made.estate
    lines = [
        f"Workspace {folder}: {counted(len(estate.sites), 'site')}, "
        f"{counted(len(estate.buildings), 'building')}, "
        f"{counted(len(estate.zones), 'zone')}, {counted(len(estate.cameras), 'camera')}; "
        f"measured in {estate.crs}.",
        _street_words(made),
        *_surroundings_words(made),
        *_layer_words(made),
        *_noted_words(made),
    ]
    if made.left_out:
        lines.append(f"Left out: {counted(len(made.left_out), 'feature')}.")
        lines += [
            f"  {item.file}, feature {item.row} ({item.name or 'no name'}): {item.reason}"
            for item in made.left_out[:most]
        ]
        left = len(made.left_out) - most
        lines += [f"  ... and {left:,} more (--json lists all)."] * (left > 0)
    if made.unreachable:
        shown = ", ".join(made.unreachable[:NAMES_SHOWN])
        lines.append(
            f"{len(made.unreachable):,} zones are more than {estate.stop_reach_m:.0f} m from a "
            f"street: they count in the risk, and no route reaches them ({shown}"
            f"{', ...' if len(made.unreachable) > NAMES_SHOWN else ''})."
        )
    return [*lines, f"Next: planner import -w {folder} INCIDENTS.csv"]


def _surroundings_words(made: NewEstate) -> list[str]:
    counts = made.estate.surroundings["kind"].value_counts().sort_index()
    kinds = [f"{kind} {count:,}" for kind, count in counts.items()]
    return [f"Around: {', '.join(kinds)}."] if kinds else []


def _layer_words(made: NewEstate) -> list[str]:
    parts = [layer for layer in made.layers if ", layer " in layer]
    return [f"Read: {'; '.join(parts)} (--layer reads only some)."] if parts else []


def _noted_words(made: NewEstate) -> list[str]:
    """Say what was read otherwise than its file has it, with the first names of each sort."""
    lines = []
    for note in dict.fromkeys(item.note for item in made.noted):
        same = [item for item in made.noted if item.note == note]
        names = [
            f"{item.name or 'no name'}{f' in {item.building}' if item.building else ''}"
            for item in same[:NOTED_SHOWN]
        ]
        more = ", ..." if len(same) > NOTED_SHOWN else ""
        lines.append(f"{note}: {len(same):,} ({', '.join(names)}{more}).")
    return lines


def _street_words(made: NewEstate) -> str:
    streets = made.estate.streets
    if streets is None:
        return "No streets were given: walking times will be straight lines."
    text = f"Streets: {streets.lengths[streets.public].sum() / 1000:.1f} km that can be walked"
    if made.street_islands:
        text += (
            f"; left out {made.street_islands:,} islands ({made.island_m:,.0f} m) that can't be "
            "walked to from the rest"
        )
    return text + "."


def proposal_document(proposal: Proposal) -> dict[str, Any]:
    """Describe a proposed source profile as data."""
    return {**asdict(proposal), "questions": list(proposal.questions), "toml": proposal.to_toml()}


def import_document(done: Imported) -> dict[str, Any]:
    """Describe an import as data."""
    totals = ("read", "accepted", "rejected", "duplicates", "corrected", "outside")
    return {
        **{name: done.total(name) for name in totals},
        "unlocated": done.total("unknown"),
        "on_estate": done.on_estate,
        "reasons": done.reasons,
        "files": [vars(counts) for counts in done.files],
        "notes": list(done.notes),
    }


def import_words(done: Imported) -> list[str]:
    """Describe an import in lines of text."""
    lines = [
        f"{item.file}: {item.read:,} rows read: {item.accepted:,} accepted, {item.rejected:,} "
        f"rejected, {item.duplicates:,} duplicates."
        for item in done.files
    ]
    if len(done.files) > 1:
        lines.append(
            f"Together: {done.total('read'):,} rows read: {done.total('accepted'):,} accepted, "
            f"{done.total('rejected'):,} rejected, {done.total('duplicates'):,} duplicates."
        )
    lines.append(
        f"Of the accepted, {done.on_estate:,} lie on the estate, {done.total('outside'):,} outside "
        f"it, and {done.total('unknown'):,} could not be located."
    )
    lines += [f"Rejected: {file}, row {row}: {reason}" for file, row, reason in done.first_rejected]
    left = done.total("rejected") - len(done.first_rejected)
    lines += [f"... and {left:,} more rejected rows."] * (left > 0)
    return lines + [f"Note: {note}" for note in done.notes]


def plan_words(plan: Plan) -> list[str]:
    """Describe a plan in lines of text: what it covers, how good that is, and what to know."""
    patrols, base = plan.patrols, plan.baselines
    day = f" ({plan.shift.day})" if plan.shift.day else ""
    stops = sum(len(route.stops) for route in patrols.routes)
    teams = len(patrols.routes)
    return [
        *([f"Plan {plan.id} for {plan.estate.name}: {plan.scenario.name}"]),
        f"Shift {plan.shift.name}, {day_and_clock(plan.shift.starts_at)} to "
        f"{clock(plan.shift.ends_at)}{day}: {plan.risk.expected:.1f} incidents expected.",
        f"Patrols: {counted(stops, 'stop')} of {counted(teams, 'team')} cover "
        f"{per_cent(patrols.risk_covered)} of the expected risk; no plan covers more than "
        f"{per_cent(patrols.bound)} (gap {per_cent(patrols.gap)}).",
        f"  For comparison: no patrols {per_cent(base.none.risk_covered)} (gap "
        f"{per_cent(base.none.gap)}), random stops {per_cent(base.random.risk_covered)} (gap "
        f"{per_cent(base.random.gap)}).",
        *camera_lines(plan),
        *(f"Note: {text}" for text in plan.warnings),
    ]


def camera_lines(plan: Plan) -> list[str]:
    """Describe a plan's cameras: what they cover, how good that is, and what changes cost."""
    cameras, base = plan.cameras, plan.baselines
    changes = changes_words(cameras)
    what = f"{changes} beside those that stand" if changes else "those that stand"
    seen, costs = grade_words(cameras), cost_words(cameras) if changes else ""
    return [
        f"Cameras: {what} cover {per_cent(cameras.covered)}; no choice covers more than "
        f"{per_cent(cameras.bound)} (gap {per_cent(cameras.gap)}).",
        *([f"  They cost {costs}."] if costs else []),
        *([f"  In view is what is {seen}."] if seen else []),
        f"  For comparison: today's cameras {per_cent(base.none.cameras_covered)}, random "
        f"positions {per_cent(base.random.cameras_covered)}.",
    ]


def routes_rows(plan: Plan) -> list[tuple[str, ...]]:
    """List the stops of all routes as rows of text."""
    return [
        (route.team, clock(stop.arrive), clock(stop.leave), stop.name, f"{stop.risk:.3f}")
        for route in plan.patrols.routes
        for stop in route.stops
    ]
