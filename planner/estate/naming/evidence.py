"""What a text says for each place that it may mean: by name, by address, by both."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from planner.estate.naming.address_book import AddressBook
from planner.estate.naming.name_table import NameTable
from planner.estate.naming.vocabulary import WHERE, is_outdoors, words_of
from planner.estate.naming.written import STREET_KINDS, addresses, run_on, segments_of

ALONE_SCORE, WITH_SUPPORT_SCORE, MARGIN = 80.0, 65.0, 5.0
AT_ADDRESS_SCORE, ONLY_ADDRESS_SCORE, OTHER_NAME_SCORE = 100.0, 90.0, 60.0
NEAR_M, FAR_M = 150.0, 300.0
WHOLE = 0.95
# Beside the building's own address, this much of a telling word is enough.
HEARD = 0.75
# All initials of a name say as much some numbers off the building's own address.
BESIDE_NUMBERS, INITIALS_BESIDE = 10, 3
# So many letters are initials too where some are left out, or stand in another order.
INITIALS_MIXED = 4

_ELSEWHERE = r"\b(?:opposite|across|between|towards?|from)\b"
_NUMBERS = ("score", "explained", "named", "words", "telling", "of_site", "beside")
_KIND = rf"(?:{'|'.join(sorted(STREET_KINDS))})"
# Said of ground, and no name of a street.
_GROUND = ("public way", "alley way", "access road", "service road", "bike path", "court yard")
_CROSSING = rf"\b{_KIND} (?:and|at|between|to|near)\b"
_STREET = rf"\b{_KIND}$|{_CROSSING}"


@dataclass(frozen=True)
class Segments:
    """The segments of texts, told apart by what they hold.

    Attributes
    ----------
    texts
        How many texts there are.
    names
        Segments that may hold names; the index says whose they are.
    address
        One address a text, as :func:`planner.estate.naming.written.addresses` reads them; the
        index is the text.
    streets
        Segments that are streets or addresses, without numbers.
    crossings
        Texts that have a street beside an address, or one that meets another.
    elsewhere
        Whether a text points at a place that is not its own, or at two, shape (texts,).
    """

    texts: int
    names: pd.Series
    address: pd.DataFrame
    streets: pd.Series
    crossings: np.ndarray
    elsewhere: np.ndarray


def told_apart(keys: pd.Series, known: pd.Index, streets: pd.Index, book: AddressBook) -> Segments:
    """Tell apart the segments of texts.

    Parameters
    ----------
    keys
        Normalised texts; index 0 to n-1.
    known
        Normalised names of places.
    streets
        Normalised names of streets.
    book
        The estate's addresses.
    """
    segments = _parted(segments_of(keys), known, book)
    read = addresses(segments)
    at = read["low"].notna() & ((read["kind"] != "") | book.has_street(read))
    is_street = segments.str.contains(_STREET) & ~segments.isin(_GROUND)
    is_street = ~at & ~segments.isin(known) & (is_street | segments.isin(streets))
    several = at.groupby(level=0).sum() > 1
    off = keys.str.contains(_ELSEWHERE).to_numpy(bool) | several.to_numpy(bool)
    address = read[at]
    named = (address["street"] + " " + address["kind"]).str.strip()
    return Segments(
        len(keys),
        segments[~at & ~is_street & (segments != "")],
        address[~address.index.duplicated()],
        pd.concat([named, segments[is_street]]),
        _crossings(segments[is_street], address),
        off,
    )


def _parted(segments: pd.Series, known: pd.Index, book: AddressBook) -> pd.Series:
    """Part the segments that go on after an address of the estate's streets."""
    parts = run_on(segments)
    goes_on = (parts["rest"] != "") & ~segments.isin(known)
    goes_on &= book.has_street(addresses(parts["address"]))
    both = parts["address"] + ", " + parts["rest"]
    return segments_of(segments.mask(goes_on, both))


def _crossings(streets: pd.Series, address: pd.DataFrame) -> np.ndarray:
    """List the texts of streets beside an address, or of streets that meet."""
    meet = streets.index[streets.str.contains(_CROSSING)]
    return np.union1d(np.intersect1d(address.index, streets.index), meet)


