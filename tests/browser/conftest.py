"""A real browser that may reach nothing but this machine, and what is opened in it."""

import contextlib
import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from planner.service.demo import bundled, make_demo

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
STARTS_WITHIN_S = 60


@dataclass
class Watched:
    """A page, what it asked of the world outside, and what went wrong in it."""

    page: object
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = next((path for name in NAMES if (path := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium is installed")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def watched(browser) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    seen = Watched(context.new_page())

    def admit(route):
        address = route.request.url
        if address.startswith(("http://127.0.0.1:", "http://localhost:", "file://", "data:")):
            return route.continue_()
        seen.outside.append(address)
        return route.abort()

    def note(message):
        if message.type == "error":
            seen.errors.append(message.text)

    context.route("**/*", admit)
    seen.page.on("console", note)
    seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
    yield seen
    context.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("browser") / "demo"
    make_demo(folder)
    return folder


@pytest.fixture(scope="session")
def shots(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("shots")


@pytest.fixture(scope="session")
def app_address(browser, demo, tmp_path_factory) -> Iterator[str]:
    """Start the app on the demo; skip nothing: it must start."""
    with _app(demo, tmp_path_factory.mktemp("app") / "log.txt") as address:
        yield address


@pytest.fixture(scope="module")
def app_for(browser, tmp_path_factory) -> Iterator[Callable[[Path], str]]:
    """A function that starts the app on a workspace and returns its address."""
    with contextlib.ExitStack() as started:
        folder = tmp_path_factory.mktemp("apps")
        yield lambda workspace: started.enter_context(
            _app(workspace, folder / f"{workspace.name}.txt")
        )


@contextlib.contextmanager
def _app(workspace: Path, log: Path) -> Iterator[str]:
    """Run the app on a free port of this machine."""
    page, port = bundled("app.py"), _free_port()
    command = [
        sys.executable, "-m", "streamlit", "run", str(page), "--server.port", str(port),
        "--server.address", "127.0.0.1",
    ]  # fmt: skip
    with log.open("w") as out:
        process = subprocess.Popen(
            command,
            env=os.environ | {"PLANNER_WORKSPACE": str(workspace)},
            cwd=page.parent,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(port, process, log)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(timeout=20)


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, 2)) as line:
            try:
                line.request("GET", "/_stcore/health")
                line.getresponse()
            except OSError:
                time.sleep(0.2)
            else:
                return
    raise AssertionError(f"the app did not start: {log.read_text()}")
