"""The tables of the register: what is kept, in which columns.

Incidents are versions: a row is added and never changed, save that free text is purged when its
time has come. The version that counts as of a moment is the highest one recorded until then.
Moments are whole seconds since 1970 in UTC.
"""

import sqlalchemy as sql

metadata = sql.MetaData()


def _text(name: str) -> sql.Column[str]:
    return sql.Column(name, sql.Text, nullable=False, server_default="")


def _moment(name: str, *, nullable: bool = False) -> sql.Column[int]:
    return sql.Column(name, sql.BigInteger, nullable=nullable)


def _number(name: str) -> sql.Column[int]:
    return sql.Column(name, sql.Integer, nullable=False)


imports = sql.Table(
    "imports",
    metadata,
    sql.Column("id", sql.Integer, primary_key=True),
    _moment("recorded_at"),
)
files = sql.Table(
    "files",
    metadata,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("import_id", sql.ForeignKey("imports.id"), nullable=False),
    _text("name"),
    _text("source"),
    _text("digest"),
    # Its column names as a line of CSV: rejected rows are exported below it.
    _text("header"),
    _number("read"),
    _number("accepted"),
    _number("rejected"),
    _number("duplicates"),
    # How many of the accepted rows correct a record that was known.
    _number("corrected"),
)
periods = sql.Table(
    "periods",
    metadata,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("file_id", sql.ForeignKey("files.id"), nullable=False),
    _text("source"),
    _moment("starts_at"),
    _moment("ends_at"),
    # WKT in WGS84; empty for the whole estate.
    _text("area"),
)
rejected_rows = sql.Table(
    "rejected_rows",
    metadata,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("file_id", sql.ForeignKey("files.id"), nullable=False),
    _number("row"),
    _text("reason"),
    # Empty once purged.
    _text("text"),
)
incidents = sql.Table(
    "incidents",
    metadata,
    sql.Column("id", sql.Integer, primary_key=True),
    # The file that it came from; a version that a person's decision made has that of its record.
    sql.Column("file_id", sql.ForeignKey("files.id"), nullable=False),
    _moment("recorded_at"),
    # What made this version: "import" or "review".
    _text("cause"),
    _text("source"),
    _text("key"),
    _number("version"),
    # Digests of what its file said of it, without and with only its free text.
    sql.Column("digest", sql.BigInteger, nullable=False),
    sql.Column("details_digest", sql.BigInteger, nullable=False),
    _text("reference"),
    _text("category"),
    _moment("occurred_from"),
    _moment("occurred_to"),
    _text("time_known"),
    _text("clock"),
    _moment("reported_at", nullable=True),
    _text("place"),
    sql.Column("longitude", sql.Double),
    sql.Column("latitude", sql.Double),
    sql.Column("anonymised", sql.Boolean, nullable=False),
    _text("police_reference"),
    _text("marking"),
    _text("permission"),
    _text("grade"),
    sql.Column("x", sql.Double),
    sql.Column("y", sql.Double),
    _text("building"),
    _text("site"),
    _text("street"),
    _text("zone"),
    _text("precision"),
    sql.Column("confidence", sql.Double, nullable=False),
    # Metres between the coordinates and the place that the text names, where they disagree.
    sql.Column("apart_m", sql.Double),
    sql.UniqueConstraint("source", "key", "version"),
)
# Free text stands apart, so that it can be purged without touching the record.
details = sql.Table(
    "details",
    metadata,
    sql.Column("incident_id", sql.ForeignKey("incidents.id"), primary_key=True),
    sql.Column("text", sql.Text, nullable=False),
)
# What a person decided that a written place means; the latest of a place counts.
aliases = sql.Table(
    "aliases",
    metadata,
    sql.Column("id", sql.Integer, primary_key=True),
    _moment("recorded_at"),
    # The written place, as planner.estate.naming.places normalises it.
    _text("place"),
    # Both empty: the place is none of the estate's.
    _text("site"),
    _text("building"),
)
# Whether two records of different sources are the same event; the latest of a pair counts.
matches = sql.Table(
    "matches",
    metadata,
    sql.Column("id", sql.Integer, primary_key=True),
    _moment("recorded_at"),
    _text("source"),
    _text("key"),
    _text("other_source"),
    _text("other_key"),
    sql.Column("same", sql.Boolean, nullable=False),
)
# A chain: each entry's hash is over its content and the hash of the entry before it.
audit = sql.Table(
    "audit",
    metadata,
    sql.Column("number", sql.Integer, primary_key=True, autoincrement=False),
    _moment("recorded_at"),
    _text("actor"),
    _text("action"),
    # Canonical JSON; digests and counts, never text from a record.
    _text("subject"),
    _text("previous"),
    _text("hash"),
)
# What a person decided that the incidents of a place count; the latest that covers one counts.
place_weights = sql.Table(
    "place_weights",
    metadata,
    sql.Column("id", sql.Integer, primary_key=True),
    _moment("recorded_at"),
    # The place's key, as planner.insight.recording.place_keys makes it.
    _text("place"),
    # Empty for all categories.
    _text("category"),
    # Only what is recorded from then on; NULL for always.
    _moment("starts_at", nullable=True),
    # From 0 (left out) to 1 (as any other).
    sql.Column("weight", sql.Double, nullable=False),
)
# Graded entries of intelligence: each change of one adds a version; the highest counts.
intelligence = sql.Table(
    "intelligence",
    metadata,
    sql.Column("id", sql.Integer, primary_key=True),
    _moment("recorded_at"),
    # Of the entry, as planner.incidents.intelligence makes it.
    _text("entry"),
    _number("version"),
    _text("cause"),
    _text("status"),
    _text("actor"),
    # The entry but for its free texts, as canonical JSON.
    _text("content"),
    # Seconds since 1970 at which it expires: its texts are kept for so long after it.
    _moment("ends_at"),
    # The free texts as a JSON list; empty once purged.
    _text("texts"),
    _text("texts_digest"),
    # Of all the above but id and texts.
    _text("digest"),
    sql.UniqueConstraint("entry", "version"),
)
