"""What both ways to fetch police data share: months, and files of one month."""

import re
from dataclasses import dataclass

import pandas as pd

from planner.errors import EstateError


@dataclass(frozen=True)
class StreetFile:
    """The police incidents of one month.

    Attributes
    ----------
    name
        The file's name, as data.police.uk would name it.
    content
        CSV in UTF-8.
    """

    name: str
    content: bytes


def months_between(first: str, last: str) -> list[str]:
    """List the months from ``first`` to ``last``, both ``YYYY-MM`` and both included.

    Raises
    ------
    EstateError
        If one is no month, or the last lies before the first.
    """
    for month in (first, last):
        if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", month):
            raise EstateError(f"'{month}' is no month; write it as YYYY-MM, such as 2024-01.")
    months = [str(month) for month in pd.period_range(first, last, freq="M")]
    if not months:
        raise EstateError(f"--from {first} lies after --to {last}; change them over.")
    return months
