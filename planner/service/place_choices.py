"""The estate's places as a person is shown them, and as a person names one in an answer."""

from dataclasses import dataclass

import pandas as pd

from planner.errors import EstateError
from planner.estate.model import Estate
from planner.estate.naming.places import Candidate, PlaceIndex, place_index
from planner.estate.naming.written import normalised

SHOWN = 3
NOTHING = "none"
CERTAIN, CLOSE = 100.0, 50.0
IDENTIFIERS = ["site", "building"]


@dataclass(frozen=True)
class PlaceChoices:
    """What a person can answer.

    Attributes
    ----------
    index
        What the places are called.
    names
        A name of each of the index's places that no other has.
    offered
        Which places are offered: not a site that is all one building of the same name.
    """

    index: PlaceIndex
    names: pd.Series
    offered: pd.Series

    def likely(self, text: str, most: int = SHOWN) -> tuple[Candidate, ...]:
        """Return what a written place may mean, best first."""
        places = self.index.places
        row_of = pd.Series(places.index, index=pd.MultiIndex.from_frame(places[IDENTIFIERS]))
        # Each may be a site that is not offered, beside its building.
        found = self.index.candidates(text, 2 * most)
        rows = [int(row_of[(item.site, item.building)]) for item in found]
        return tuple(
            Candidate(item.site, item.building, str(self.names[row]), item.score)
            for item, row in zip(found, rows, strict=True)
            if self.offered[row]
        )[:most]

    def meant(self, answer: str) -> Candidate:
        """Return the one place that an answer names.

        Parameters
        ----------
        answer
            An identifier; a name, with or without its site; an alias that no other place has.

        Raises
        ------
        EstateError
            If it names none, or more than one.
        """
        key = normalised(pd.Series([answer])).iloc[0]
        places = self.index.places
        is_site = places["building"] == ""
        for named in (
            places["building"].where(~is_site, places["site"]) == answer.strip(),
            normalised(self.names) == key,
            self.offered & (normalised(places["name"]) == key),
        ):
            if key and named.sum() == 1:
                site, building = places.loc[named, IDENTIFIERS].iloc[0]
                return Candidate(site, building, str(self.names[named].iloc[0]), CERTAIN)
        return self._certain(answer, self.likely(answer) if key else ())

    def _certain(self, answer: str, likely: tuple[Candidate, ...]) -> Candidate:
        scores = [item.score for item in likely]
        if scores[:1] == [CERTAIN] and CERTAIN not in scores[1:]:
            return likely[0]
        close = " or ".join(f"'{item.name}'" for item in likely if item.score >= CLOSE)
        raise EstateError(
            f"'{answer}' is not the name of one site or building"
            + (f"; did you mean {close}?" if close else " of the estate.")
            + f" Give its name or identifier, or '{NOTHING}'."
        )


def place_choices(estate: Estate, decided: pd.DataFrame | None = None) -> PlaceChoices:
    """Take in what can be answered on an estate.

    Parameters
    ----------
    estate
        The estate.
    decided
        What people decided before, as :func:`planner.estate.naming.places.place_index` takes it.
    """
    index = place_index(estate, decided)
    places = index.places
    is_site = places["building"] == ""
    of_site = places["site"].map(_site_names(places)).fillna("")
    same = ~is_site & (places["name"] == of_site)
    alone = places.groupby("site")["building"].transform("size") <= 2
    one_building = places["site"].isin(places.loc[same & alone, "site"])
    names = places["name"].where(is_site | same, places["name"] + ", " + of_site)
    names = names.mask(is_site & one_building, names + " (the whole site)")
    names = names.mask(same & ~one_building, names + " (the building)")
    unclear = normalised(names).duplicated(keep=False)
    identifier = places["building"].where(~is_site, places["site"])
    names = names.mask(unclear, names + " (" + identifier + ")").astype("str")
    return PlaceChoices(index, names, ~(is_site & one_building))


def _site_names(places: pd.DataFrame) -> pd.Series:
    sites = places[places["building"] == ""].drop_duplicates("site")
    return sites.set_index("site")["name"]
