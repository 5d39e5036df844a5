"""A local server that replays the answers of OpenStreetMap's and the police's services.

Their formats are those that the services document: https://wiki.openstreetmap.org/wiki/OSM_XML and
https://dev.overpass-api.de/overpass-doc (extracts, remarks, status page, error pages),
https://nominatim.org/release-docs/latest/api/Output, https://data.police.uk/docs. All content is
invented.
"""

import io
import json
import threading
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Answer:
    """What the server answers; ``sent`` bytes of the body come, however many were announced."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    sent: int | None = None


@dataclass(frozen=True)
class File:
    """A file that can be had in parts; of each answer only ``sent`` bytes come."""

    body: bytes
    tag: str = '"first"'
    sent: int | None = None
    ranges: bool = True


@dataclass(frozen=True)
class Asked:
    """What was asked of the server."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]


class Replay:
    """A running server: ``url``, the answers it gives by path, and what it was ``asked``."""

    def __init__(self, port: int):
        self.url = f"http://127.0.0.1:{port}"
        self.asked: list[Asked] = []
        self.answers: dict[str, list[Any]] = defaultdict(list)

    def give(self, path: str, *answers: Any) -> None:
        """Give these answers in turn; the last one from then on. A function makes its own."""
        self.answers[path] = list(answers)

    def next_answer(self, asked: Asked) -> Any:
        waiting = self.answers[asked.path]
        if not waiting:
            return Answer(b"<html>Not Found</html>", 404, kind="text/html")
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return answer(asked) if callable(answer) else answer


