"""The transfer: patient with passing faults, firm with lasting ones, and never half."""

import json
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import replay_server as served
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import DownloadFailed, RefusedFile, UnreadableFile
from planner.estate.sources.cache import Cache, sha256_of
from planner.estate.sources.faults import Declined, TryAgain
from planner.estate.sources.request import Clock, Manners, Request
from planner.estate.sources.web import Web
from planner.estate.whole_files import write_whole

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
BODY = bytes(range(256)) * 1_000


class Time:
    """A clock that waits in no time."""

    def __init__(self) -> None:
        self.now, self.waits, self.passed = NOW, [], 0.0

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.passed += seconds

    def clock(self) -> Clock:
        return Clock(self.sleep, lambda: self.passed, lambda: self.now)


@pytest.fixture
def replay(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with served.replaying() as running:
        yield running


@pytest.fixture
def time() -> Time:
    return Time()


Make = Callable[..., Web]


@pytest.fixture
def web(tmp_path: Path, time: Time) -> Make:
    def make(fresh: bool = False, **manners: Any) -> Web:
        usual = {"per_second": float("inf"), "tries": 4} | manners
        return Web(Cache(tmp_path / "cache"), Manners(**usual), time.clock(), fresh=fresh)

    return make


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def whole(file: Path) -> None:
    try:
        json.loads(file.read_bytes())
    except ValueError:
        raise TryAgain("no JSON") from None


def test_an_answer_is_fetched_once_and_kept_by_its_digest(replay: Any, web: Make) -> None:
    replay.give("/file", served.File(BODY))
    request = Request("a file", f"{replay.url}/file", resumable=True)
    first, again = web().fetch(request), web().fetch(request)
    assert first == again
    assert first.read_bytes() == BODY
    assert first.name == sha256_of(first)
    assert len(replay.asked) == 1
    assert replay.asked[0].headers["User-Agent"].startswith("deployment-planner/")


def test_other_parameters_are_another_request(replay: Any, web: Make) -> None:
    replay.give("/file", lambda asked: served.Answer(asked.query["q"].encode()))
    requests = [Request("a", f"{replay.url}/file", (("q", text),)) for text in ("one", "two")]
    assert [web().fetch(request).read_bytes() for request in requests] == [b"one", b"two"]


def test_what_was_changed_in_the_cache_is_fetched_again(replay: Any, web: Make) -> None:
    replay.give("/file", served.File(BODY))
    request = Request("a file", f"{replay.url}/file")
    kept = web().fetch(request)
    kept.write_bytes(BODY[:-1])
    assert web().fetch(request).read_bytes() == BODY
    assert len(replay.asked) == 2


def test_old_answers_and_those_not_wanted_are_fetched_again(
    replay: Any, web: Make, time: Time
) -> None:
    replay.give("/file", served.Answer(b"1"), served.Answer(b"2"), served.Answer(b"3"))
    request = Request("a file", f"{replay.url}/file")
    web().fetch(request)
    assert web(fresh=True).fetch(request).read_bytes() == b"2"
    time.now += timedelta(days=31)
    assert web().fetch(request).read_bytes() == b"3"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_passing_faults_are_tried_again_with_longer_waits(
    replay: Any, web: Make, time: Time, status: int
) -> None:
    busy = served.Answer(b"busy", status)
    replay.give("/file", busy, busy, busy, served.Answer(b"good"))
    assert web().fetch(Request("a file", f"{replay.url}/file")).read_bytes() == b"good"
    assert time.waits == [2, 4, 8]


def test_the_server_says_how_long_to_wait(replay: Any, web: Make, time: Time) -> None:
    past = served.Answer(b"", 503, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})
    nonsense = served.Answer(b"", 503, {"Retry-After": "soon"})
    seconds = served.Answer(b"", 429, {"Retry-After": "77"})
    replay.give("/file", seconds, past, nonsense, served.Answer(b"good"))
    web().fetch(Request("a file", f"{replay.url}/file"))
    assert time.waits == [77, 0, 8]


