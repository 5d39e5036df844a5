"""What the command line says of a download."""

from typing import Any

from planner.service.fetching import Fetched

OPTIONS = (
    ("--streets", "streets.osm"),
    ("--cameras", "cameras.geojson"),
    ("--surroundings", "lamps.geojson"),
    ("--surroundings", "entrances.geojson"),
)


def fetched_document(done: Fetched) -> dict[str, Any]:
    """Describe a download as data."""
    files = [{"file": str(path), "count": count} for path, count in done.files]
    return {"files": files, "notes": list(done.notes)}


def osm_words(done: Fetched) -> list[str]:
    """Describe a download from OpenStreetMap in lines of text, with what to do next."""
    lines = [f"{path}: {count:,} features." for path, count in done.files]
    lines += [f"Note: {note}" for note in done.notes]
    names = {path.name: str(path) for path, _ in done.files}
    places = [names[name] for name in ("sites.geojson", "buildings.geojson") if name in names]
    options = [f"{option} {names[name]}" for option, name in OPTIONS if name in names]
    if not places:
        return lines
    return [*lines, f"Next: planner init -w DIR {' '.join(places + options)}"]


def police_words(done: Fetched) -> list[str]:
    """Describe a download of police files in lines of text, with what to do next."""
    lines = [f"{path}: {count:,} incidents." for path, count in done.files]
    lines += [f"Note: {note}" for note in done.notes]
    return [*lines, f"Next: planner import -w DIR {done.files[0][0].parent}/*.csv"]
