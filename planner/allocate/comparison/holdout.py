"""An honest test of camera choices: made with data up to a date, scored on the incidents after it.

Choices stand beside rivals that had the same offer and the same data, on the same later incidents,
with paired intervals. The estate, and what is decided of its records, are those of today.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from planner.allocate.baselines import spread
from planner.allocate.cameras.solving import Effort
from planner.allocate.comparison.camera_rivals import Choices, choose, new_alone
from planner.allocate.comparison.happened import Happened, happened, seen_of
from planner.allocate.comparison.held_out import PLANNED, RANDOM
from planner.allocate.comparison.held_out import HoldOut as HoldOut
from planner.allocate.comparison.held_out import Scored as Scored
from planner.allocate.comparison.holdout_split import split_at
from planner.allocate.comparison.resampling import interval, resampled_shares
from planner.allocate.scenario.cameras import CamerasWanted
from planner.insight.backtest.comparison import Difference
from planner.insight.risk.events import MONTH
from planner.picture import Picture

LONG_DAYS, SHORT_DAYS = 26 * 7, 4 * 7
MONTHS, FOUR_WEEKS, WEEKS, DAYS = "months", "stretches of four weeks", "weeks", "days"


def hold_out(
    picture: Picture,
    until: datetime,
    new: int,
    wanted: CamerasWanted,
    seed: int,
    effort: Effort | None = None,
) -> HoldOut:
    """Choose cameras with what was known at a date, and score them on what came after it.

    Parameters
    ----------
    picture
        All that is known.
    until
        The date, with its time zone.
    new
        How many new cameras beside those that stand.
    wanted
        Which kinds may be bought and what is asked of them: kinds, range, grade, privacy, and
        which cameras are away. All else is left aside, and the answer says so.
    seed
        Of every draw, the solver's too.
    effort
        How hard the planner tries; as usual if None.

    Raises
    ------
    NoIncidents
        If nothing was imported.
    BacktestError
        If the date lies outside the records, or one of its sides has no incidents.
    ScenarioError
        If what is wanted is not there, or nothing can be put up anywhere.
    """
    _, left_aside = new_alone(wanted, new)
    split = split_at(picture, until)
    # From here on the choice has the training picture alone.
    choices = choose(split.training, new, wanted, effort or Effort(seed=seed))
    what = happened(split.later, choices.deployment.study)
    label, block = blocks_of(split.later, until, picture)
    seen, weights = _seen_by_block(choices, what, label)
    return HoldOut(
        until=until.astimezone(ZoneInfo(picture.settings.time_zone)),
        new=new,
        days_before=split.days_before,
        days_after=split.days_after,
        before=len(split.training.on_estate),
        after=len(split.later),
        straddling=split.straddling,
        reported_later=split.reported_later,
        anonymised=what.by_zone_alone,
        block=block,
        blocks=len(weights),
        rows=_rows(choices, seen, weights, seed),
        left_aside=left_aside,
    )


def blocks_of(later: pd.DataFrame, until: datetime, picture: Picture) -> tuple[np.ndarray, str]:
    """Part the time after a date into blocks: numbers from 0 of those with incidents, shape (n,).

    Blocks are of four weeks from 26 weeks on, weeks from four weeks on, else days, all counted
    from the date; of records that state the month only they are the months.
    """
    begins = later["occurred_from"]
    if (later["time_known"] == MONTH).all():
        local = begins.dt.tz_convert(picture.settings.time_zone)
        number, words = (local.dt.year * 12 + local.dt.month).to_numpy(), MONTHS
    else:
        start = pd.Timestamp(until).tz_convert("UTC")
        days = (pd.Timestamp(picture.as_of).tz_convert("UTC") - start).total_seconds() / 86_400
        length, words = (
            (28, FOUR_WEEKS) if days >= LONG_DAYS
            else (7, WEEKS) if days >= SHORT_DAYS
            else (1, DAYS)
        )  # fmt: skip
        number = ((begins - start) // pd.Timedelta(days=length)).to_numpy()
    return np.unique(number, return_inverse=True)[1].ravel(), words


def _seen_by_block(
    choices: Choices, what: Happened, label: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what each choice and each draw saw of each block, and what each block weighs.

    Returns
    -------
    seen, weights
        Shape (blocks, choices + draws) and (blocks,).
    """
    deployment = choices.deployment
    study, possible = deployment.study, deployment.possible
    grade = deployment.grade
    blocks = int(label.max()) + 1
    held = what.by_label(label, blocks, study.demand)
    standing = seen_of(study, possible.kept.only(possible.stays), grade, what)
    base = np.asarray(standing.sum(axis=0)).ravel()
    offered = seen_of(study, deployment.options, grade, what)
    picks = [*choices.chosen.values(), *choices.draws]
    seen = np.column_stack([held @ _cover(base, offered, pick) for pick in picks])
    return seen, np.bincount(label, what.weight, minlength=blocks)


def _cover(base: np.ndarray, offered: csr_array, pick: np.ndarray) -> np.ndarray:
    rows = offered[pick]
    cover: np.ndarray = np.minimum(
        base + np.bincount(rows.indices, rows.data, minlength=len(base)), 1.0
    )
    return cover


def _rows(choices: Choices, seen: np.ndarray, weights: np.ndarray, seed: int) -> tuple[Scored, ...]:
    """Score each choice, and chance by the mean of its draws."""
    count = len(choices.chosen)
    names = [*choices.chosen, RANDOM]
    cameras = [len(pick) for pick in (*choices.chosen.values(), choices.draws[0])]
    hits = np.column_stack([seen[:, :count], seen[:, count:].mean(axis=1)])
    draws = spread(seen[:, count:].sum(axis=0) / weights.sum())
    shares = hits.sum(axis=0) / weights.sum()
    expected = _expected(choices)
    planned = names.index(PLANNED)
    low, high, ahead_low, ahead_high = _intervals(hits, weights, planned, seed)
    return tuple(
        Scored(
            name=name,
            cameras=cameras[at],
            expected=float(expected[at]),
            share=float(shares[at]),
            low=float(low[at]),
            high=float(high[at]),
            planned_ahead=None if at == planned else Difference(
                float(shares[planned] - shares[at]), float(ahead_low[at]), float(ahead_high[at])
            ),
            spread=draws if name == RANDOM else None,
        )
        for at, name in enumerate(names)
    )  # fmt: skip


def _expected(choices: Choices) -> np.ndarray:
    """Return the share of the demand that each choice was to see, and chance in the mean."""
    problem = choices.deployment.problem
    own = [problem.value(pick) for pick in choices.chosen.values()]
    drawn = np.mean([problem.value(pick) for pick in choices.draws])
    return np.array([*own, drawn]) / float(problem.weights.sum())


def _intervals(
    hits: np.ndarray, weights: np.ndarray, planned: int, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the bounds of shares, and of the differences from the planned; of one block, all."""
    ones = np.ones(hits.shape[1])
    if len(weights) < 2:
        return 0 * ones, ones, -ones, ones
    drawn = resampled_shares(weights, hits, seed)
    ahead = drawn[:, [planned]] - drawn
    return *interval(drawn, len(weights)), *interval(ahead, len(weights))
