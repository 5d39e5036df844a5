"""Records of invented estates, to try recording changes on: what changes where is known."""

import numpy as np
import pandas as pd

CATEGORIES = ("theft", "criminal damage", "bicycle theft", "trespass", "violence")
SHARES = (0.5, 0.2, 0.15, 0.1, 0.05)
FIRST, MONTHS = pd.Timestamp("2011-01-01", tz="UTC"), 108


def covered(months: int = MONTHS) -> pd.DataFrame:
    """What the records cover."""
    return pd.DataFrame(
        {
            "source": pd.Series(["control room"], dtype=object),
            "starts_at": [FIRST],
            "ends_at": [FIRST + pd.DateOffset(months=months)],
        }
    )


def records(
    generator: np.random.Generator,
    *,
    places: int = 250,
    total: int = 7_000,
    months: int = MONTHS,
    burst: float = 0.0,
) -> pd.DataFrame:
    """Records of an estate whose places differ, and whose trend is everybody's.

    Parameters
    ----------
    generator
        Where chance comes from.
    places, total, months
        How many places, about how many records, over how many months.
    burst
        Variance of a place's months beyond Poisson, relative to the squared mean; 0 for none.
    """
    rate = generator.gamma(0.5, 1.0, places)
    trend = 1 + 0.4 * np.sin(np.arange(months) / 6 * np.pi) + np.linspace(0, 1.5, months)
    expected = np.outer(rate / rate.sum(), trend / trend.sum()) * total
    if burst:
        expected = expected * generator.gamma(1 / burst, burst, expected.shape)
    counts = generator.poisson(expected)
    place, month = (np.repeat(grid.ravel(), counts.ravel()) for grid in np.indices(counts.shape))
    category = generator.choice(CATEGORIES, len(place), p=SHARES)
    return table(place, month, category, generator)


def table(
    place: np.ndarray, month: np.ndarray, category: np.ndarray, generator: np.random.Generator
) -> pd.DataFrame:
    """Records as a picture has them: places on a grid of 60 m, moments within their months."""
    starts = pd.date_range(FIRST, periods=int(month.max(initial=0)) + 2, freq="MS")
    spans = np.diff((starts - FIRST) / pd.Timedelta(seconds=1))
    offset = pd.to_timedelta((generator.random(len(month)) * spans[month]).astype(int), unit="s")
    moment = pd.Series(starts[month] + offset).dt.as_unit("s")
    written = np.asarray([f"{number} High Street" for number in range(int(place.max()) + 1)])
    return pd.DataFrame(
        {
            "source": "control room", "category": category, "written_category": category,
            "occurred_from": moment, "occurred_to": moment, "reported_at": moment,
            "time_known": "interval", "place": pd.array(written[place], dtype="str"),
            "street": "", "building": "", "anonymised": False,
            "x": 450_000.0 + 60.0 * (place % 40), "y": 4_600_000.0 + 60.0 * (place // 40),
        }
    )  # fmt: skip


def with_more(
    rows: pd.DataFrame,
    place: int,
    category: str,
    since: int,
    extra: int,
    generator: np.random.Generator,
    months: int = MONTHS,
) -> pd.DataFrame:
    """Add records of one category at a place from a month on: it began to report everything."""
    more = table(
        np.full(extra, place), generator.integers(since, months, extra),
        np.full(extra, category), generator,
    )  # fmt: skip
    return pd.concat([rows, more], ignore_index=True)