def candidates(
    segments: Segments, names: NameTable, book: AddressBook, shapes: np.ndarray
) -> pd.DataFrame:
    """List the places that texts may mean.

    Parameters
    ----------
    segments
        The texts.
    names, book
        Names and addresses.
    shapes
        The places' outlines in metres, shape (places,).

    Returns
    -------
    pandas.DataFrame
        ``text``, ``place``, ``score``, ``evidence``, and what would make it sure: ``sure``
        (nothing more), ``at_site`` (that it happened on the place's site), ``near`` (that it
        happened near the place). ``weight`` says which goes before which.
    """
    scored = names.scored(segments.names, segments.texts)
    known = book.found(segments.address)
    own = known[known["gap"] <= BESIDE_NUMBERS].sort_values("gap", kind="stable").reset_index()
    own = own.drop_duplicates(["text", "building"])
    pairs = scored.merge(
        own[["text", "building", "is_name", "gap"]].rename(columns={"building": "place"}),
        on=["text", "place"], how="outer", indicator="met",
    )  # fmt: skip
    beside = (pairs.pop("met") != "left_only").to_numpy()
    at_address = (pairs["gap"] == 0).to_numpy()
    pairs = pairs.fillna(dict.fromkeys(_NUMBERS, 0.0))
    pairs["shared"] = pairs["shared"].eq(True)
    pairs["plain"] = pairs["plain"].eq(True)
    pairs["is_name"] = pairs["is_name"].eq(True)
    apart = _apart(pairs, known, shapes)
    apart[_far_along(pairs, segments, book, shapes)] = np.inf
    named = _by_name(pairs, segments, apart)
    addressed = _by_address(pairs, at_address, segments, names)
    initials = _initials(pairs, beside & ~at_address, segments, names, exact=True)
    addressed[initials] = AT_ADDRESS_SCORE
    found = _joined(pairs, named, addressed)
    return found[found["score"] > 0].reset_index(drop=True)


def _far_along(
    pairs: pd.DataFrame, segments: Segments, book: AddressBook, shapes: np.ndarray
) -> np.ndarray:
    """Whether a place stands elsewhere on the street that a text gives, shape (pairs,).

    The site of a single building is as far along as the building is.
    """
    named = pairs[["text", "place"]].reset_index()
    far = book.far_along(segments.address)
    far = far.merge(named[["text", "place"]], left_on=["text", "building"],
                    right_on=["text", "place"])[["text", "building"]]  # fmt: skip
    both = named.merge(far, on="text")
    same = shapely.equals(shapes[both["place"]], shapes[both["building"]])
    found = np.zeros(len(pairs), dtype=bool)
    found[both.loc[same, "index"].to_numpy(int)] = True
    return found


def _apart(pairs: pd.DataFrame, known: pd.DataFrame, shapes: np.ndarray) -> np.ndarray:
    """Metres between each place and the building nearest the text's address, NaN without one."""
    nearest = known.sort_values("gap", kind="stable")["building"]
    anchor = nearest[~nearest.index.duplicated()].reindex(pairs["text"]).to_numpy(float)
    has = np.isfinite(anchor)
    metres = np.full(len(pairs), np.nan)
    places = pairs["place"].to_numpy(int)[has]
    metres[has] = shapely.distance(shapes[places], shapes[anchor[has].astype(int)])
    return metres


def _by_name(pairs: pd.DataFrame, segments: Segments, apart: np.ndarray) -> pd.DataFrame:
    near, far = apart <= NEAR_M, apart > FAR_M
    text = pairs["text"].to_numpy(int)
    no_address = ~np.isin(np.arange(segments.texts), segments.streets.index)[text]
    telling = (pairs["telling"] >= HEARD).to_numpy()
    whole = ((pairs["named"] >= 1) & (pairs["explained"] >= WHOLE)).to_numpy()
    shared = pairs["shared"].to_numpy()
    at_site = (pairs["of_site"] >= HEARD).to_numpy() | ~shared
    at_site &= (~pairs["plain"] | (pairs["beside"] > 0)).to_numpy()
    score = pairs["score"].to_numpy()
    usable = (telling | whole) & (score >= WITH_SUPPORT_SCORE)
    alone = usable & np.where(telling & ~shared, score >= ALONE_SCORE, whole & at_site)
    alone &= telling | no_address | near
    alone |= usable & near
    return pd.DataFrame({"sure": alone & ~far, "usable": usable, "shared": shared, "near": near})


