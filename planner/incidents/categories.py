"""What incidents are counted as: many sources' words, one list of the workspace's.

A written category is looked up whole, and else by its parts ('theft / bicycle'). What the list
does not know counts as ``"other"``; but where a word in it tells that it is sensitive, as
``"other sensitive"``: a name that nobody foresaw must not put such an incident on a map.
"""

from collections.abc import Mapping

import pandas as pd

from planner.settings import Category

OTHER = "other"
OTHER_SENSITIVE = "other sensitive"
SENSITIVE_WORDS = (
    "abuse", "abusive", "domestic", "grooming", "harass", "indecen", "mental health",
    "concern for", "missing person", "overdose", "prevent ", "radicali", "rape", "self-harm",
    "self harm", "sex", "stalk", "suicid", "voyeur", "welfare",
)  # fmt: skip
_UNLISTED = Category(harm=1.0)


def counted_as(written: pd.Series, categories: Mapping[str, Category]) -> pd.Series:
    """Name the category of the list that each written one counts as.

    Parameters
    ----------
    written
        Categories as their sources have them, shape (n,).
    categories
        The workspace's list.
    """
    names = _names(categories)
    distinct = written.drop_duplicates()
    found = {text: _counted_as(text.lower().strip(), names, categories) for text in distinct}
    return written.map(found).astype("str")


def handled(written: pd.Series, categories: Mapping[str, Category]) -> pd.DataFrame:
    """Say how incidents of these categories are counted and shown.

    Returns
    -------
    pandas.DataFrame
        Same index; ``category`` (name in the list), ``harm`` (weight of one incident), ``origin``
        (``"reported"`` or ``"discovered"``), ``sensitive``.
    """
    category = counted_as(written, categories)
    sensitive_anyway = Category(harm=1.0, sensitive=True)
    rules = {
        name: categories.get(name, sensitive_anyway if name == OTHER_SENSITIVE else _UNLISTED)
        for name in category.drop_duplicates()
    }
    return pd.DataFrame(
        {
            "category": category,
            "harm": category.map({name: rule.harm for name, rule in rules.items()}).astype(float),
            "origin": category.map({name: rule.origin for name, rule in rules.items()}),
            "sensitive": category.map({n: rule.sensitive for n, rule in rules.items()}).astype(
                bool
            ),
        }
    ).astype({"origin": "str"})


def unlisted(written: pd.Series, categories: Mapping[str, Category]) -> list[str]:
    """Return the written categories that the list does not name, most frequent first."""
    names = _names(categories)
    counts = written.str.lower().value_counts()
    return [str(text) for text in counts.index if not _named(str(text), names)]


def _names(categories: Mapping[str, Category]) -> dict[str, str]:
    """Return the list's name of each name and each other name."""
    names = {other.lower(): name for name, rule in categories.items() for other in rule.written}
    return names | {name.lower(): name for name in categories}


def _named(text: str, names: Mapping[str, str]) -> list[str]:
    """Return the list's names of a written category: one, or those of its parts."""
    if text in names:
        return [names[text]]
    return [names[part.strip()] for part in text.split("/") if part.strip() in names]


def _counted_as(text: str, names: Mapping[str, str], categories: Mapping[str, Category]) -> str:
    found = _named(text, names)
    sensitive = [name for name in found if categories[name].sensitive]
    if sensitive:
        return sensitive[0]
    if text not in names and any(word in text for word in SENSITIVE_WORDS):
        return OTHER_SENSITIVE
    return found[0] if found else OTHER
