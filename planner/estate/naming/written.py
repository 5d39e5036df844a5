"""How people write places: one spelling for all, and the addresses and streets in what they wrote.

A written place falls into *segments*, parted by commas, brackets and dashes: '5730 S. Ellis Ave.
(Crerar Library)' has two. The normalised text of a place is its segments joined by ``", "``.
"""

import re
import unicodedata

import pandas as pd

LONG_FORMS = {
    "ave": "avenue", "av": "avenue", "rd": "road", "ln": "lane", "sq": "square",
    "blvd": "boulevard", "dr": "drive", "ct": "court", "pl": "place", "cres": "crescent",
    "ter": "terrace", "terr": "terrace", "gdns": "gardens", "pkwy": "parkway", "hwy": "highway",
    "bldg": "building", "bldgs": "buildings", "lab": "laboratory", "labs": "laboratory",
    "ctr": "centre", "center": "centre", "centers": "centres", "theater": "theatre",
    "inst": "institute", "lib": "library", "univ": "university", "coll": "college",
    "apt": "apartment", "apts": "apartments", "res": "residence", "dept": "department",
    "hosp": "hospital", "gym": "gymnasium", "gymnasia": "gymnasium", "mem": "memorial",
    "rm": "room", "cafeteria": "cafe", "grad": "graduate", "undergrad": "undergraduate",
    "admin": "administration", "carpark": "parking", "carparks": "parking",
}  # fmt: skip
# Where cars stand is no park.
PARKING = {("car", "park"), ("car", "parks"), ("vehicle", "park")}


def words_in(text: str) -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(text.split())


STREET_KINDS = words_in(
    "avenue street road lane square boulevard drive court place crescent terrace gardens parkway "
    "highway way row close walk mews"
)
# After these words, and in front of a segment, 'St' is a saint; after others it is a street.
_BEFORE_SAINT = words_in("at in near of the and outside inside behind by opposite to from")
_DIRECTIONS = {"north": "n", "south": "s", "east": "e", "west": "w"}
_ADDRESS = (
    r"^(?:(?:and|at|by|near|of|on|outside) )?(?P<low>\d{1,5})[a-z]?(?:-(?P<high>\d{1,5})[a-z]?)?"
    r"(?: (?P<direction>n|s|e|w|north|south|east|west))? (?P<street>.+?)"
    rf"(?: (?P<kind>{'|'.join(sorted(STREET_KINDS))}))?$"
)
# An address and, without a comma between them, what stands there.
_RUN_ON = (
    r"^(\d[\w-]*(?: (?:n|s|e|w|north|south|east|west))?(?: \w+){1,3}? "
    rf"(?:{'|'.join(sorted(STREET_KINDS))})) (.+)$"
)
_SEVERAL = rf"\b(?:and|to|between|{'|'.join(sorted(STREET_KINDS))})\b"
_NEARBY = r"^(?:at|by|near|of|on|in|outside|behind|opposite|from|off|towards?)\b"
ADDRESS_COLUMNS = ["low", "high", "direction", "street", "kind"]


def normalised(places: pd.Series) -> pd.Series:
    """Bring written places to one spelling: lower case, no accents, no abbreviations.

    'St' at the front of a name is a saint, after a name a street; what stands in brackets is kept
    apart, as is what stands between commas.

    Parameters
    ----------
    places
        Text as written.

    Returns
    -------
    pandas.Series
        Same index, dtype ``str``; segments joined by ``", "``. Doing it again changes nothing.
    """
    codes, distinct = pd.factorize(places.fillna(""))
    spelled = pd.Series([_spelled(str(text)) for text in distinct], dtype="str")
    return spelled.take(codes).set_axis(places.index)


def _spelled(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    # A word in which a letter was lost on the way can't be read.
    plain = re.sub(r"\w*\ufffd\w*", "", plain)
    plain = re.sub(r"['`\u2018\u2019\u00b4]", "", plain.replace("&", " and "))
    # A dash between spaces parts segments; one within a word joins words, within numbers a range.
    plain = re.sub(r"\s[-\u2013\u2014/]+\s?|[-\u2013\u2014]\s|[()\[\]{},;|\n]", ",", plain)
    plain = re.sub(r"(?<=\d)\s?[-\u2013\u2014]\s?(?=\d)", "-", plain)
    # A full stop within 'a.c.' joins, one after a word parts.
    plain = re.sub(r"\.(?=\w\.|\w\b)", "", plain)
    plain = re.sub(r"[^\w\s,-]|_|(?<!\d)-|-(?!\d)", " ", plain)
    segments = (_words(part.split()) for part in plain.split(","))
    return ", ".join(segment for segment in segments if segment)


def _words(words: list[str]) -> str:
    told: list[str] = []
    for before, word in zip(["of", *words], words, strict=False):
        if (before, word) in PARKING:
            told[-1] = "parking"
            continue
        if word in ("st", "saint", "ste"):
            saint = word != "st" or (before in _BEFORE_SAINT and len(words) > 1)
            told.append("saint" if saint else "street")
        else:
            told.append(LONG_FORMS.get(word, word))
    return " ".join(told)


def segments_of(places: pd.Series) -> pd.Series:
    """Split normalised places into segments; the index repeats that of the place."""
    return places.str.split(", ").explode().fillna("").astype("str")


def run_on(segments: pd.Series) -> pd.DataFrame:
    """Part segments that go on after an address: '5 High Street Old Library'.

    Parameters
    ----------
    segments
        Normalised text of single segments.

    Returns
    -------
    pandas.DataFrame
        Same index; ``address`` and ``rest``, both ``""`` where a segment is not of that sort.
    """
    parts = segments.str.extract(_RUN_ON).fillna("").set_axis(["address", "rest"], axis=1)
    # More of streets, or of what lies near, is a way to another place.
    leads_on = parts["rest"].str.contains(_SEVERAL) | parts["rest"].str.contains(_NEARBY)
    return parts.mask(leads_on.astype(bool), "")


def addresses(segments: pd.Series) -> pd.DataFrame:
    """Read segments as street addresses: number or range of numbers, direction, street, kind.

    Parameters
    ----------
    segments
        Normalised text of single segments.

    Returns
    -------
    pandas.DataFrame
        Same index; ``low`` and ``high`` (NaN where the segment is no address), ``direction``
        (``n``, ``s``, ``e``, ``w`` or ``""``), ``street``, ``kind`` (``street``, ``avenue``, ...,
        ``""`` where not stated).
    """
    read = segments.str.extract(_ADDRESS).reindex(columns=ADDRESS_COLUMNS)
    # More words of that sort are no address, but a way from one place to another.
    several = read["street"].fillna("").str.contains(_SEVERAL).to_numpy(bool)
    read.loc[several] = None
    low, high = pd.to_numeric(read["low"]), pd.to_numeric(read["high"])
    read["low"], read["high"] = low, high.fillna(low)
    read["direction"] = read["direction"].fillna("").replace(_DIRECTIONS)
    return read.fillna({"street": "", "kind": ""})
