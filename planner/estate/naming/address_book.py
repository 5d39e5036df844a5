"""Which building has a street address, and near which one an address must lie."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.estate.naming.written import ADDRESS_COLUMNS, addresses, normalised, segments_of

# An address at most this many numbers from a known one lies near it.
NEAR_NUMBERS = 60
# One this many numbers along the same street is another place.
FAR_NUMBERS = 200


@dataclass(frozen=True)
class AddressBook:
    """The addresses of an estate's buildings.

    Attributes
    ----------
    known
        ``building`` (row), ``is_name`` (whether it is what the building is called), and ``low``,
        ``high``, ``direction``, ``street``, ``kind`` as
        :func:`planner.estate.naming.written.addresses` reads them.
    """

    known: pd.DataFrame

    def found(self, read: pd.DataFrame) -> pd.DataFrame:
        """Find the buildings of addresses.

        Parameters
        ----------
        read
            Addresses as :func:`planner.estate.naming.written.addresses` reads them; one per text.

        Returns
        -------
        pandas.DataFrame
            A row for each text (the index) and building of the same street: ``building`` (row),
            ``gap`` (how many numbers lie between; 0 where the building has the address),
            ``is_name``.
        """
        pairs = self._on_street(read)
        return pairs[pairs["gap"] <= NEAR_NUMBERS].set_index("text")[["building", "gap", "is_name"]]

    def far_along(self, read: pd.DataFrame) -> pd.DataFrame:
        """Find the buildings that stand elsewhere on the streets of addresses.

        Parameters
        ----------
        read
            As in :meth:`found`.

        Returns
        -------
        pandas.DataFrame
            ``text`` and ``building`` (row) of each building on the address's street of which no
            address is within 200 numbers of it.
        """
        gaps = self._on_street(read).groupby(["text", "building"])["gap"].min()
        return gaps[gaps > FAR_NUMBERS].index.to_frame(index=False)

    def _on_street(self, read: pd.DataFrame) -> pd.DataFrame:
        """Pair addresses with the known ones of their streets: ``text``, ``building``, ``gap``."""
        stated = read[read["low"].notna()].rename_axis("text").reset_index()
        pairs = stated.merge(self.known, on="street", suffixes=("", "_known"))
        same = pd.Series(True, index=pairs.index)
        for part in ("direction", "kind"):
            other = pairs[f"{part}_known"]
            same &= (pairs[part] == other) | (pairs[part] == "") | (other == "")
        pairs = pairs[same]
        below = pairs["low_known"] - pairs["high"]
        above = pairs["low"] - pairs["high_known"]
        pairs["gap"] = np.maximum(below, above).clip(lower=0)
        # Even and odd numbers stand on different sides of the street.
        even = (pairs["low"] % 2 == 0) != (pairs["low_known"] % 2 == 0)
        one_side = pairs["low_known"] % 2 == pairs["high_known"] % 2
        pairs.loc[even & one_side & (pairs["gap"] == 0), "gap"] = 1
        return pairs

    def has_street(self, read: pd.DataFrame) -> pd.Series:
        """Whether the street of an address is one of the book's."""
        return read["street"].isin(self.known["street"])


def address_book(written: pd.Series, names: pd.Series) -> AddressBook:
    """Read the addresses of buildings.

    Parameters
    ----------
    written
        Addresses, several parted by semicolons, such as ``"1100-1116 E 58TH ST"``; the index is
        the building's row.
    names
        Names of buildings, in the same way: some are called by their address.
    """
    known = _read(written).assign(is_name=False)
    named = _read(names).assign(is_name=True)
    named = named[(named["kind"] != "") | named["street"].isin(known["street"])]
    every = pd.concat([named, known], ignore_index=True)
    return AddressBook(every.drop_duplicates(["building", *ADDRESS_COLUMNS]))


def _read(written: pd.Series) -> pd.DataFrame:
    read = addresses(segments_of(normalised(written))).rename_axis("building").reset_index()
    return read[read["low"].notna() & (read["street"] != "")]