@contextmanager
def replaying() -> Iterator[Replay]:
    """Run a server for as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    replay = Replay(server.server_address[1])
    server.replay = replay  # type: ignore[attr-defined]
    thread = threading.Thread(target=lambda: server.serve_forever(0.01), daemon=True)
    thread.start()
    try:
        yield replay
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._reply("GET", b"")

    def do_POST(self) -> None:
        self._reply("POST", self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def log_message(self, *_: object) -> None:
        pass

    def _reply(self, method: str, form: bytes) -> None:
        replay: Replay = self.server.replay  # type: ignore[attr-defined]
        parts = urlsplit(self.path)
        asked = Asked(
            method, parts.path, _flat(parts.query), _flat(form.decode()), dict(self.headers)
        )
        replay.asked.append(asked)
        answer = replay.next_answer(asked)
        if isinstance(answer, File):
            answer = _part_of(answer, asked)
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        if "Transfer-Encoding" not in answer.headers:
            self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        # A client may hang up as soon as it has seen enough.
        with suppress(ConnectionError):
            self.wfile.write(answer.body if answer.sent is None else answer.body[: answer.sent])
        self.close_connection = True


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


def _part_of(file: File, asked: Asked) -> Answer:
    headers = {"ETag": file.tag, "Accept-Ranges": "bytes", "Last-Modified": formatdate(0)}
    wanted, known = asked.headers.get("Range"), asked.headers.get("If-Range")
    if not (file.ranges and wanted and known == file.tag):
        return Answer(file.body, 200, headers, "application/zip", file.sent)
    first = int(wanted.removeprefix("bytes=").removesuffix("-"))
    if first >= len(file.body):
        return Answer(b"", 416, {"Content-Range": f"bytes */{len(file.body)}"})
    headers["Content-Range"] = f"bytes {first}-{len(file.body) - 1}/{len(file.body)}"
    return Answer(file.body[first:], 206, headers, "application/zip", file.sent)


# OpenStreetMap -----------------------------------------------------------------------------------

OSM_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="Overpass API 0.7.62.1">'
    "\n<note>The data included in this document is from www.openstreetmap.org. The data is made "
    'available under ODbL.</note>\n<meta osm_base="2026-01-10T06:00:00Z"/>\n'
)
# A street over a bridge with a gate that closes at night, a college with a hall, a multipolygon.
OSM_BODY = """
  <node id="1" lat="51.7500" lon="-1.2600"/>
  <node id="2" lat="51.7510" lon="-1.2600">
    <tag k="barrier" v="gate"/><tag k="opening_hours" v="Mo-Su 07:00-19:00"/></node>
  <node id="3" lat="51.7520" lon="-1.2600"/>
  <node id="11" lat="51.7501" lon="-1.2595"/><node id="12" lat="51.7501" lon="-1.2585">
    <tag k="entrance" v="main"/></node>
  <node id="13" lat="51.7507" lon="-1.2585"/><node id="14" lat="51.7507" lon="-1.2595"/>
  <node id="21" lat="51.7502" lon="-1.2594"/><node id="22" lat="51.7502" lon="-1.2592"/>
  <node id="23" lat="51.7504" lon="-1.2592"/><node id="24" lat="51.7504" lon="-1.2594"/>
  <node id="31" lat="51.7512" lon="-1.2594"/><node id="32" lat="51.7512" lon="-1.2590"/>
  <node id="33" lat="51.7516" lon="-1.2590"/><node id="34" lat="51.7516" lon="-1.2594"/>
  <node id="41" lat="51.7513" lon="-1.2593"/><node id="42" lat="51.7513" lon="-1.2592"/>
  <node id="43" lat="51.7514" lon="-1.2592"/>
  <node id="51" lat="51.7505" lon="-1.2601"><tag k="highway" v="street_lamp"/></node>
  <node id="52" lat="51.7506" lon="-1.2601"><tag k="man_made" v="surveillance"/>
    <tag k="surveillance:type" v="camera"/><tag k="operator" v="City Council"/>
    <tag k="ref" v="CAM 7"/></node>
  <way id="100"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="footway"/>
    <tag k="name" v="Towpath"/><tag k="foot" v="designated"/><tag k="bridge" v="yes"/></way>
  <way id="110"><nd ref="11"/><nd ref="12"/><nd ref="13"/><nd ref="14"/><nd ref="11"/>
    <tag k="amenity" v="college"/><tag k="name" v="St Example's College"/></way>
  <way id="120"><nd ref="21"/><nd ref="22"/><nd ref="23"/><nd ref="24"/><nd ref="21"/>
    <tag k="building" v="yes"/><tag k="name" v="Hall &amp; Buttery"/></way>
  <way id="130"><nd ref="31"/><nd ref="32"/><nd ref="33"/><nd ref="34"/><nd ref="31"/></way>
  <way id="140"><nd ref="41"/><nd ref="42"/><nd ref="43"/><nd ref="41"/></way>
  <relation id="200"><member type="way" ref="130" role="outer"/>
    <member type="way" ref="140" role="inner"/><tag k="type" v="multipolygon"/>
    <tag k="building" v="university"/><tag k="name" v="Ring Laboratory"/>
    <tag k="operator" v="University"/></relation>
"""
OSM_EXTRACT = (OSM_HEAD + OSM_BODY + "\n</osm>\n").encode()
OSM_NOTHING = (OSM_HEAD + "\n</osm>\n").encode()
OSM_TIMED_OUT = (
    OSM_HEAD + '<node id="1" lat="51.75" lon="-1.26"/>\n<remark> runtime error: Query timed out in '
    '"query" at line 1 after 181 seconds. </remark>\n</osm>\n'
).encode()
OSM_ERROR_PAGE = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"
    "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en"><head>
  <title>OSM3S Response</title></head><body>
<p><strong style="color:#FF0000">Error</strong>: runtime error: open64: 0 Success
/osm3s_osm_base Dispatcher_Client::request_read_and_idx::timeout. The server is probably too busy
to handle your request. </p></body></html>
"""
STATUS_FREE = b"""Connected as: 1234567890
Current time: 2026-01-10T06:00:00Z
Announced endpoint: gall.openstreetmap.de/
Rate limit: 2
2 slots available now.
Currently running queries (pid, space limit, time limit, start time):
"""
STATUS_BUSY = b"""Connected as: 1234567890
Current time: 2026-01-10T06:00:00Z
Announced endpoint: gall.openstreetmap.de/
Rate limit: 2
Slot available after: 2026-01-10T06:00:31Z, in 31 seconds.
Slot available after: 2026-01-10T06:00:12Z, in 12 seconds.
Currently running queries (pid, space limit, time limit, start time):
"""


