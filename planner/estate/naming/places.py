"""Finding an estate's sites and buildings in written places, by everything that they are called.

A text and a name are compared word by word (:mod:`planner.estate.naming.vocabulary`), by how
much of the text the name explains and how much of the name the text has::

    score = 100 * explained * (0.8 + 0.2 * named)

A reading is *sure* where the text itself leaves no other:

================  ================================================================================
``evidence``      what the text holds
================  ================================================================================
decided           a person said what this text means
number            the building's number or UPRN
name              a telling word and a score of 80 and more; or the whole name, where it is the
                  site's, or the text, or the incident, is at that site. A building's name that
                  another site has too needs the site; so does one without a telling word,
                  unless it is an alias
name, address     a name with a score of 65 and more, and an address within 150 m of it; or the
                  building's own address beside a telling word or the initials of its name
address           the building's own address and no other name
street            nothing but a street of the estate
================  ================================================================================

A runner-up within 5 points on another site, an address more than 300 m away, or one more than 200
numbers along the building's own street, undoes it. At its own address a word of its name may be
clipped or have two slips; all of its initials count up to ten numbers away. Words
such as 'opposite' or 'from' point at a place that is not where it happened: nothing is read then.
"""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from rapidfuzz import fuzz, process

from planner.estate.model import Estate
from planner.estate.naming.address_book import AddressBook, address_book
from planner.estate.naming.evidence import MARGIN, Segments, candidates, only_where, told_apart
from planner.estate.naming.name_table import NameTable, name_table
from planner.estate.naming.written import normalised

DECIDED = "decided"


@dataclass(frozen=True)
class Candidate:
    """A place that a text may mean.

    Attributes
    ----------
    site, building
        Identifiers; ``building`` is ``""`` where the site is meant.
    name
        Its official name.
    score
        How alike, 0 to 100.
    """

    site: str
    building: str
    name: str
    score: float