def test_a_server_that_asks_for_an_hour_is_left_alone(replay: Any, web: Make, time: Time) -> None:
    replay.give("/file", served.Answer(b"", 429, {"Retry-After": "3600"}))
    with pytest.raises(DownloadFailed, match=r"429.*asks to wait 60 minutes; run the same command"):
        web().fetch(Request("a file", f"{replay.url}/file"))
    assert len(replay.asked) == 1
    assert time.waits == []


def test_it_gives_up_in_one_line_that_says_what_to_do(
    replay: Any, web: Make, tmp_path: Path
) -> None:
    replay.give("/file", served.Answer(b"", 504))
    address = replay.url.replace("//", "//name:secret@") + "/file?key=hidden"
    with pytest.raises(DownloadFailed) as caught:
        web().fetch(Request("a file", address))
    said = str(caught.value)
    assert said == (
        f"a file ({replay.url}/file): the server answered 504 Gateway Timeout; tried 4 times. Run "
        "the same command again later: what came so far is kept."
    )
    assert len(replay.asked) == 4
    assert names(tmp_path / "cache") == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 501])
def test_a_no_is_not_asked_about_again(replay: Any, web: Make, status: int) -> None:
    replay.give("/file", served.Answer(b"<html>no</html>", status))
    with pytest.raises(Declined, match=str(status)) as caught:
        web().fetch(Request("a file", f"{replay.url}/file"))
    assert caught.value.status == status
    assert len(replay.asked) == 1


def test_a_status_can_be_an_answer(replay: Any, web: Make) -> None:
    replay.give("/file", served.Answer(b"", 503))
    with pytest.raises(Declined):
        web().fetch(Request("a file", f"{replay.url}/file", answers=frozenset({503})))
    assert len(replay.asked) == 1


def test_half_an_answer_is_none(replay: Any, web: Make) -> None:
    half = served.Answer(b'["whole"]', sent=4)
    replay.give("/file", half, served.Answer(b'["whole"]'))
    assert web().fetch(Request("a file", f"{replay.url}/file")).read_bytes() == b'["whole"]'
    replay.give("/other", half)
    with pytest.raises(DownloadFailed, match="the answer broke off; tried 4 times"):
        web().fetch(Request("a file", f"{replay.url}/other"))


def test_half_a_compressed_answer_is_none(replay: Any, web: Make) -> None:
    packed = zlib.compress(BODY)
    header = {"Content-Encoding": "deflate"}
    replay.give(
        "/file", served.Answer(packed, 200, header, sent=50), served.Answer(packed, 200, header)
    )
    assert web().fetch(Request("a file", f"{replay.url}/file")).read_bytes() == BODY


def test_a_compressed_answer_that_is_none_is_tried_again(replay: Any, web: Make) -> None:
    broken = served.Answer(b"no gzip at all", 200, {"Content-Encoding": "gzip"})
    replay.give("/file", broken, served.Answer(b"good"))
    assert web().fetch(Request("a file", f"{replay.url}/file")).read_bytes() == b"good"


def test_an_answer_of_another_kind_is_tried_again_and_not_kept(
    replay: Any, web: Make, tmp_path: Path
) -> None:
    page = served.Answer(b"<html>Sign in</html>", kind="text/html")
    replay.give("/file", page, served.Answer(b"[]"))
    assert web().fetch(Request("a", f"{replay.url}/file", check=whole)).read_bytes() == b"[]"
    replay.give("/other", page)
    with pytest.raises(DownloadFailed, match="no JSON; tried 4 times"):
        web().fetch(Request("a", f"{replay.url}/other", check=whole))
    assert len(names(tmp_path / "cache")) == 2


# What came is kept in blocks of 65,536 bytes.
def test_a_cut_transfer_goes_on_where_it_stopped(replay: Any, web: Make) -> None:
    replay.give("/file", *(served.File(BODY, sent=100_000) for _ in range(2)), served.File(BODY))
    got = web().fetch(Request("a file", f"{replay.url}/file", resumable=True))
    assert got.read_bytes() == BODY
    ranges = [asked.headers.get("Range") for asked in replay.asked]
    assert ranges == [None, "bytes=65536-", "bytes=131072-"]
    assert {asked.headers.get("Accept-Encoding") for asked in replay.asked} == {"identity"}