def nominatim(*shapes: dict[str, Any]) -> bytes:
    """Answer a search in Nominatim's ``jsonv2``, best match first."""
    places = [
        {
            "place_id": 100 + number,
            "licence": "Data © OpenStreetMap contributors, ODbL 1.0. http://osm.org/copyright",
            "osm_type": "relation",
            "osm_id": 65606 + number,
            "lat": "51.7510",
            "lon": "-1.2595",
            "category": "boundary",
            "type": "administrative",
            "place_rank": 16,
            "importance": 0.7 - number / 10,
            "addresstype": "city",
            "name": "Example",
            "display_name": "Example, Oxfordshire, England, United Kingdom",
            "boundingbox": ["51.7490", "51.7530", "-1.2620", "-1.2570"],
            "geojson": shape,
        }
        for number, shape in enumerate(shapes)
    ]
    return json.dumps(places).encode()


POINT = {"type": "Point", "coordinates": [-1.2595, 51.7510]}
OUTLINE = {
    "type": "Polygon",
    "coordinates": [
        [[-1.262, 51.749], [-1.257, 51.749], [-1.257, 51.753], [-1.262, 51.753], [-1.262, 51.749]]
    ],
}

# data.police.uk ----------------------------------------------------------------------------------

CSV_HEAD = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context\n"
)


def street_csv(month: str, force: str, rows: int = 2) -> bytes:
    """Write a street file as the archives hold them."""
    lines = [
        f"{number:064x},{month},{force},{force},-1.26{number:04d},51.75{number:04d},On or near "
        f"High Street,E01000001,Example 001A,Burglary,Under investigation,\n"
        for number in range(rows)
    ]
    return (CSV_HEAD + "".join(lines)).encode()


def archive(*months: str, forces: tuple[str, ...] = ("thames-valley", "btp")) -> bytes:
    """Make an archive of these months, with the other files that archives hold."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for month in months:
            for force in forces:
                opened.writestr(f"{month}/{month}-{force}-street.csv", street_csv(month, force))
                opened.writestr(f"{month}/{month}-{force}-outcomes.csv", "Crime ID,Month\n")
                opened.writestr(f"{month}/{month}-{force}-stop-and-search.csv", "Type,Date\n")
    return made.getvalue()


def dates(*months: str) -> bytes:
    """Answer ``crimes-street-dates``."""
    return json.dumps([{"date": month, "stop-and-search": ["btp"]} for month in months]).encode()


def crime(number: int, longitude: float, latitude: float, **changes: Any) -> dict[str, Any]:
    """Describe an incident as ``crimes-street`` does."""
    return {
        "category": "bicycle-theft",
        "location_type": "Force",
        "location": {
            "latitude": f"{latitude:.6f}",
            "street": {"id": 883407 + number, "name": "On or near Marston Street"},
            "longitude": f"{longitude:.6f}",
        },
        "context": "",
        "outcome_status": {"category": "Under investigation", "date": "2024-02"},
        "persistent_id": f"{number:064x}",
        "id": 54164419 + number,
        "location_subtype": "",
        "month": "2024-01",
    } | changes


def outline_of(asked: Asked) -> list[tuple[float, float]]:
    """Read the polygon that was asked for, as longitude and latitude."""
    pairs = (asked.query | asked.form)["poly"].split(":")
    return [(float(pair.split(",")[1]), float(pair.split(",")[0])) for pair in pairs]


TOO_MANY = Answer(b"", 503, kind="text/html")
BUSY = Answer(b"Too Many Requests", 429, kind="text/plain")