@dataclass(frozen=True)
class PlaceIndex:
    """What an estate's sites and buildings are called.

    Attributes
    ----------
    places
        Buildings, then sites: ``site``, ``building`` (``""`` for a site), ``name``, ``geometry``.
    names
        Their names.
    numbers
        The place of each number and UPRN, by normalised text.
    book
        Their addresses.
    streets
        Names of streets by their normalised text.
    decided
        What people said that a text means: ``site``, ``building``, by normalised text.
    """

    places: pd.DataFrame
    names: NameTable
    numbers: pd.Series
    book: AddressBook
    streets: pd.Series
    decided: pd.DataFrame

    def read(self, texts: pd.Series, at_site: pd.Series | None = None) -> pd.DataFrame:
        """Find what texts name; equal ones are read once.

        Parameters
        ----------
        texts
            Written places.
        at_site
            The site on which the incident is known to lie, ``""`` where it isn't.

        Returns
        -------
        pandas.DataFrame
            Same index: ``place`` (row of :attr:`places`, -1 where nothing is named), ``site``,
            ``building``, ``sure`` (False: to be believed only where coordinates say so too),
            ``score``, ``evidence``, ``runner_up`` (name), ``runner_up_score``, ``street``,
            ``other`` (the text may name a place that the index does not know), ``address``
            (whether it holds one).
        """
        sites = pd.Series("", index=texts.index) if at_site is None else at_site
        code, distinct = pd.factorize(texts.fillna(""))
        site_code, site = pd.factorize(sites)
        both, asked = pd.factorize(code.astype(np.int64) * max(len(site), 1) + site_code)
        text, where = np.divmod(asked, max(len(site), 1))
        keys, key = pd.factorize(normalised(pd.Series(distinct, dtype="str")))
        found = self._read_keys(
            pd.Series(key, dtype="str"), keys[text], pd.Series(site, dtype="str").take(where)
        )
        return found.take(both).set_axis(texts.index)

    def match(self, texts: pd.Series) -> pd.DataFrame:
        """Find the places that texts name by themselves, without knowing where it happened.

        Returns
        -------
        pandas.DataFrame
            Same index: ``site``, ``building`` (``""`` where none is named), ``score``,
            ``evidence``, ``runner_up``, ``runner_up_score``.
        """
        found = self.read(texts)
        unsure = ~found["sure"]
        found.loc[unsure, ["site", "building", "evidence"]] = ""
        return found.drop(columns=["place", "sure", "street", "other", "address"])

    def _asked(self, keys: pd.Series) -> tuple[Segments, NameTable, AddressBook, np.ndarray]:
        known = pd.Index(self.names.names["key"])
        segments = told_apart(keys, known, self.streets.index, self.book)
        return segments, self.names, self.book, self.places["geometry"].to_numpy()

    def _read_keys(self, keys: pd.Series, text: np.ndarray, at_site: pd.Series) -> pd.DataFrame:
        """Read normalised texts, each with the site on which it happened."""
        segments, names, book, shapes = self._asked(keys)
        found = candidates(segments, names, book, shapes)
        found = found[~segments.elsewhere[found["text"]]]
        asked = pd.DataFrame({"text": text, "at": at_site.to_numpy()})
        best = self._best(asked, found)
        best["street"] = self._streets(segments)[text]
        every = np.arange(segments.texts)
        named = segments.names[~only_where(segments.names)].index
        best["other"] = np.isin(every, np.concatenate([named, segments.crossings]))[text]
        best["address"] = np.isin(every, segments.address.index)[text]
        best = self._by_number(best, segments, text)
        return self._by_decision(best, keys.take(text).to_numpy())

    def _best(self, asked: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
        pairs = asked.rename_axis("ask").reset_index().merge(found, on="text")
        told = self.places.iloc[pairs["place"]]
        pairs["site"] = told["site"].to_numpy()
        pairs["is_site"] = (told["building"] == "").to_numpy()
        here = (pairs["site"] == pairs["at"]) & pairs["at_site"]
        pairs["sure"] |= here
        pairs["usable"] = pairs["sure"] | pairs["near"]
        pairs["weight"] += 2 * MARGIN * here
        pairs = pairs.sort_values(
            ["ask", "sure", "weight", "is_site", "place"],
            ascending=[True, False, False, True, True],
        )
        first = pairs[pairs["usable"]].drop_duplicates("ask").set_index("ask")
        best = first[["place", "site", "is_site"]].add_suffix("_1")
        rivals = pairs.join(best, on="ask")
        other = (rivals["place"] != rivals["place_1"]) & (
            (rivals["site"] != rivals["site_1"]) | ~(rivals["is_site"] | rivals["is_site_1"])
        )
        second = rivals[other].sort_values(["ask", "weight"], ascending=[True, False])
        close = second[second["rival"]].drop_duplicates("ask").set_index("ask")["weight"]
        undone = (close.reindex(first.index) > first["weight"] - MARGIN).to_numpy(bool)
        second = second.drop_duplicates("ask").set_index("ask")
        return self._told(first[~undone], second, len(asked))

    def _told(self, first: pd.DataFrame, second: pd.DataFrame, asks: int) -> pd.DataFrame:
        every = pd.RangeIndex(asks)
        place = first["place"].reindex(every, fill_value=-1).to_numpy(int)
        rival = second["place"].reindex(every, fill_value=-1).to_numpy(int)
        return pd.DataFrame(
            {
                "place": place,
                "site": _taken(self.places["site"], place),
                "building": _taken(self.places["building"], place),
                "sure": first["sure"].reindex(every, fill_value=False).to_numpy(bool),
                "score": first["score"].reindex(every, fill_value=0.0).to_numpy(),
                "evidence": first["evidence"].reindex(every, fill_value="").astype("str"),
                "runner_up": _taken(self.places["name"], rival),
                "runner_up_score": second["score"].reindex(every, fill_value=0.0).to_numpy(),
            }
        )

    def _by_number(self, best: pd.DataFrame, segments: Segments, text: np.ndarray) -> pd.DataFrame:
        numbered = segments.names[segments.names.isin(self.numbers.index)]
        numbered = numbered[~numbered.index.duplicated(keep=False)]
        place = self.numbers.reindex(numbered).set_axis(numbered.index).reindex(text)
        found = np.flatnonzero(place.notna() & ~segments.elsewhere[text])
        return self._set(best, found, place.to_numpy(float)[found].astype(int), "number")

    def _by_decision(self, best: pd.DataFrame, keys: np.ndarray) -> pd.DataFrame:
        row = self.decided.index.get_indexer(pd.Index(keys))
        found = np.flatnonzero(row >= 0)
        meant = self.decided.iloc[row[found]]
        places = _identities(self.places)
        place = pd.Index(places).get_indexer(pd.Index(_identities(meant)))
        # What was decided of a place that the estate no longer has, is not decided.
        valid = (place >= 0) | ((meant["site"] == "") & (meant["building"] == "")).to_numpy(bool)
        found, place = found[valid], place[valid]
        return self._set(best, found, place, DECIDED)

    def _set(
        self, best: pd.DataFrame, rows: np.ndarray, place: np.ndarray, evidence: str
    ) -> pd.DataFrame:
        if not len(rows):
            return best
        told = best.copy()
        told.loc[rows, "place"] = place
        told.loc[rows, "site"] = _taken(self.places["site"], place).to_numpy()
        told.loc[rows, "building"] = _taken(self.places["building"], place).to_numpy()
        told.loc[rows, ["sure", "score", "evidence"]] = [True, 100.0, evidence]
        return told

    def _streets(self, segments: Segments) -> np.ndarray:
        """Name the street of each text that is on one only."""
        named = segments.streets[segments.streets.isin(self.streets.index)]
        alone = named[~named.index.duplicated(keep=False)]
        found = pd.Series("", index=range(segments.texts), dtype="str")
        found.loc[alone.index] = self.streets.loc[alone].to_numpy()
        streets: np.ndarray = found.to_numpy(dtype=object)
        return streets

    def candidates(self, text: str, most: int = 5) -> list[Candidate]:
        """Return the places that a text may mean, best first, however little they are alike.

        Parameters
        ----------
        text
            A written place.
        most
            How many to return.
        """
        key = normalised(pd.Series([text]))
        found = candidates(*self._asked(key))
        scores = dict(zip(found["place"].tolist(), found["score"].tolist(), strict=True))
        keys = self.names.names
        close = process.extract(
            key[0], keys["key"].tolist(), scorer=fuzz.token_sort_ratio, limit=4 * most
        )
        for _, score, row in close:
            scores.setdefault(int(keys["place"].iloc[row]), 0.8 * score)
        best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:most]
        rows = self.places.iloc[[place for place, _ in best]]
        told = zip(rows["site"], rows["building"], rows["name"], best, strict=True)
        return [
            Candidate(site, building, name, round(score, 1))
            for site, building, name, (_, score) in told
        ]


