"""Police files: from archives by force, from the API by area; whole months or a named reason."""

import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import replay_server as served
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import DownloadFailed, EstateError, RefusedFile
from planner.estate.sources import police_archives, police_area
from planner.estate.sources.cache import Cache
from planner.estate.sources.police import StreetFile, months_between
from planner.estate.sources.police_archives import force_files
from planner.estate.sources.police_area import COLUMNS, CRIME_TYPES, area_files
from planner.estate.sources.request import Clock, Manners
from planner.estate.sources.web import Web

AREA = shapely.box(-1.28, 51.74, -1.24, 51.77)
CRIMES = "/api/crimes-street/all-crime"
DATES = "/api/crimes-street-dates"


@pytest.fixture
def replay(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with served.replaying() as running:
        running.give(DATES, served.Answer(served.dates("2024-02", "2024-01")))
        yield running


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def web(tmp_path: Path, waits: list[float]) -> Web:
    clock = Clock(waits.append, lambda: 0.0, lambda: datetime(2026, 1, 15, 12, tzinfo=UTC))
    return Web(Cache(tmp_path / "cache"), Manners(per_second=float("inf"), tries=3), clock)


def table(file: StreetFile | str) -> pd.DataFrame:
    assert isinstance(file, StreetFile)
    return pd.read_csv(io.BytesIO(file.content), dtype=str, keep_default_na=False)


# Months


def test_months() -> None:
    assert months_between("2023-11", "2024-02") == ["2023-11", "2023-12", "2024-01", "2024-02"]
    assert months_between("2024-01", "2024-01") == ["2024-01"]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2024-1", "2024-02", "'2024-1' is no month"),
        ("2024-01", "2024-13", "'2024-13' is no month"),
        ("2024-02", "2024-01", "lies after --to"),
        ("٢٠٢٤-01", "2024-02", "is no month"),
    ],
)
def test_months_that_are_none(first: str, last: str, said: str) -> None:
    with pytest.raises(EstateError, match=said):
        months_between(first, last)


@given(st.text(max_size=8), st.text(max_size=8))
def test_any_months_or_a_named_error(first: str, last: str) -> None:
    with pytest.raises(EstateError):
        months_between(first, last)


# Archives


def test_one_archive_holds_the_months_before_it(replay: Any, web: Web) -> None:
    months = ["2024-01", "2024-02", "2024-03"]
    replay.give("/data/archive/2024-03.zip", served.File(served.archive(*months)))
    files = list(force_files(web, replay.url, "thames-valley", months))
    assert [file.name for file in files if isinstance(file, StreetFile)] == [
        f"{month}-thames-valley-street.csv" for month in months
    ]
    assert [file.content for file in files if isinstance(file, StreetFile)] == [
        served.street_csv(month, "thames-valley") for month in months
    ]
    assert len(replay.asked) == 1


def test_an_older_archive_holds_the_rest(replay: Any, web: Web) -> None:
    replay.give("/data/archive/2024-03.zip", served.File(served.archive("2024-02", "2024-03")))
    replay.give("/data/archive/2024-01.zip", served.File(served.archive("2023-12", "2024-01")))
    months = months_between("2023-12", "2024-03")
    files = list(force_files(web, replay.url, "btp", months))
    assert sorted(table(file)["Month"].iloc[0] for file in files) == months


def test_a_month_without_the_force_is_named(replay: Any, web: Web) -> None:
    replay.give("/data/archive/2024-02.zip", served.File(served.archive("2024-01")))
    found = list(force_files(web, replay.url, "btp", ["2024-01", "2024-02"]))
    assert found[-1] == "2024-02"
    assert table(found[0])["Month"].tolist() == ["2024-01"] * 2


def test_a_force_that_is_none(replay: Any, web: Web) -> None:
    replay.give("/data/archive/2024-01.zip", served.File(served.archive("2024-01")))
    with pytest.raises(DownloadFailed, match="holds no street file of the force 'tames-valley'"):
        list(force_files(web, replay.url, "tames-valley", ["2024-01"]))
    for name in ("../../etc", "Thames Valley", "", "a", "x" * 60):
        with pytest.raises(EstateError, match="give the name in its address"):
            list(force_files(web, replay.url, name, ["2024-01"]))


def test_an_archive_that_is_not_published(replay: Any, web: Web) -> None:
    with pytest.raises(DownloadFailed, match=r"the police archive of 2030-01 .*404 Not Found"):
        list(force_files(web, replay.url, "btp", ["2030-01"]))


def test_an_archive_that_was_cut_off_goes_on(replay: Any, web: Web) -> None:
    whole = served.archive("2024-01")
    replay.give("/data/archive/2024-01.zip", served.File(whole, sent=300), served.File(whole))
    assert len(list(force_files(web, replay.url, "btp", ["2024-01"]))) == 1


@pytest.mark.parametrize("body", [b"<html>maintenance</html>", b"", b"PK\3\4half an archive"])
def test_an_archive_that_is_none(replay: Any, web: Web, body: bytes) -> None:
    replay.give("/data/archive/2024-01.zip", served.File(body))
    with pytest.raises(DownloadFailed, match="the answer is no whole archive; tried 3 times"):
        list(force_files(web, replay.url, "btp", ["2024-01"]))