def test_a_later_command_goes_on_where_the_first_stopped(
    replay: Any, web: Make, tmp_path: Path
) -> None:
    request = Request("a file", f"{replay.url}/file", resumable=True)
    replay.give("/file", served.File(BODY, sent=70_000), served.Answer(b"", 502))
    with pytest.raises(DownloadFailed):
        web().fetch(request)
    assert not (tmp_path / "cache" / "content").exists()
    replay.give("/file", served.File(BODY))
    assert web().fetch(request).read_bytes() == BODY
    assert replay.asked[-1].headers["Range"] == "bytes=65536-"
    assert len(names(tmp_path / "cache")) == 2


def test_a_fetch_that_was_interrupted_goes_on(replay: Any, web: Make, tmp_path: Path) -> None:
    replay.give("/file", served.File(BODY))
    request = Request("a file", f"{replay.url}/file", resumable=True)

    def stop(_: str, done: int, __: int | None) -> None:
        if done >= 131_072:
            raise KeyboardInterrupt

    stopped = web()
    stopped.progress = stop
    with pytest.raises(KeyboardInterrupt):
        stopped.fetch(request)
    assert not (tmp_path / "cache" / "content").exists()
    assert web().fetch(request).read_bytes() == BODY
    assert replay.asked[-1].headers["Range"] == "bytes=131072-"


def test_a_file_that_changed_meanwhile_begins_anew(replay: Any, web: Make) -> None:
    other = BODY[::-1]
    replay.give("/file", served.File(BODY, sent=100_000), served.File(other, tag='"second"'))
    got = web().fetch(Request("a file", f"{replay.url}/file", resumable=True))
    assert got.read_bytes() == other


def test_a_server_without_parts_begins_anew(replay: Any, web: Make) -> None:
    replay.give("/file", served.File(BODY, sent=100_000), served.File(BODY, ranges=False))
    got = web().fetch(Request("a file", f"{replay.url}/file", resumable=True))
    assert got.read_bytes() == BODY


def test_without_a_strong_tag_there_is_no_going_on(replay: Any, web: Make) -> None:
    weak = {"ETag": 'W/"1"'}
    replay.give("/file", served.Answer(BODY, 200, weak, sent=9), served.Answer(BODY, 200, weak))
    web().fetch(Request("a file", f"{replay.url}/file", resumable=True))
    assert all("Range" not in asked.headers for asked in replay.asked)


@pytest.mark.parametrize("given", ["bytes 0-9/256000", "bytes 5-1/2", "lines 1-2/3", ""])
def test_another_part_than_was_asked_for_begins_anew(replay: Any, web: Make, given: str) -> None:
    wrong = served.Answer(BODY[:10], 206, {"Content-Range": given, "ETag": '"first"'})
    replay.give("/file", served.File(BODY, sent=100_000), wrong, served.File(BODY))
    got = web().fetch(Request("a file", f"{replay.url}/file", resumable=True))
    assert got.read_bytes() == BODY


def test_a_part_that_is_too_long_begins_anew(replay: Any, web: Make) -> None:
    short = BODY[:90_000]
    replay.give("/file", served.File(BODY, sent=100_000), served.File(short))
    got = web().fetch(Request("a file", f"{replay.url}/file", resumable=True))
    assert got.read_bytes() == short


@given(cuts=st.lists(st.integers(0, 300_000), max_size=3))
def test_however_it_is_cut_the_file_is_whole(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int]
) -> None:
    with served.replaying() as replay:
        replay.give("/file", *(served.File(BODY, sent=cut) for cut in cuts), served.File(BODY))
        cache = Cache(tmp_path_factory.mktemp("cache"))
        web = Web(cache, Manners(per_second=float("inf")), Time().clock())
        got = web.fetch(Request("a file", f"{replay.url}/file", resumable=True))
        assert got.read_bytes() == BODY