def _by_address(
    pairs: pd.DataFrame, at_address: np.ndarray, segments: Segments, names: NameTable
) -> np.ndarray:
    """Score the building whose own address a text gives: 0 where it doesn't."""
    text = pairs["text"].to_numpy(int)
    every = np.arange(segments.texts)
    where = only_where(segments.names)
    has_name = np.isin(every, np.concatenate([where[~where].index, segments.crossings]))
    outdoors = segments.names[is_outdoors(segments.names)].index
    is_outside = np.isin(every, outdoors)[text]
    # American forces write a hundred block as the number that ends in 00.
    block = segments.address["low"].reindex(every).mod(100).eq(0).to_numpy()[text]
    score = np.full(len(pairs), OTHER_NAME_SCORE)
    score[~has_name[text] & ~block] = ONLY_ADDRESS_SCORE
    echoed = names.echoed(segments.names, pairs.loc[at_address, ["text", "place"]])
    echoed = echoed["telling"] | (echoed["explained"] >= HEARD)
    heard = ((pairs["telling"] >= HEARD) | (pairs["explained"] >= HEARD)).to_numpy()
    heard = heard | echoed.reindex(pairs.index, fill_value=False).to_numpy(bool)
    heard = heard | _initials(pairs, at_address, segments, names)
    by_name = pairs["is_name"].to_numpy() & ~is_outside
    score[heard | by_name] = AT_ADDRESS_SCORE
    return np.where(at_address, score, 0.0)


def only_where(names: pd.Series) -> pd.Series:
    """Whether a segment says nothing but where at a building: 'bicycle rack', 'rear exterior'."""
    words = words_of(names.reset_index(drop=True))
    says = words.isin(WHERE - {"construction", "site", "area", "ground"}).groupby(level=0).all()
    return says.reindex(range(len(names)), fill_value=False).set_axis(names.index) & ~is_outdoors(
        names
    )


def _initials(
    pairs: pd.DataFrame,
    asked_of: np.ndarray,
    segments: Segments,
    names: NameTable,
    exact: bool = False,
) -> np.ndarray:
    """Whether a text has the initials of a name of the place: 'CCD', or 'I-House'.

    Only the pairs ``asked_of`` are looked at; ``exact`` wants all of the initials.
    """
    words = words_of(segments.names).rename("word").rename_axis("text").reset_index()
    words = words[~words["word"].isin(WHERE)]
    letters = words["word"].str.slice(stop=1).groupby(words["text"]).agg("".join)
    abbreviated = words.loc[words["word"].str.len() == 1, "text"].unique()
    phrases = letters[letters.index.isin(abbreviated) & (letters.str.len() > 1)]
    short = words[words["word"].str.len().between(2, 5)].set_index("text")["word"]
    written = pd.concat([short, phrases]).rename("word").rename_axis("text").reset_index()
    asked = pairs.loc[asked_of, ["text", "place", "words"]].reset_index()
    both = asked.merge(written, on="text").merge(names.initials, on="place")
    told = zip(both["word"], both["initials"], both["words"] > 0, strict=True)
    if exact:
        same = [len(word) >= INITIALS_BESIDE and word == initials for word, initials, _ in told]
    else:
        same = [_stands_for(word, initials, known) for word, initials, known in told]
    found = np.zeros(len(pairs), dtype=bool)
    found[both.loc[np.array(same, dtype=bool), "index"].to_numpy(int)] = True
    return found


def _stands_for(word: str, initials: str, known: bool) -> bool:
    """Whether a word is initials of a name, of which a text has another word if ``known``."""
    if word == initials or (len(word) >= (2 if known else 3) and word in initials):
        return True
    if len(initials) >= 3 and initials in word:
        return True
    mixed = not Counter(word) - Counter(initials)
    return len(word) >= INITIALS_MIXED and word[0] == initials[:1] and mixed


def _joined(pairs: pd.DataFrame, named: pd.DataFrame, addressed: np.ndarray) -> pd.DataFrame:
    by_address = addressed >= ONLY_ADDRESS_SCORE
    found = pairs[["text", "place"]].copy()
    found["score"] = np.maximum(pairs["score"].to_numpy(), addressed)
    found["sure"] = named["sure"].to_numpy() | by_address
    found["at_site"] = named["usable"] & (~named["shared"] | (pairs["named"] >= 1))
    found["near"] = named["usable"] & ~named["shared"]
    both = named["near"].to_numpy() | (addressed == AT_ADDRESS_SCORE)
    found["evidence"] = np.where(both, "name, address", np.where(by_address, "address", "name"))
    # At its own address, or by the whole of a longer name, a place goes before others.
    whole = named["usable"].to_numpy() & (pairs["named"] >= 1).to_numpy()
    found["weight"] = found["score"] + 2 * MARGIN * by_address
    found["weight"] += 2 * MARGIN * whole + 4 * MARGIN * pairs["words"].to_numpy()
    found["rival"] = found["sure"] | named["usable"].to_numpy()
    # Two buildings with one address, and no name to tell them apart.
    equal = found[by_address].groupby(["text", "score"])["place"].transform("size") > 1
    found.loc[equal[equal].index, "sure"] = False
    return found
