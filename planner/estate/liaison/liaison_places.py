"""Which site or building a row of contacts, plans or premises means: exactly one, or a reason.

A name is never guessed here: it is an identifier, a name or an alias of the estate, or the row is
refused with the names that come close.
"""

import difflib
import json
from dataclasses import dataclass

import pandas as pd

from planner.estate.model import Estate

CLOSE_SHOWN, SAME_SHOWN = 2, 4


@dataclass(frozen=True)
class Places:
    """The places that a row may name.

    Attributes
    ----------
    labels
        For each way to write a place, in lower case, the labels of the places that it can mean.
        A label is the place's name where no other has it, else its identifier.
    """

    labels: dict[str, tuple[str, ...]]

    def find(self, written: str) -> tuple[str, str]:
        """Return the label of the place that a text names, and why there is none.

        Parameters
        ----------
        written
            As it stands in the row.

        Returns
        -------
        label, reason
            One of them is ``""``.
        """
        found = self.labels.get(written.casefold(), ())
        if len(found) == 1:
            return found[0], ""
        if found:
            some = ", ".join(found[:SAME_SHOWN]) + (", ..." if len(found) > SAME_SHOWN else "")
            return "", f"'{written}' is the name of {len(found)} places; write one of: {some}"
        close = difflib.get_close_matches(written.casefold(), self.labels, n=6, cutoff=0.7)
        alike = dict.fromkeys(label for key in close for label in self.labels[key])
        hint = " or ".join(list(alike)[:CLOSE_SHOWN])
        return "", f"'{written}' is no place of the estate" + (
            f" (did you mean {hint}?)" if hint else ""
        )


def site_places(estate: Estate) -> Places:
    """Return the sites, by identifier, name and alias."""
    return _places(_sites(estate))


def all_places(estate: Estate) -> Places:
    """Return the sites and buildings; a building that is its whole site counts as the site."""
    buildings = estate.buildings[["building", "site", "name"]]
    same = buildings["site"].map(estate.sites.set_index("site")["name"]) == buildings["name"]
    others = buildings[~same]
    ids = _named(others["building"], others["building"], 0)
    names = _named(others["building"], others["name"], 1)
    return _places(pd.concat([_sites(estate), ids, names], ignore_index=True))


def place_words(estate: Estate) -> frozenset[str]:
    """Return the words of the names of sites, in lower case letters."""
    words = estate.sites["name"].str.casefold().str.replace("['\u2019.]", "", regex=True)
    return frozenset(words.str.findall(r"[^\W\d_]+").explode().dropna())


def _sites(estate: Estate) -> pd.DataFrame:
    sites = estate.sites[["site", "name", "aliases"]]
    aliases = sites.assign(alias=sites["aliases"].map(json.loads)).explode("alias").dropna()
    parts = [
        _named(sites["site"], sites["site"], 0),
        _named(sites["site"], sites["name"], 1),
        _named(aliases["site"], aliases["alias"].astype("str"), 2),
    ]
    return pd.concat(parts, ignore_index=True)


def _named(identifier: pd.Series, name: pd.Series, rank: int) -> pd.DataFrame:
    """List ways to write places; an identifier goes before a name, and a name before an alias."""
    return pd.DataFrame({"id": identifier, "name": name, "key": name.str.casefold(), "rank": rank})


def _places(written: pd.DataFrame) -> Places:
    written = written[written["key"] != ""].drop_duplicates()
    best = written[written["rank"] == written.groupby("key")["rank"].transform("min")]
    best = best.drop_duplicates(["key", "id"])
    alone = best.drop_duplicates("key", keep=False).set_index("key")["id"]
    names = written[written["rank"] == 1]
    clear = names[names["key"].map(alone) == names["id"]].drop_duplicates("id")
    named = best["id"].map(clear.set_index("id")["name"]).astype(object)
    label = named.where(named.notna(), best["id"])
    grouped = label.groupby(best["key"]).agg(lambda labels: tuple(dict.fromkeys(labels)))
    return Places({str(key): tuple(map(str, labels)) for key, labels in grouped.items()})
