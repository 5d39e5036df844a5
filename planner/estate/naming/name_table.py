"""Every name of every site and building of an estate, compared word by word with texts."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, diags_array

from planner.estate.naming.vocabulary import (
    KINDS,
    WHERE,
    Vocabulary,
    classes_of,
    echoes,
    vocabulary_of,
    words_of,
)
from planner.estate.naming.written import normalised

# Texts and names further apart than this are of no use to anyone.
LEAST_SCORE = 40.0
SCORED = ["text", "place", "score", "explained", "named", "words", "telling",
          "of_site", "beside", "shared", "plain"]  # fmt: skip


@dataclass(frozen=True)
class NameTable:
    """Names, and the words in them.

    Attributes
    ----------
    names
        ``key`` (normalised), ``place`` (row of the place), ``shared``: whether a place of another
        site has the name too, ``plain``: whether one may, as it has no telling word.
    vocabulary
        The words of all names.
    own
        Words of each name, shape (names, words).
    of_site
        Words of the site on which a building stands, shape (names, words).
    """

    names: pd.DataFrame
    vocabulary: Vocabulary
    own: csr_array
    of_site: csr_array

    @property
    def initials(self) -> pd.DataFrame:
        """First letters of the words of names: ``place``, ``initials``."""
        words = words_of(self.names["key"])
        wide = self.vocabulary.words[self.vocabulary.wide].difference(list(KINDS))
        told = words[~words.isin(wide).to_numpy()]
        letters = told[told.str.len() > 1].str.slice(stop=1).groupby(level=0).agg("".join)
        place = self.names["place"].take(letters.index)
        return pd.DataFrame({"place": place.to_numpy(), "initials": letters.to_numpy()})

    def scored(self, segments: pd.Series, texts: int) -> pd.DataFrame:
        """Compare texts with all names.

        Parameters
        ----------
        segments
            Normalised segments that may hold names; the index says whose they are.
        texts
            How many texts there are.

        Returns
        -------
        pandas.DataFrame
            A row for each text and place that are alike, by the place's best name: ``text``,
            ``place``, ``score``, ``explained`` and ``named`` (0 to 1), ``words`` (what the words
            of the name and its site that are there weigh), ``telling`` and ``of_site`` (how many
            telling words of the name, and of its site, are there), ``beside`` (how many words of
            the site that the name has not), ``shared``, ``plain``.
        """
        words = words_of(segments)
        row, written = pd.factorize(words)
        known = pd.Index(written, dtype="str")
        has_words = _ones(words.index.to_numpy(), row, (texts, len(known)))
        weights = self.vocabulary.weights_of(known)
        alike = self.vocabulary.alike(known)
        has = has_words @ alike
        has.data = np.minimum(has.data, 1.0)
        pairs = self._compared(has, has_words @ diags_array(weights) @ alike, has_words @ weights)
        best = pairs.sort_values(["text", "place", "score"], ascending=[True, True, False])
        return best.drop_duplicates(["text", "place"])[SCORED].reset_index(drop=True)

    def echoed(self, segments: pd.Series, asked: pd.DataFrame) -> pd.DataFrame:
        """Compare texts loosely with the names of places at which they are thought to be.

        Parameters
        ----------
        segments
            As in :meth:`scored`.
        asked
            ``text`` and ``place`` of the pairs to compare.

        Returns
        -------
        pandas.DataFrame
            Rows and index as ``asked``: ``telling`` (whether a telling word of a name is there)
            and ``explained`` (how much of the text the names explain, 0 to 1). Words that many
            places have in their names are heard only where they are spelled alike.
        """
        written = _word_table(segments, "text")
        written = written[~written["word"].isin(WHERE)].drop_duplicates()
        own = _word_table(self.names["key"], "name")
        own["place"] = self.names["place"].to_numpy()[own.pop("name")]
        own = own.drop_duplicates().rename(columns={"word": "known"})
        asked = asked.rename_axis("ask").reset_index()
        pairs = asked.merge(written, on="text").merge(own, on="place")
        words = pairs[["word", "known"]].drop_duplicates()
        ordinary = classes_of(pd.Index(words["word"], dtype="str")) < 1
        compared = zip(words["word"], words["known"], ordinary, strict=True)
        same = [one == other if plain else echoes(one, other) for one, other, plain in compared]
        heard = pairs.merge(words[np.array(same, dtype=bool)], on=["word", "known"])
        column = self.vocabulary.words.get_indexer(pd.Index(heard["known"], dtype="str"))
        telling = heard.loc[self.vocabulary.telling[column], "ask"]
        total = self._weighed(asked.merge(written, on="text"))
        explained = self._weighed(heard).reindex(asked["ask"]) / total.reindex(asked["ask"])
        return pd.DataFrame(
            {
                "telling": asked["ask"].isin(telling).to_numpy(),
                "explained": explained.fillna(0.0).to_numpy(),
            },
            index=asked["ask"],
        )

    def _weighed(self, written: pd.DataFrame) -> pd.Series:
        """Add up what the distinct words weigh, by ``ask``."""
        words = written[["ask", "word"]].drop_duplicates()
        weights = self.vocabulary.weights_of(pd.Index(words["word"], dtype="str"))
        return pd.Series(weights, index=words["ask"]).groupby(level=0).sum()

    def _compared(self, has: csr_array, weighed: csr_array, total: np.ndarray) -> pd.DataFrame:
        weights = diags_array(self.vocabulary.own_weights)
        shared_words = (has @ (self.own @ weights).T).tocoo()
        text, name = shared_words.coords
        named = shared_words.data / (self.own @ self.vocabulary.own_weights)[name]
        context = self.own.maximum(self.of_site)
        explained = _at(weighed @ context.T, text, name)
        # 'Staircase 4' has no word that counts by itself.
        explained = np.where(total[text] > 0, explained / np.maximum(total[text], 1e-9), named)
        explained = np.minimum(explained, 1.0)
        score = 100 * explained * (0.8 + 0.2 * named)
        kept = score >= LEAST_SCORE
        text, name = text[kept], name[kept]
        only_telling = diags_array(self.vocabulary.telling.astype(float))
        apart = (self.own - self.own.multiply(self.of_site)) @ only_telling
        return pd.DataFrame(
            {
                "text": text,
                "place": self.names["place"].to_numpy()[name],
                "score": score[kept],
                "explained": explained[kept],
                "named": named[kept],
                "words": _at(has @ (context @ weights).T, text, name),
                "telling": _at(has @ apart.T, text, name),
                "of_site": _at(has @ (self.of_site @ only_telling).T, text, name),
                "beside": _at(has @ (context - self.own).T, text, name),
                "shared": self.names["shared"].to_numpy()[name],
                "plain": self.names["plain"].to_numpy()[name],
            }
        )


def _word_table(texts: pd.Series, name: str) -> pd.DataFrame:
    return words_of(texts).rename("word").rename_axis(name).reset_index()


def _at(table: csr_array, row: np.ndarray, column: np.ndarray) -> np.ndarray:
    return np.asarray(table.tocsr()[row, column]).ravel() if len(row) else np.zeros(0)


def _ones(row: np.ndarray, column: np.ndarray, shape: tuple[int, int]) -> csr_array:
    table = csr_array((np.ones(len(row)), (row, column)), shape=shape)
    table.sum_duplicates()
    table.data[:] = 1.0
    return table


def name_table(written: pd.DataFrame, site_of: np.ndarray, whole: np.ndarray) -> NameTable:
    """Take in the names of places.

    Parameters
    ----------
    written
        ``place`` (row), ``name`` as written, ``also`` (an alias: somebody chose it to be told by).
    site_of
        Row of the place that is the site of each place, shape (places,); its own for a site.
    whole
        Whether a building is the whole of its site, shape (places,).
    """
    names = written.assign(key=normalised(written["name"]))
    names = names[names["key"] != ""].drop_duplicates(["place", "key"]).reset_index(drop=True)
    words = words_of(names["key"])
    names = names.loc[words.index.unique()].reset_index(drop=True)
    words = words_of(names["key"])
    site = site_of[names["place"].to_numpy()]
    vocabulary = vocabulary_of(words, site[words.index])
    row, column = words.index.to_numpy(), vocabulary.words.get_indexer(pd.Index(words))
    own = _ones(row, column, (len(names), len(vocabulary.words)))
    of_place = _ones(names["place"].to_numpy()[row], column, (len(site_of), own.shape[1]))
    place = names["place"].to_numpy()
    # Where a building is the whole of its site, their names are one.
    stands_on = diags_array(((site != place) & ~whole[place]).astype(float))
    sites = names.assign(site=site).groupby("key")["site"].transform("nunique")
    of_site = csr_array(stands_on @ of_place[site])
    # 'Main Building' may be anyone's, even where one site alone has told us of its own.
    plain = (own @ vocabulary.telling.astype(float) == 0) & (of_site.sum(axis=1) > 0)
    names["shared"] = (sites > 1).to_numpy()
    names["plain"] = plain & ~names["also"]
    return NameTable(names, vocabulary, own, of_site)
