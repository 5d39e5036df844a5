"""Reading a file of incidents: which format it is, and what became of each row."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pandas as pd

from planner.errors import UnknownFormat
from planner.incidents import control_room, police
from planner.incidents.checks import Checked
from planner.incidents.model import CONTROL_ROOM, POLICE, Intake
from planner.incidents.rows import Rows, decode, read_bytes, split_rows

Reader = Callable[[pd.DataFrame, str, datetime], Checked]
FORMATS: dict[str, tuple[tuple[str, ...], Reader]] = {
    POLICE: (police.REQUIRED, police.read),
    CONTROL_ROOM: (control_room.REQUIRED, control_room.read),
}


def read_incidents(path: Path, time_zone: str, now: datetime) -> Intake:
    """Read a police street file or a control-room file.

    Parameters
    ----------
    path
        A CSV file.
    time_zone
        The estate's time zone, in which the control room writes its times.
    now
        The present moment; what is said to happen later is rejected.

    Raises
    ------
    UnreadableFile
        If the file is missing, empty or binary.
    UnknownFormat
        If it is a CSV file of something else, or has no rows.
    """
    content = read_bytes(path)
    text, encoding = decode(content, path)
    rows = split_rows(text, path)
    source = _source(rows.header, path)
    table = pd.DataFrame(rows.fields, columns=rows.header, index=rows.numbers, dtype=object)
    checked = FORMATS[source][1](table.apply(lambda column: column.str.strip()), time_zone, now)
    notes = list(checked.notes)
    if encoding != "utf-8-sig":
        notes.insert(0, "the file is not UTF-8; it was read as Windows-1252")
    return Intake(
        file=path.name,
        source=source,
        digest=hashlib.sha256(content).hexdigest(),
        read=len(rows.fields) + len(rows.broken),
        accepted=checked.accepted,
        rejected=_all_rejected(rows, table, checked.rejected),
        periods=checked.periods,
        notes=tuple(notes),
    )


def _source(header: list[str], path: Path) -> str:
    missing = {
        source: [name for name in required if name not in header]
        for source, (required, _) in FORMATS.items()
    }
    for source, names in missing.items():
        if not names:
            return source
    nearest = min(missing, key=lambda source: len(missing[source]) / len(FORMATS[source][0]))
    if len(missing[nearest]) == len(FORMATS[nearest][0]):
        raise UnknownFormat(
            f"{path}: is neither a data.police.uk street file nor a control-room file; "
            f"row 1 has the columns {', '.join(header)[:120]}."
        )
    raise UnknownFormat(
        f"{path}: looks like a {nearest} file, but row 1 lacks the column"
        f"{'s' if len(missing[nearest]) > 1 else ''} {', '.join(missing[nearest])}."
    )


def _all_rejected(rows: Rows, table: pd.DataFrame, reasons: pd.Series) -> pd.DataFrame:
    refused = table.loc[reasons.index]
    texts = refused.apply(lambda row: ",".join(row), axis=1) if len(refused) else []
    whole = pd.DataFrame({"row": reasons.index, "reason": reasons.to_numpy(), "text": list(texts)})
    broken = pd.DataFrame(rows.broken, columns=["row", "reason", "text"])
    return pd.concat([broken, whole], ignore_index=True).sort_values("row", ignore_index=True)
