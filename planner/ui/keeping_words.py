"""What the program says of verifying, backing up, restoring and purging."""

from pathlib import Path
from typing import Any

from planner.register.backup import Backup
from planner.register.purge import Purged
from planner.register.restoring import Restored
from planner.register.verification import Findings
from planner.service.keeping import RejectedFile, TextsPurged


def findings_document(found: Findings) -> dict[str, Any]:
    """Describe a verification as data."""
    return {
        "ok": found.ok,
        "faults": list(found.faults),
        "head": found.head,
        "entries": found.entries,
    }


def findings_words(found: Findings) -> list[str]:
    """Describe a verification in lines of text, a fault each."""
    if not found.ok:
        return list(found.faults)
    if not found.entries:
        return ["Nothing altered: the audit log has no entries as yet."]
    return [f"Nothing altered: {found.entries:,} entries in the audit log, head {found.head}."]


def backup_document(made: Backup, out: Path) -> dict[str, Any]:
    """Describe a backup as data."""
    return {
        "backup": str(out),
        **made.manifest.model_dump(mode="json"),
        "password_left_out": made.password_left_out,
        "verified": findings_document(made.findings),
    }


def backup_words(made: Backup, out: Path) -> list[str]:
    """Describe a backup in lines of text."""
    size = sum(part.size for part in made.manifest.parts.values()) / 1e6
    lines = [
        f"Backup {out}: {len(made.manifest.parts)} parts, {size:,.1f} MB; "
        f"{made.manifest.entries:,} entries in the audit log, head {made.manifest.head or 'none'}."
    ]
    if made.password_left_out:
        lines.append("Note: the password of the register's URL is not in the backup.")
    if not made.findings.ok:
        lines.append("The register was backed up as it is, but it can't be restored as it is:")
    return lines + list(made.findings.faults)


def restored_document(done: Restored, workspace: Path) -> dict[str, Any]:
    """Describe a restore as data."""
    return {
        "workspace": str(workspace),
        "made_at": done.manifest.made_at.isoformat(),
        "version": done.manifest.version,
        "purged": done.purged.counts,
        "head": done.head,
    }


def restored_words(done: Restored, workspace: Path) -> list[str]:
    """Describe a restore in lines of text."""
    return [
        f"Restored {workspace} from the backup of {done.manifest.made_at:%d %b %Y, %H:%M} UTC; "
        f"nothing in it was altered. The audit log's head is now {done.head}.",
        f"Purged on the way: {_counts(done.purged)}.",
    ]


def purge_document(done: TextsPurged) -> dict[str, Any]:
    """Describe a purge as data."""
    return {
        "purged": done.purged.counts,
        "total": done.purged.total,
        "dry_run": done.dry_run,
        "erased": done.erased,
        "head": done.purged.head,
    }


def purge_words(done: TextsPurged) -> list[str]:
    """Describe a purge in lines of text."""
    if done.dry_run:
        return [f"Would be purged: {_counts(done.purged)}. Nothing was changed."]
    lines = [f"Purged: {_counts(done.purged)}. The records themselves stay."]
    if not done.erased:
        lines.append(
            "Note: another process is using the register, so its files may still hold the text; "
            "purge again when it is done."
        )
    return lines


def _counts(purged: Purged) -> str:
    if not purged.total:
        return "no free text (none was due)"
    found = [f"{count:,} {name}" for name, count in purged.counts.items() if count]
    return f"{purged.total:,} free texts ({', '.join(found)})"


def rejected_document(files: list[RejectedFile], out: Path) -> dict[str, Any]:
    """Describe an export of rejected rows as data."""
    return {"folder": str(out), "files": [vars(item) for item in files]}


def rejected_words(files: list[RejectedFile], out: Path) -> list[str]:
    """Describe an export of rejected rows in lines of text."""
    if not files:
        return ["No row was rejected; nothing was written."]
    lines = [
        f"{item.name}: {item.rows:,} rejected rows"
        + (f", and {item.purged:,} whose text was purged" if item.purged else "")
        + ("." if item.has_header else "; its header isn't known: add it as the first line.")
        for item in files
    ]
    return [
        *lines,
        f"Mend the rows of the '.rejected.csv' files in {out} ('.reasons.csv' says what is wrong), "
        "then import them.",
    ]
