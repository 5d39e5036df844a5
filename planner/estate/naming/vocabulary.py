"""What the words of names and places weigh, and which of them are spelled alike.

A word tells places apart by what sort it is: 'Regenstein' is *telling*, 'library' is a *kind* that
many places are of, 'bicycle rack' says *where* at a place. Words that a fifth of the estate's
places have in their names ('university') tell nothing.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA
from scipy.sparse import csr_array

from planner.estate.naming.written import words_in

EMPTY = words_in("the a an of and for at in on to by with near its or")
KINDS = words_in(
    "hall building house library laboratory centre school college museum hospital institute "
    "church chapel court theatre gymnasium tower lodge quad quadrangle apartment residence "
    "garage structure plant office department faculty club shop store market garden wing "
    "block annexe studio pavilion common dining science research medicine medical art "
    "university new old graduate student north south east west upper lower campus estate "
    "property"
)
WHERE = words_in(
    "bike bicycle cycle rack stand shed parking car park lot exterior interior outside inside "
    "main central lobby foyer entrance exit front back rear side gate door window floor level "
    "room basement roof cafe loading dock courtyard construction site area ground bay "
    "staircase stair stairwell lift elevator corridor hallway toilet restroom locker kitchen "
    "lounge vestibule porch yard bench path steps plaza patio concourse reception first "
    "second third fourth fifth"
)
# Ground that belongs to no building: what a text says of it is no word on the building behind.
OUTDOORS = words_in(
    "way street sidewalk pavement alley alleyway road footpath walkway path bus shuttle taxi "
    "vehicle park field lot quad quadrangle lawn garden river towpath bridge underpass plaza"
)
WIDE_SHARE, WIDE_LEAST = 0.2, 5
KIND_WEIGHT, LETTER_WEIGHT, WIDE_WEIGHT = 0.35, 0.2, 0.1
# One slip of the pen in a word of six letters, two in one of ten.
ONE_SLIP, TWO_SLIPS = 6, 10
# Four letters of a word stand for it.
CLIPPED = 4


def words_of(texts: pd.Series) -> pd.Series:
    """Split normalised text into words without endings; the index repeats that of the text.

    Words that tell nothing ('the', 'of') are left out, plurals brought to the singular.
    """
    words = texts.str.replace(",", "").str.split().explode().dropna().astype("str")
    words = words.str.replace(r"(?<=\w\w)ies$", "y", regex=True)
    words = words[~words.isin(EMPTY) & (words != "")]
    plural = words.str.len().gt(4) & words.str.endswith("s") & ~words.str.endswith(("ss", "us"))
    return words.mask(plural, words.str.slice(stop=-1))


def classes_of(words: pd.Index) -> np.ndarray:
    """Weigh each word by its sort alone, shape (w,): 1 where it is telling, 0 where it is not."""
    told = pd.Series(words, dtype="str")
    weights = np.ones(len(words))
    weights[(told.str.len() == 2).to_numpy(bool)] = KIND_WEIGHT
    weights[(told.str.len() == 1).to_numpy(bool)] = LETTER_WEIGHT
    weights[told.isin(KINDS).to_numpy(bool)] = KIND_WEIGHT
    weights[(told.isin(WHERE) | told.str.contains(r"\d")).to_numpy(bool)] = 0.0
    return weights


@dataclass(frozen=True)
class Vocabulary:
    """The words of an estate's names.

    Attributes
    ----------
    words
        Distinct words.
    wide
        Whether a word is in the names of a fifth of the places, shape (w,).
    """

    words: pd.Index
    wide: np.ndarray

    @cached_property
    def weights(self) -> np.ndarray:
        """What each word weighs in a text that a person wrote, shape (w,)."""
        weights: np.ndarray = np.where(self.wide, WIDE_WEIGHT, classes_of(self.words))
        return weights

    @cached_property
    def own_weights(self) -> np.ndarray:
        """What each word weighs in a name: there 'Staircase 4' counts too, shape (w,)."""
        weights: np.ndarray = np.where(self.weights == 0, KIND_WEIGHT, self.weights)
        return weights

    @cached_property
    def telling(self) -> np.ndarray:
        """Whether a word is telling, shape (w,)."""
        telling: np.ndarray = self.weights == 1.0
        return telling

    def weights_of(self, written: pd.Index) -> np.ndarray:
        """Weigh written words, shape (n,): as the estate's own where it has them."""
        column = self.words.get_indexer(written)
        weights: np.ndarray = np.where(column >= 0, self.weights[column], classes_of(written))
        return weights

    def alike(self, written: pd.Index) -> csr_array:
        """Say how far each written word is one of the estate's: 0 to 1, shape (n, w).

        Telling words are compared by the optimal string alignment distance, which counts two
        letters in the wrong order as one slip.
        """
        column = self.words.get_indexer(written)
        exact = np.flatnonzero(column >= 0)
        length = pd.Series(written, dtype="str").str.len().to_numpy(int)
        ordinary = classes_of(written) < 1
        other = np.flatnonzero((length >= ONE_SLIP) & ~ordinary)
        long = np.flatnonzero(self.telling & (self.words.str.len() >= ONE_SLIP))
        row, near, share = self._slips(written[other], self.words[long], length[other])
        slip = share < 1
        row, near, share = row[slip], near[slip], share[slip]
        values = np.concatenate([np.ones(len(exact)), share])
        rows = np.concatenate([exact, other[row]])
        columns = np.concatenate([column[exact], long[near]])
        return csr_array((values, (rows, columns)), shape=(len(written), len(self.words)))

    @staticmethod
    def _slips(
        written: pd.Index, known: pd.Index, length: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        if not len(written) or not len(known):
            return np.zeros(0, int), np.zeros(0, int), np.zeros(0)
        found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        # A thousand at a time, so that the table of distances stays small.
        for start in range(0, len(written), 1000):
            slips = process.cdist(
                written[start : start + 1000].tolist(), known.tolist(), scorer=OSA.distance,
                score_cutoff=2, dtype=np.uint8,
            )  # fmt: skip
            allowed = np.where(length[start : start + 1000] >= TWO_SLIPS, 2, 1)
            row, near = np.nonzero(slips <= allowed[:, None])
            share = 1 - slips[row, near] / length[start + row]
            found.append((start + row, near, share))
        row, near, share = (np.concatenate(part) for part in zip(*found, strict=True))
        return row, near, share


def echoes(written: str, known: str) -> bool:
    """Whether a word may stand for another where the place is as good as known.

    It is the word, its beginning ('Hutch' for 'Hutchinson'), or the word with two slips that do
    not touch its first letter ('Schmidt' for 'Schmitt').
    """
    if written == known:
        return True
    if len(written) >= CLIPPED and known.startswith(written):
        return True
    long = min(len(written), len(known)) >= ONE_SLIP
    return long and written[0] == known[0] and OSA.distance(written, known, score_cutoff=2) <= 2


def vocabulary_of(words: pd.Series, places: np.ndarray) -> Vocabulary:
    """Make the vocabulary of names.

    Parameters
    ----------
    words
        The names' words.
    places
        The site that each belongs to, shape (len(words),).
    """
    spread = pd.DataFrame({"word": words.to_numpy(), "site": places}).drop_duplicates()
    sites = spread.groupby("word", sort=True)["site"].size()
    many = max(WIDE_LEAST, WIDE_SHARE * len(np.unique(places)))
    return Vocabulary(pd.Index(sites.index, dtype="str"), (sites > many).to_numpy())


def is_outdoors(segments: pd.Series) -> pd.Series:
    """Whether a segment speaks of ground outside buildings: 'public way', 'main quad'."""
    return segments.str.split().str[-1].fillna("").isin(OUTDOORS)
