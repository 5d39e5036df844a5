"""The notebooks run from top to bottom."""

import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# Of the notebooks that have no demo to fall back on, and of all others.
OF_PUBLIC_DATA = "05_cameras_and_scenarios"
CELLS = {OF_PUBLIC_DATA: 24}
USUAL_CELLS = 10


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path: Path, request: pytest.FixtureRequest) -> None:
    if path.stem == OF_PUBLIC_DATA:
        request.getfixturevalue("shared")  # which skips, and says why, where it is not here
    notebook = nbformat.read(path, as_version=4)
    done = NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    assert len(done.cells) == CELLS.get(path.stem, USUAL_CELLS)
    assert all(cell.outputs for cell in done.cells[2:] if cell.cell_type == "code")


def test_a_notebook_of_public_data_says_that_there_is_none(tmp_path: Path) -> None:
    notebook: Any = nbformat.read(ROOT / "notebooks" / f"{OF_PUBLIC_DATA}.ipynb", as_version=4)
    notebook.cells = notebook.cells[:2]
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        allow_errors=True,
        # The data is looked for beside each folder above: there is none above the root.
        resources={"metadata": {"path": tmp_path.anchor}},
    )
    done = client.execute(env={**os.environ, "PYTHONPATH": str(ROOT)})
    (said,) = [one for one in done.cells[1].outputs if one.output_type == "error"]
    assert said.ename == "NotHere"
    assert said.traceback == [said.evalue]
    assert "needs the public reference data" in said.evalue
