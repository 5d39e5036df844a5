"""Leaflet from our own copy, so that a map asks nothing of the internet."""

import base64
import re
from pathlib import Path

from xstatic.pkg.leaflet import BASE_DIR

FOLDER = Path(BASE_DIR)
SCRIPT, STYLE = "leaflet.js", "leaflet.css"
Links = list[tuple[str, str]]

_IMAGE = re.compile(r"url\((images/[\w.-]+)\)")
_OLD_EXPLORER = re.compile(r"behavior:\s*url\([^)]*\);")


def script_link() -> str:
    """Return Leaflet's script as a ``data:`` URI."""
    return _data_uri("text/javascript", (FOLDER / SCRIPT).read_bytes())


def style_link() -> str:
    """Return Leaflet's style sheet as a ``data:`` URI; the images it names are inside it."""
    text = (FOLDER / STYLE).read_text(encoding="utf-8")
    text = _IMAGE.sub(_inlined, _OLD_EXPLORER.sub("", text))
    return _data_uri("text/css", text.encode())


def _inlined(found: re.Match[str]) -> str:
    return f"url({_data_uri('image/png', (FOLDER / found[1]).read_bytes())})"


def _data_uri(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
