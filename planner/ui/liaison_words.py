"""What the command line says of contacts, plans and premises."""

from typing import Any

import pandas as pd

from planner.estate.liaison.records import PREMISES
from planner.service.liaison import SheetImport

REFUSED_SHOWN = 12
LEARNT = (
    "Procedures of premises are a record of what the service was told, not a legal assessment: "
    "what the Terrorism (Protection of Premises) Act 2025 asks of premises is for whoever is "
    "responsible for them to settle."
)
COUNTS = ("added", "changed", "unchanged", "repeated")


def import_document(done: list[SheetImport]) -> dict[str, Any]:
    """Describe an import as data."""
    return {
        "read": sum(item.read for item in done),
        "taken": sum(len(item.checked.taken) for item in done),
        "refused": sum(len(item.checked.refused) for item in done),
        "sheets": [
            {
                "name": item.checked.name,
                "table": item.checked.table,
                "read": item.read,
                **{count: getattr(item.merged, count) for count in COUNTS},
                "refused": [vars(fault) for fault in item.checked.refused],
                "notes": list(item.checked.notes),
            }
            for item in done
        ],
        **({"note": LEARNT} if _has_premises(done) else {}),
    }


def _has_premises(done: list[SheetImport]) -> bool:
    return any(item.checked.table == PREMISES for item in done)


def import_words(done: list[SheetImport]) -> list[str]:
    """Describe an import in lines of text, with each refused row and why."""
    lines: list[str] = []
    for item in done:
        name, refused = item.checked.name, item.checked.refused
        counts = ", ".join(f"{getattr(item.merged, count):,} {count}" for count in COUNTS)
        lines.append(
            f"{name}: {item.read:,} rows of {item.checked.table} read: {counts}, "
            f"{len(refused):,} refused."
        )
        lines += [
            f"Refused: {name}, row {fault.row}{f', {fault.column}' if fault.column else ''}: "
            f"{fault.reason}."
            for fault in refused[:REFUSED_SHOWN]
        ]
        left = len(refused) - REFUSED_SHOWN
        lines += [f"... and {left:,} more refused rows (--json lists all)."] * (left > 0)
        lines += [f"Note: {name}: {note}." for note in item.checked.notes]
    return lines + [f"Note: {LEARNT}"] * _has_premises(done)


def overdue_document(items: pd.DataFrame, on: str) -> dict[str, Any]:
    """Describe what is due as data; days overdue are missing where a thing was never done."""
    plain = items.astype(object).where(items.notna(), None)
    return {
        "on": on,
        "counts": {
            str(state): int(count) for state, count in items["state"].value_counts().items()
        },
        "items": plain.to_dict(orient="records"),
        "note": LEARNT,
    }


def overdue_words(items: pd.DataFrame, on: str) -> list[str]:
    """Describe what is due in lines of text, most overdue first."""
    if items.empty:
        return [f"On {on} nothing is overdue, and nothing falls due within 30 days."]
    counts = items["state"].value_counts()
    listed = ", ".join(
        f"{int(counts.get(state, 0)):,} {words}"
        for state, words in (
            ("never", "never done"),
            ("overdue", "overdue"),
            ("due soon", "due soon"),
        )
    )
    lines = [f"On {on}: {listed}."]
    lines += [
        f"  {place}, {what}{f' ({who})' if who else ''}: {_how_long(due, days)}."
        for place, what, who, due, days in items[
            ["place", "what", "who", "due", "overdue_days"]
        ].itertuples(index=False)
    ]
    procedures = items["what"].str.endswith(" procedure").any()
    return lines + [f"Note: {LEARNT}"] * bool(procedures)


def _how_long(due: str, days: Any) -> str:
    if pd.isna(days):
        return "no day on record"
    if days == 0:
        return f"due today, {due}"
    count = f"{abs(days):,} day{'' if abs(days) == 1 else 's'}"
    return f"overdue by {count}, since {due}" if days > 0 else f"due in {count}, on {due}"
