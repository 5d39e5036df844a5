"""Decisions on places are kept in order, logged, verified, copied, and never half stored."""

from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sql

from planner.register.audit import entries
from planner.register.copying import copy_to_file
from planner.register.database import Register
from planner.register.engine import reading, writing
from planner.register.place_weights import read_place_weights, record_place_weight
from planner.register.schema import audit, place_weights
from planner.register.verification import verify

NOW, SINCE = 1_750_000_000, 1_420_070_400
HQ = "point:449740,4626040"


@pytest.fixture
def register(tmp_path: Path, register_url: str):
    with Register(tmp_path, register_url) as kept:
        record_place_weight(kept, HQ, "", None, 0.0, NOW, "security manager")
        record_place_weight(kept, "building:mall", "theft", SINCE, 0.3, NOW + 60)
        yield kept


def faults(register: Register) -> tuple[str, ...]:
    with reading(register.engine) as connection:
        return verify(connection).faults


def test_decisions_come_back_as_of_a_moment(register) -> None:
    table = read_place_weights(register)
    assert table["place"].tolist() == [HQ, "building:mall"]
    assert table["category"].tolist() == ["", "theft"]
    assert table["weight"].tolist() == [0.0, 0.3]
    assert table["starts_at"].isna().tolist() == [True, False]
    assert table["starts_at"][1] == pd.Timestamp(SINCE, unit="s", tz="UTC")
    assert read_place_weights(register, NOW)["place"].tolist() == [HQ]
    assert read_place_weights(register, NOW - 1).empty
    with reading(register.engine) as connection:
        log = entries(connection)
    assert log["action"].tolist() == ["weigh"] * 2
    assert log["actor"].tolist() == ["security manager", ""]
    assert faults(register) == ()


@pytest.mark.parametrize("weight", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_weight_that_is_none_is_not_stored(register, weight) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        record_place_weight(register, HQ, "", None, weight, NOW)
    assert len(read_place_weights(register)) == 2


FIRST, SECOND = place_weights.c.id == 1, place_weights.c.id == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (sql.update(place_weights).where(SECOND).values(weight=0.9), "altered"),
        (sql.update(place_weights).where(SECOND).values(starts_at=None), "altered"),
        (sql.delete(place_weights).where(FIRST), "is gone"),
        (sql.insert(place_weights).values(recorded_at=1, place="x", weight=0.0), "not in the"),
    ],
)  # fmt: skip
def test_what_is_changed_behind_the_log_is_found(register, change, said) -> None:
    with writing(register.engine) as connection:
        connection.execute(change)
    (fault,) = faults(register)
    assert said in fault and "place_weights" in fault


def test_what_fails_midway_leaves_nothing(register, monkeypatch) -> None:
    def fail(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("planner.register.place_weights.audit.append_entry", fail)
    with pytest.raises(KeyboardInterrupt):
        record_place_weight(register, HQ, "", None, 1.0, NOW)
    assert len(read_place_weights(register)) == 2
    assert faults(register) == ()


def test_a_copy_holds_the_decisions_and_goes_on(register, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    copy_to_file(register.engine, folder).dispose()
    with Register(folder) as copied:
        assert read_place_weights(copied).equals(read_place_weights(register))
        record_place_weight(copied, HQ, "", None, 1.0, NOW + 120)
        assert faults(copied) == ()
        with reading(copied.engine) as connection:
            assert connection.execute(sql.select(sql.func.count()).select_from(audit)).scalar() == 3