def _identities(places: pd.DataFrame) -> pd.Series:
    """Tell buildings and sites apart in one column."""
    building = "building " + places["building"]
    return building.where(places["building"] != "", "site " + places["site"])


def _taken(column: pd.Series, row: np.ndarray) -> pd.Series:
    values = pd.concat([column.astype("str"), pd.Series([""], dtype="str")], ignore_index=True)
    return values.take(row).reset_index(drop=True)


def place_index(estate: Estate, decided: pd.DataFrame | None = None) -> PlaceIndex:
    """Take in what an estate's places are called.

    Parameters
    ----------
    estate
        The estate; ``number``, ``uprn``, ``departments``, ``aliases`` and ``address`` of its
        buildings count where they are known.
    decided
        What people decided: ``place`` (normalised), ``site``, ``building``; both empty where the
        text is no place of the estate's. The last of a place counts.
    """
    buildings, sites = _texts(estate.buildings), _texts(estate.sites)
    places = pd.concat([buildings, sites.assign(building="")], ignore_index=True)
    row_of_site = pd.Series(np.arange(len(buildings), len(places)), index=sites["site"])
    row_of_site = row_of_site[~row_of_site.index.duplicated()]
    site_of = row_of_site.reindex(places["site"]).fillna(-1).to_numpy(int)
    site_of = np.where(site_of < 0, np.arange(len(places)), site_of)
    names = name_table(_names(places), site_of, _whole_site(places, site_of))
    rows = pd.RangeIndex(len(buildings))
    book = address_book(buildings["address"].set_axis(rows), buildings["name"].set_axis(rows))
    return PlaceIndex(places, names, _numbers(buildings), book, _streets(estate), _last(decided))