def zipped(content: bytes, name: str = "2024-01/2024-01-btp-street.csv", **more: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(name, content)
        for other, text in more.items():
            opened.writestr(other, text)
    return made.getvalue()


def test_a_bomb_is_refused(replay: Any, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(police_archives, "MOST_FILE_BYTES", 1_000_000)
    bomb = zipped(served.CSV_HEAD.encode() + b"0" * 5_000_000)
    # The archive may lie about how large its files are.
    lying = bomb.replace(struct.pack("<L", 5_000_000 + len(served.CSV_HEAD)), struct.pack("<L", 99))
    for body in (bomb, lying):
        replay.give("/data/archive/2024-01.zip", served.File(body))
        web.fresh = True
        with pytest.raises(RefusedFile):
            list(force_files(web, replay.url, "btp", ["2024-01"]))


def test_a_damaged_file_is_refused(replay: Any, web: Web) -> None:
    body = bytearray(zipped(served.street_csv("2024-01", "btp", 500)))
    body[200] ^= 0xFF
    replay.give("/data/archive/2024-01.zip", served.File(bytes(body)))
    with pytest.raises(RefusedFile, match=r"cannot be unpacked|no street file"):
        list(force_files(web, replay.url, "btp", ["2024-01"]))


def test_a_file_of_another_layout_is_refused(replay: Any, web: Web) -> None:
    replay.give("/data/archive/2024-01.zip", served.File(zipped(b"a,b\n1,2\n")))
    with pytest.raises(RefusedFile, match=r"is no street file of data\.police\.uk"):
        list(force_files(web, replay.url, "btp", ["2024-01"]))


def test_names_that_lead_out_of_the_archive_are_never_used(
    replay: Any, web: Web, tmp_path: Path
) -> None:
    body = zipped(served.street_csv("2024-01", "btp"), **{"../../escaped-btp-street.csv": b"x"})
    replay.give("/data/archive/2024-01.zip", served.File(body))
    assert len(list(force_files(web, replay.url, "btp", ["2024-01"]))) == 1
    assert not list(tmp_path.rglob("*escaped*"))


# The API


Ask = Callable[..., list[StreetFile | str]]


@pytest.fixture
def ask(replay: Any, web: Web) -> Ask:
    def call(*answers: Any, months: tuple[str, ...] = ("2024-01",), area: Any = AREA) -> Any:
        replay.give(CRIMES, *answers)
        return list(area_files(web, replay.url, area, list(months)))

    return call


def crimes(*rows: Any) -> Any:
    return served.Answer(json.dumps(rows).encode())


def test_the_api_is_written_in_the_layout_of_the_files(replay: Any, ask: Ask) -> None:
    anonymous = served.crime(
        2, -1.25, 51.75, category="anti-social-behaviour", persistent_id="", outcome_status=None
    )
    transport = served.crime(3, -1.27, 51.753, location_type="BTP", category="violent-crime")
    [file] = ask(crimes(served.crime(1, -1.26, 51.755), anonymous, transport))
    assert isinstance(file, StreetFile)
    assert file.name == "2024-01-area-street.csv"
    read = table(file)
    assert read.columns.tolist() == COLUMNS
    assert read.iloc[0].to_dict() == {
        "Crime ID": f"{1:064x}",
        "Month": "2024-01",
        "Reported by": "",
        "Falls within": "",
        "Longitude": "-1.260000",
        "Latitude": "51.755000",
        "Location": "On or near Marston Street",
        "LSOA code": "",
        "LSOA name": "",
        "Crime type": "Bicycle theft",
        "Last outcome category": "Under investigation",
        "Context": "",
    }
    assert read["Crime type"].tolist()[1:] == [
        "Anti-social behaviour",
        "Violence and sexual offences",
    ]
    assert read["Crime ID"].iloc[1] == ""
    assert read["Reported by"].iloc[2] == "British Transport Police"
    asked = replay.asked[-1]
    assert asked.method == "GET"
    assert asked.query["date"] == "2024-01"
    assert shapely.Polygon(served.outline_of(asked)).equals(AREA)


def test_all_types_of_the_files_are_known(shared_data: Path) -> None:
    written: set[str] = set()
    for path in (shared_data / "oxford" / "police").rglob("*-street.csv"):
        written |= set(pd.read_csv(path, usecols=["Crime type"])["Crime type"])
    assert written
    assert written <= set(CRIME_TYPES.values())


def test_a_type_that_is_new_keeps_its_name(ask: Ask) -> None:
    [file] = ask(crimes(served.crime(1, -1.26, 51.755, category="drone-misuse")))
    assert table(file)["Crime type"].tolist() == ["Drone misuse"]


def test_a_month_without_incidents_is_an_empty_file(ask: Ask) -> None:
    [file] = ask(crimes())
    assert isinstance(file, StreetFile)
    assert file.content.decode() == served.CSV_HEAD


def test_months_that_are_not_published_are_named(ask: Ask) -> None:
    found = ask(crimes(), months=("2023-12", "2024-01", "2024-02", "2024-03"))
    assert [item for item in found if isinstance(item, str)] == ["2023-12", "2024-03"]
    assert len(found) == 4


def test_an_area_that_holds_too_many_is_quartered(replay: Any, ask: Ask) -> None:
    every = [
        served.crime(number, -1.28 + 0.04 * number / 41, 51.74 + 0.03 * number / 41)
        for number in range(42)
    ]

    def answer(asked: Any) -> Any:
        shape = shapely.Polygon(served.outline_of(asked))
        inside = [
            item
            for item in every
            if shape.intersects(
                shapely.Point(
                    float(item["location"]["longitude"]), float(item["location"]["latitude"])
                )
            )
        ]
        return served.TOO_MANY if len(inside) > 10 else crimes(*inside)

    [file] = ask(answer)
    # A point on the line between two quarters is in both answers, and counts once.
    assert sorted(table(file)["Crime ID"]) == sorted(item["persistent_id"] for item in every)
    assert len(replay.asked) > 5


def test_a_service_that_is_down_is_not_asked_without_end(
    replay: Any, ask: Ask, waits: list[float]
) -> None:
    with pytest.raises(DownloadFailed, match=r"503 Service Unavailable; tried 3 times"):
        ask(served.TOO_MANY)
    assert len(replay.asked) == 1 + police_area.MOST_SPLITS + 3
    assert waits == [2, 4]


def test_the_rate_limit_is_waited_for(ask: Ask, waits: list[float]) -> None:
    assert len(ask(served.BUSY, served.BUSY, crimes(served.crime(1, -1.26, 51.755)))) == 1
    assert waits == [2, 4]


def test_a_long_outline_is_posted(replay: Any, ask: Ask) -> None:
    circle = shapely.Point(-1.26, 51.755).buffer(0.01, quad_segs=100)
    ask(crimes(), area=circle)
    asked = replay.asked[-1]
    assert (asked.method, asked.query) == ("POST", {})
    assert len(served.outline_of(asked)) == 400


def test_each_part_of_an_area_is_asked_for(replay: Any, ask: Ask) -> None:
    apart = shapely.union_all([AREA, shapely.affinity.translate(AREA, 0.1)])
    both = served.crime(1, -1.26, 51.755)
    [file] = ask(crimes(both), area=apart)
    assert len(replay.asked) == 3
    assert len(table(file)) == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(lambda: served.Answer(b"<html>Error</html>", kind="text/html"), id="page"),
        pytest.param(lambda: served.Answer(b'{"error": 1}'), id="no list"),
        pytest.param(lambda: served.Answer(b"[{}]", sent=2), id="half"),
        pytest.param(lambda: served.Answer(b"", 504), id="gateway"),
        pytest.param(lambda: served.Answer(b"\xff\xfe[]"), id="not UTF-8"),
        pytest.param(lambda: served.Answer(b"[" * 100_000), id="nested"),
    ],
)
def test_answers_that_are_none_are_asked_for_again(ask: Ask, answer: Callable[[], Any]) -> None:
    [file] = ask(answer(), crimes(served.crime(1, -1.26, 51.755)))
    assert len(table(file)) == 1