@pytest.mark.parametrize("announced", [True, False])
def test_too_large_an_answer_is_refused(
    replay: Any, web: Make, tmp_path: Path, announced: bool
) -> None:
    headers = {} if announced else {"Transfer-Encoding": "identity"}
    replay.give("/file", served.Answer(BODY, 200, headers))
    with pytest.raises(RefusedFile, match="larger than 0 MB"):
        web().fetch(Request("a file", f"{replay.url}/file", most_bytes=1_000))
    assert len(replay.asked) == 1
    assert not any(path.stat().st_size > 1_000 for path in tmp_path.rglob("*.part"))


def test_a_loop_of_redirections_ends(replay: Any, web: Make) -> None:
    replay.give("/a", served.Answer(b"", 302, {"Location": "/b"}))
    replay.give("/b", served.Answer(b"", 302, {"Location": "/a"}))
    with pytest.raises(DownloadFailed, match="from address to address without end"):
        web().fetch(Request("a file", f"{replay.url}/a"))
    assert len(replay.asked) <= 7


def test_redirections_lead_nowhere_but_to_the_web(replay: Any, web: Make, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    replay.give("/a", served.Answer(b"", 302, {"Location": secret.as_uri()}))
    with pytest.raises(DownloadFailed, match="can't be asked"):
        web().fetch(Request("a file", f"{replay.url}/a"))


@pytest.mark.parametrize("address", ["nowhere", "ftp://example.org/x", "http://", "http://[::1"])
def test_an_address_that_is_none(web: Make, address: str) -> None:
    with pytest.raises(DownloadFailed, match="check the address"):
        web().fetch(Request("a file", address))


def test_nobody_listens(web: Make, time: Time) -> None:
    with served.replaying() as gone:
        address = gone.url
    with pytest.raises(DownloadFailed, match=r"no connection \(connection refused\); tried 4"):
        web().fetch(Request("a file", f"{address}/file"))
    assert time.waits == [2, 4, 8]


def test_a_server_that_says_nothing(replay: Any, web: Make) -> None:
    import time as real

    replay.give("/file", lambda _: real.sleep(0.3) or served.Answer(b"late"))
    with pytest.raises(DownloadFailed, match="no answer in time; tried 2 times"):
        web(tries=2, timeout_s=(1.0, 0.05)).fetch(Request("a file", f"{replay.url}/file"))


def test_it_keeps_a_polite_pace(replay: Any, web: Make, time: Time) -> None:
    replay.give("/file", lambda asked: served.Answer(asked.query["q"].encode()))
    slow = web(per_second=0.5)
    for number in range(4):
        slow.fetch(Request("a", f"{replay.url}/file", (("q", str(number)),)))
    assert time.waits == [2, 2, 2]


def test_waits_are_limited(replay: Any, web: Make, time: Time) -> None:
    replay.give("/file", served.Answer(b"", 500))
    with pytest.raises(DownloadFailed):
        web(tries=6, first_wait_s=10, longest_wait_s=30).fetch(Request("a", f"{replay.url}/file"))
    assert time.waits == [10, 20, 30, 30, 30]


def test_it_reports_how_far_it_is(replay: Any, web: Make) -> None:
    replay.give("/file", served.File(BODY))
    seen: list[tuple[str, int, int | None]] = []
    fetching = web()
    fetching.progress = lambda *report: seen.append(report)
    fetching.fetch(Request("a file", f"{replay.url}/file", resumable=True))
    assert seen[-1] == ("a file", len(BODY), len(BODY))
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)


def test_a_cache_that_cannot_be_written(replay: Any, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    replay.give("/file", served.File(BODY))
    web = Web(Cache(tmp_path / "cache"), Manners(per_second=float("inf")), Time().clock())
    with pytest.raises(UnreadableFile, match=r"cannot be written .* choose another folder"):
        web.fetch(Request("a file", f"{replay.url}/file"))


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    path = tmp_path / "kept.csv"
    write_whole(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UnreadableFile, match="No space left on device"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["kept.csv"]
