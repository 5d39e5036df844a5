"""A built wheel carries the app and the demo estate, and works from any folder."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
JOB = "import planner, sys; print(planner.__file__); from planner.cli import main; main()"


def test_the_demo_runs_from_a_wheel(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    wheel = next(tmp_path.glob("*.whl"))
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        archive.extractall(installed)
    assert "planner/bundled/app.py" in names
    assert "planner/bundled/geodata/oxford/sites.geojson" in names
    assert "planner/bundled/geodata/oxford/surroundings.geojson" in names
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", JOB, "demo", "--out", "out"],
        cwd=elsewhere,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(str(installed))
    assert (elsewhere / "out" / "map.html").exists()