def _texts(table: pd.DataFrame) -> pd.DataFrame:
    """Give every column that names are read from, empty where the table has none."""
    wanted = ["site", "building", "name", "number", "uprn", "departments", "aliases", "address"]
    texts = table.reindex(columns=wanted).astype("str").fillna("")
    return texts.assign(geometry=table.geometry.to_numpy()).reset_index(drop=True)


def _whole_site(places: pd.DataFrame, site_of: np.ndarray) -> np.ndarray:
    """Whether a building is all that its site is, shape (places,)."""
    shapes = places["geometry"].to_numpy()
    is_building = (places["building"] != "").to_numpy()
    alone = np.bincount(site_of[is_building], minlength=len(places))[site_of] == 1
    whole: np.ndarray = is_building & alone & shapely.equals(shapes, shapes[site_of])
    return whole


def _names(places: pd.DataFrame) -> pd.DataFrame:
    """List every name of every place: ``place``, ``name``, ``also`` (it is called that too)."""
    listed = (places["aliases"].map(_list) + places["departments"].map(_list)).explode().dropna()
    names = pd.concat([places["name"], listed])
    # 'Mandel Hall/Hutchinson Commons' is called by either.
    parts = names[names.str.contains("/")].str.split("/").explode()
    every = pd.concat([names, parts])
    also = np.arange(len(every)) >= len(places)
    return pd.DataFrame(
        {"place": every.index, "name": every.astype("str").to_numpy(), "also": also}
    )


def _list(text: str) -> list[str]:
    listed = json.loads(text or "[]")
    return [str(item) for item in listed] if isinstance(listed, list) else []


def _numbers(buildings: pd.DataFrame) -> pd.Series:
    """List the places of numbers: '123' of three figures and more, 'building 12' and 'UPRN 12'."""
    number, uprn = normalised(buildings["number"]), normalised(buildings["uprn"])
    written = pd.concat([
        number[number.str.len() >= 3], "building " + number[number != ""],
        uprn[uprn != ""], "uprn " + uprn[uprn != ""],
    ])  # fmt: skip
    places = pd.Series(written.index, index=pd.Index(written, dtype="str"))
    return places[~places.index.duplicated(keep=False)]


def _streets(estate: Estate) -> pd.Series:
    names = np.array([], dtype=object) if estate.streets is None else estate.streets.names
    distinct = pd.Series(pd.unique(np.asarray(names, dtype=object)), dtype="str")
    distinct = distinct[distinct != ""]
    found = pd.Series(distinct.to_numpy(), index=pd.Index(normalised(distinct)), dtype="str")
    return found[~found.index.duplicated()]


def _last(decided: pd.DataFrame | None) -> pd.DataFrame:
    if decided is None:
        decided = pd.DataFrame({"place": [], "site": [], "building": []}, dtype="str")
    return decided.drop_duplicates("place", keep="last").set_index("place")[["site", "building"]]
