"""What a feature says of itself: its kind, other names, address, and whose it is."""

import json
import re

import pandas as pd

from planner.estate.control import access_column, controller_column, validity_columns
from planner.estate.layers.features import text_column
from planner.text import readable

USUAL_KIND = "site"
REFERENCES = ("reference", "id", "uprn", "bldg_id", "osm_id", "fid", "objectid")
OTHER_NAMES = ("alt_name", "official_name", "short_name", "old_name", "loc_name")
FURTHER_NAME = r"(?i)name_?[2-9]$"
NOT_LISTED = ("no", "none", "false", "0", "not listed", "unlisted")
NUMBERS = ("number", "building_number", "bldg_no", "bldg_num")


def described(features: pd.DataFrame, id_field: str | None = None) -> pd.DataFrame:
    """Read what is known of each feature beside its name and shape.

    Parameters
    ----------
    features
        As read, with their own properties.
    id_field
        The property that holds the source's own identifier; without it, the first of
        :data:`REFERENCES` that there is.

    Returns
    -------
    pandas.DataFrame
        Text columns ``kind``, ``aliases`` (a JSON list), ``controller``, ``access``,
        ``reference``, ``valid_from``, ``valid_to``, ``number``, ``uprn``, ``address``,
        ``departments`` (a JSON list), ``listed``, on the same index.

    Raises
    ------
    EstateError
        If ``access`` or a day of validity is none.
    """
    kind = kinds(features)
    first, last = validity_columns(features)
    columns = {
        "kind": kind.where(kind != "", USUAL_KIND),
        "aliases": other_names(features),
        "controller": controller_column(features),
        "access": access_column(features),
        "reference": first_stated(features, *((id_field,) if id_field else REFERENCES)),
        "valid_from": first,
        "valid_to": last,
        "number": first_stated(features, *NUMBERS),
        "uprn": text_column(features, "uprn"),
        "address": addresses(features),
        "departments": listed(features, "departments", "department"),
        "listed": heritage(features),
    }
    return pd.DataFrame(columns, index=features.index)


def kinds(features: pd.DataFrame) -> pd.Series:
    """Return what each feature is, in lower case; ``""`` where it does not say."""
    return first_stated(features, "kind", "type_name").str.lower()


def first_stated(features: pd.DataFrame, *names: str) -> pd.Series:
    """Return for each feature the first of the named properties that it states, as text."""
    found = text_column(features, names[0])
    for name in names[1:]:
        found = found.where(found != "", text_column(features, name))
    return found


def heritage(features: pd.DataFrame) -> pd.Series:
    """Return as what each building is listed (``"I"``, ``"II*"``), as given; ``""`` if it isn't."""
    stated = text_column(features, "listed")
    return stated.mask(stated.str.lower().isin(NOT_LISTED), "")


def listed(features: pd.DataFrame, *names: str) -> pd.Series:
    """Return a column of lists as JSON text; text is taken apart at semicolons."""
    name = next((name for name in names if name in features), None)
    if name is None:
        return pd.Series("[]", index=features.index, dtype=str)
    lists = features[name].map(lambda value: as_json(_as_list(value)))
    return lists.astype(str)


def other_names(features: pd.DataFrame) -> pd.Series:
    """Return what else each feature is called, as JSON lists.

    Beside ``aliases`` these are OpenStreetMap's other keys for names, and the second and further
    of numbered ones (``BLDG_NAME2``).
    """
    further = [name for name in map(str, features.columns) if re.search(FURTHER_NAME, name)]
    names = [name for name in features if str(name).lower() in OTHER_NAMES or name in further]
    if not names:
        return listed(features, "aliases")
    texts = features[names].fillna("").astype(str)
    stated = listed(features, "aliases").map(json.loads)
    rows = zip(stated, texts.itertuples(index=False, name=None), strict=True)
    lists = [as_json(known + _as_list(";".join(filter(None, more)))) for known, more in rows]
    return pd.Series(lists, index=features.index, dtype=str)


def as_json(names: list[str]) -> str:
    """Write a list of names as JSON, each once."""
    return json.dumps(list(dict.fromkeys(names)), ensure_ascii=False)


def _as_list(value: object) -> list[str]:
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = str(value)
    if isinstance(value, str):
        value = value.split(";")
    texts = [readable(str(item)) for item in value] if isinstance(value, list) else []
    return [text for text in texts if text]


def addresses(features: pd.DataFrame) -> pd.Series:
    """Return each feature's postal address, however its source writes it.

    Read are ``address``, OpenStreetMap's ``addr:`` keys, and the columns of US city files
    (``F_ADD1``, ``T_ADD1``, ``PRE_DIR1``, ``ST_NAME1``, ``ST_TYPE1``), in this order.
    """
    found = first_stated(features, "address", "addr:full")
    for other in (_openstreetmap_address(features), _city_address(features)):
        found = found.where(found != "", other)
    return found


def _openstreetmap_address(features: pd.DataFrame) -> pd.Series:
    street = text_column(features, "addr:street")
    number = first_stated(features, "addr:housenumber", "addr:housename")
    return (number + " " + street).str.strip().where(street != "", "")


def _city_address(features: pd.DataFrame) -> pd.Series:
    first, last = text_column(features, "F_ADD1"), text_column(features, "T_ADD1")
    range_ends = ~last.isin(["", "0"]) & (last != first)
    number = first.where(~range_ends, first + "-" + last)
    street = text_column(features, "ST_NAME1")
    parts = [number, text_column(features, "PRE_DIR1"), street, text_column(features, "ST_TYPE1")]
    written = pd.Series("", index=features.index, dtype=str)
    for part in [*parts, text_column(features, "SUF_DIR1")]:
        written = written + " " + part
    whole = written.str.replace(r"\s+", " ", regex=True).str.strip()
    return whole.where((street != "") & ~first.isin(["", "0"]), "")
