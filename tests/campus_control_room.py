"""Map a campus police log onto the control room's columns.

Reads a CSV with the columns ``ucpd_id, incident, occurred, reported, location,
validated_location`` and writes the control-room format that ``planner import`` reads::

    python tests/campus_control_room.py ucpd_2011_2019.csv incidents.csv

Times of occurrence are free text; the forms below are read, all others stay unknown.
"""

import argparse
from pathlib import Path

import pandas as pd

DATE, TIME = r"\d{1,2}/\d{1,2}/\d{2}", r"\d{1,2}:\d{2} [AP]M"
FORMS = (
    rf"(?P<first>{DATE}) (?P<start>{TIME})(?: to (?P<end>{TIME}))?",
    rf"(?P<first>{DATE}) to (?P<last>{DATE}) (?P<start>{TIME}) to (?P<end>{TIME})",
)
WRITTEN = "%Y-%m-%dT%H:%M"


def control_room(campus: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a campus log in the control room's columns, all as text."""
    starts, ends = _interval(campus["occurred"])
    reported = pd.to_datetime(campus["reported"].str[:16], format=WRITTEN, errors="coerce")
    points = campus["validated_location"].str.extract(r"^(?P<lat>[-\d.]+),\s*(?P<lon>[-\d.]+)$")
    return pd.DataFrame(
        {
            "reference": campus["ucpd_id"],
            "category": campus["incident"],
            "occurred_from": starts.dt.strftime(WRITTEN),
            "occurred_to": ends.dt.strftime(WRITTEN),
            "reported_at": reported.dt.strftime(WRITTEN),
            "place": campus["location"],
            "longitude": points["lon"],
            "latitude": points["lat"],
            "details": "",
        }
    ).fillna("")


def _interval(occurred: pd.Series) -> tuple[pd.Series, pd.Series]:
    parts = pd.DataFrame(index=occurred.index, columns=["first", "last", "start", "end"])
    for form in FORMS:
        found = occurred.str.strip().str.extract(f"^{form}$")
        parts = parts.combine_first(found)
    parts["last"] = parts["last"].fillna(parts["first"])
    parts["end"] = parts["end"].fillna(parts["start"])
    starts, ends = (
        pd.to_datetime(parts[day] + " " + parts[hour], format="%m/%d/%y %I:%M %p", errors="coerce")
        for day, hour in (("first", "start"), ("last", "end"))
    )
    # '11:50 PM to 12:15 AM' on one date ends on the next day.
    past_midnight = (ends < starts) & (parts["last"] == parts["first"])
    ends = ends + pd.to_timedelta(past_midnight.astype(int), unit="D")
    usable = starts.notna() & (ends >= starts)
    return starts.where(usable), ends.where(usable)


def main() -> None:
    """Convert one file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("campus", type=Path)
    parser.add_argument("out", type=Path)
    names = parser.parse_args()
    control_room(pd.read_csv(names.campus, dtype=str, keep_default_na=False)).to_csv(
        names.out, index=False
    )


if __name__ == "__main__":
    main()