@pytest.mark.parametrize(
    "rows", [[1], [None], [{}], [{"id": 1}], [{"id": 1, "category": None, "month": "2024-01"}]]
)
def test_rows_of_an_unknown_form_are_an_error(ask: Ask, rows: list[Any]) -> None:
    with pytest.raises(DownloadFailed, match="in a form that is not known; nothing was written"):
        ask(crimes(*rows))


def test_a_wrong_question_is_told_at_once(replay: Any, ask: Ask) -> None:
    with pytest.raises(DownloadFailed, match="404"):
        ask(served.Answer(b"Not Found", 404, kind="text/html"))
    assert len(replay.asked) == 2


def test_the_list_of_months_is_never_an_old_one(replay: Any, ask: Ask) -> None:
    assert ask(crimes(), months=("2024-03",)) == ["2024-03"]
    replay.give(DATES, served.Answer(served.dates("2024-03")))
    assert len(ask(crimes(), months=("2024-03",))) == 1
    assert [asked.path for asked in replay.asked].count(DATES) == 2


field = st.one_of(st.none(), st.text(max_size=12), st.integers(), st.booleans())


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "id": st.integers(0, 10**9),
                "category": st.sampled_from(sorted(CRIME_TYPES)),
                "month": st.just("2024-01"),
                "persistent_id": field,
                "context": field,
                "location_type": field,
                "location": st.one_of(
                    st.none(), st.fixed_dictionaries({"latitude": field, "street": field})
                ),
                "outcome_status": st.one_of(st.none(), st.fixed_dictionaries({"category": field})),
            }
        ),
        max_size=8,
        unique_by=lambda row: row["id"],
    )
)
def test_every_incident_becomes_one_row(rows: list[dict[str, Any]]) -> None:
    made = police_area._street_csv(police_area._crime_table(rows, "2024-01"))
    read = pd.read_csv(io.BytesIO(made), dtype=str, keep_default_na=False)
    assert len(read) == len(rows)
    assert read.columns.tolist() == COLUMNS
