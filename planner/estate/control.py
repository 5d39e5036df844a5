"""Whose a site, building or camera is, who may enter it, and on which days it is there."""

from datetime import date

import pandas as pd

from planner.errors import EstateError
from planner.estate.layers.features import text_column

NOT_STATED = "not stated"
ACCESS = ("own", "on request", "none", NOT_STATED)
SERVICE = ("service", "the service")
OWN_POST = "post"


def controller_column(features: pd.DataFrame) -> pd.Series:
    """Return who controls each feature, as given; ``"not stated"`` where nothing is."""
    stated = text_column(features, "controller", default=NOT_STATED)
    return stated.where(stated != "", NOT_STATED)


def access_column(features: pd.DataFrame) -> pd.Series:
    """Return who may enter each feature: one of :data:`ACCESS`.

    Parameters
    ----------
    features
        With ``_file`` and ``_row`` where it was read from a file, and optionally ``access``.

    Raises
    ------
    EstateError
        If another word stands there, naming the feature.
    """
    stated = text_column(features, "access", default=NOT_STATED).str.lower()
    stated = stated.where(stated != "", NOT_STATED)
    wrong = ~stated.isin(ACCESS)
    if wrong.any():
        raise EstateError(
            f"{_where(features, wrong)}: 'access' is '{stated[wrong].iloc[0]}'; it must be "
            f"{', '.join(ACCESS[:-1])} or {ACCESS[-1]}."
        )
    return stated


def validity_columns(features: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the first and the last day on which each feature is there; ``""`` for no end.

    Parameters
    ----------
    features
        Optionally with ``valid_from`` and ``valid_to``, as YYYY-MM-DD.

    Returns
    -------
    first, last
        Days as ISO text; both belong to the time.

    Raises
    ------
    EstateError
        If one is no such day, or the last is before the first, naming the feature.
    """
    first, last = _days(features, "valid_from"), _days(features, "valid_to")
    wrong = (first != "") & (last != "") & (last < first)
    if wrong.any():
        raise EstateError(
            f"{_where(features, wrong)}: 'valid_to' ({last[wrong].iloc[0]}) is before 'valid_from' "
            f"({first[wrong].iloc[0]}); mend one of them."
        )
    return first, last


def _days(features: pd.DataFrame, name: str) -> pd.Series:
    stated = text_column(features, name)
    # Some formats keep a day as its midnight.
    day = stated.str.replace(r"[T ]00:00(:00(\.0+)?)?(Z|\+00:00)?$", "", regex=True)
    wrong = (day != "") & pd.to_datetime(day, format="%Y-%m-%d", errors="coerce").isna()
    wrong |= (day != "") & (day.str.len() != len("YYYY-MM-DD"))
    if wrong.any():
        raise EstateError(
            f"{_where(features, wrong)}: '{name}' is '{stated[wrong].iloc[0][:40]}'; it must be a "
            "day, as YYYY-MM-DD."
        )
    return day


def _where(features: pd.DataFrame, wrong: pd.Series) -> str:
    row = wrong.to_numpy().argmax()
    if "_file" not in features:
        return f"Feature {row + 1}"
    return f"{features['_file'].iloc[row]}: feature {features['_row'].iloc[row]}"


def is_valid(table: pd.DataFrame, on: date) -> pd.Series:
    """Mark the rows of sites, buildings or cameras that are there on a day."""
    first, last = table["valid_from"], table["valid_to"]
    day = on.isoformat()
    return ((first == "") | (first <= day)) & ((last == "") | (last >= day))


def is_own(table: pd.DataFrame, posts: pd.DataFrame) -> pd.Series:
    """Mark the rows that the service itself controls: those alone it may move or remove.

    Parameters
    ----------
    table
        Sites, buildings or cameras, with ``controller`` and optionally ``kind``.
    posts
        The service's own posts: whoever is named as their controller is the service.
    """
    names = {*posts["controller"].str.lower(), *SERVICE} - {NOT_STATED}
    own = table["controller"].str.lower().isin(names)
    return own | (table["kind"] == OWN_POST) if "kind" in table else own
