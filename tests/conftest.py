"""Fixtures that many tests share; the builders behind them stand in ``builders.py``."""

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, settings

# Derandomised: every run draws the same examples, so that a failure is nobody's luck.
settings.register_profile(
    "planner",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "planner"))


def _load(name: str) -> ModuleType:
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"planner_test_{name}", path)
    if spec is None or spec.loader is None:
        raise ImportError(str(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def build() -> ModuleType:
    """The builders: ``build.estate()``, ``build.control_room_csv(...)`` and so on."""
    return _load("builders")


@pytest.fixture(scope="session")
def estate(build: ModuleType) -> object:
    """The small estate; tests must not change its tables."""
    return build.estate()


@pytest.fixture(scope="session")
def _first_workspace(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("workspace") / "small"
    build.new_workspace(folder)
    return folder


@pytest.fixture
def workspace(_first_workspace: Path, tmp_path: Path) -> Path:
    """A fresh workspace of the small estate, without incidents."""
    return Path(shutil.copytree(_first_workspace, tmp_path / "workspace"))


@pytest.fixture
def failed_import(build: ModuleType, workspace: Path) -> Callable[[Path], BaseException]:
    """A function that imports a file which must fail, and must leave the workspace as it was."""
    from planner.errors import PlannerError
    from planner.service.importing import import_files

    build.import_text(workspace, build.control_room_csv([build.incident("kept")]), "kept.csv")

    def attempt(path: Path) -> BaseException:
        before = build.snapshot(workspace)
        with pytest.raises(PlannerError) as caught:
            import_files(workspace, [path], build.NOW)
        assert build.snapshot(workspace) == before
        return caught.value

    return attempt


@pytest.fixture(scope="session")
def shared_data(build: ModuleType) -> Path:
    """The folder of public data; a test that needs it is skipped where it is absent."""
    folder: Path = build.SHARED
    if not folder.is_dir():
        pytest.skip("the public data of ../shared/data is not here")
    return folder


# A PostgreSQL server, for what must hold on both databases.


@pytest.fixture(scope="session")
def _postgres_server() -> Iterator[ModuleType]:
    server = _load("postgres_server")
    try:
        with server.running() as url:
            server.url = url
            yield server
    except server.NoServer as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def postgres_url(_postgres_server: ModuleType) -> str:
    """The URL of a server's database, from which others can be made."""
    return str(_postgres_server.url)


@pytest.fixture
def new_postgres(_postgres_server: ModuleType) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database."""
    with _postgres_server.new_database(_postgres_server.url) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def register_url(request: pytest.FixtureRequest) -> str:
    """A register's URL: ``""`` for a file in the workspace, then a fresh PostgreSQL database."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("new_postgres"))


@pytest.fixture(scope="session")
def intakes() -> ModuleType:
    """Files of incidents without files: ``intakes.located([intakes.incident("k1"), ...])``."""
    return _load("intakes")


@pytest.fixture(scope="session")
def records() -> ModuleType:
    """Records on a grid of cells: ``records.events(...)``, ``records.weekly(104)``."""
    return _load("records")
