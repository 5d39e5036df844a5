"""Names that people would use for a hotspot: 'Broad Street, Balliol to Trinity'."""

import numpy as np
import pandas as pd

UNNAMED = "Unnamed place"
# A zone that only grazes a hotspot is no end of it.
LEAST_SHARE = 0.1


def place_name(group: pd.DataFrame, zone_names: dict[str, str]) -> str:
    """Name a hotspot by its street, and the first and last zone along it.

    Parameters
    ----------
    group
        Its incidents: ``x``, ``y`` (metres), ``street``, ``zone``; ``""`` where there is none.
    zone_names
        Name by zone identifier.

    Returns
    -------
    str
        The street that most of its incidents have, with the zones at its ends from west to east
        (or south to north); the zones alone where it has no street, the street alone where its
        zones are stretches of it, and ``"Unnamed place"`` where it has neither.
    """
    street = most_frequent(group["street"])
    along = group[group["street"] == street] if street else group
    ends = _ends(along, zone_names) or _ends(group, zone_names)
    if street and any(end.casefold().startswith(street.casefold()) for end in ends):
        return _from_to(ends)
    return ", ".join(part for part in (street, _from_to(ends)) if part) or UNNAMED


def most_frequent(values: pd.Series) -> str:
    """Return the most frequent text, the first in the alphabet of equals; ``""`` for none."""
    counts = values[values != ""].value_counts(sort=False).sort_index()
    return str(counts.idxmax()) if len(counts) else ""


def _ends(group: pd.DataFrame, zone_names: dict[str, str]) -> list[str]:
    """Return the names of the first and the last zone along the line of the incidents."""
    named = group[group["zone"].isin(zone_names)]
    if named.empty:
        return []
    position = pd.Series(_along(named[["x", "y"]].to_numpy(float)), index=named.index)
    zones = position.groupby(named["zone"]).agg(["mean", "size"])
    zones = zones[zones["size"] >= LEAST_SHARE * len(named)]
    if zones.empty:
        zones = position.groupby(named["zone"]).agg(["mean", "size"]).nlargest(1, "size")
    order = zones.sort_values("mean", kind="stable").index
    names = dict.fromkeys(zone_names[str(zone)] for zone in (order[0], order[-1]))
    return [name for name in names if name]


def _along(points: np.ndarray) -> np.ndarray:
    """Return how far along the line of the points each lies, from its west or south end."""
    middle = points - points.mean(axis=0)
    _, axes = np.linalg.eigh(middle.T @ middle)
    line = axes[:, -1]
    main = int(np.abs(line).argmax())
    far: np.ndarray = middle @ (line if line[main] > 0 else -line)
    return far


def _from_to(ends: list[str]) -> str:
    """Join two names, without the last word that they share: 'Balliol to Trinity'."""
    if len(ends) < 2:
        return "".join(ends)
    first, last = (end.split() for end in ends)
    if first[-1] == last[-1] and min(len(first), len(last)) > 1:
        first, last = first[:-1], last[:-1]
    return f"{' '.join(first)} to {' '.join(last)}"


def numbered(names: list[str]) -> list[str]:
    """Add a number to names that occur again: 'Broad Street', 'Broad Street (2)'."""
    listed = pd.Series(names, dtype=object)
    again = listed.groupby(listed).cumcount()
    return [
        f"{name} ({number + 1})" if number else name
        for name, number in zip(names, again, strict=True)
    ]
