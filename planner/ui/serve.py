"""Starting the app: Streamlit on this machine only, with the workspace it is to show."""

import os
import subprocess
import sys
from pathlib import Path

from planner.errors import WorkspaceError
from planner.service.demo import bundled


def serve(workspace: Path, port: int) -> None:
    """Run the app until it is ended.

    Raises
    ------
    WorkspaceError
        If the app ends by itself, as it does where the port is taken.
    """
    page = bundled("app.py")
    command = [
        sys.executable, "-m", "streamlit", "run", str(page), "--server.port", str(port),
        "--server.address", "localhost",
    ]  # fmt: skip
    settings = os.environ | {"PLANNER_WORKSPACE": str(workspace.resolve())}
    try:
        # Streamlit reads its settings from the folder that it is started in.
        code = subprocess.run(command, env=settings, cwd=page.parent, check=False).returncode
    except KeyboardInterrupt:
        return
    if code > 0:
        raise WorkspaceError(f"The app ended by itself; is port {port} taken? Choose another.")
