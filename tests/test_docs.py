"""The documents say what is there, and the README's lines are the ones that are run."""

import ast
import re
from pathlib import Path
from typing import Any

from typer.main import get_command

from planner.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_module_map_names_every_module() -> None:
    text = (ROOT / "planner" / "README.md").read_text(encoding="utf-8")
    modules = [path.relative_to(ROOT / "planner") for path in (ROOT / "planner").rglob("*.py")]
    named = set(re.findall(r"`([\w/]+\.py)`", text))
    wanted = {str(path) for path in modules if path.name != "__init__.py"}
    assert named == wanted, f"missing {wanted - named}, gone {named - wanted}"


def commands(group: Any, named: str = "") -> dict[str, Any]:
    """Every command by its name, those of groups as 'group command'."""
    found = {}
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            found |= commands(command, f"{named}{name} ")
        else:
            found[f"{named}{name}"] = command
    return found


def test_the_readme_names_only_commands_and_options_that_exist() -> None:
    known = commands(get_command(app))
    used = re.findall(r"planner ((?:fetch |intelligence |liaison )?[a-z]+)((?: [^\n`]*)?)", README)
    groups = {name.split()[0] for name in known}
    assert {name.split()[0] for name, _ in used} >= groups - {"plan"}
    for name, arguments in used:
        if name not in known:
            assert name.split()[0] not in groups, name
            continue
        options = {opt for parameter in known[name].params for opt in parameter.opts}
        given = re.findall(r"(?<=\s)--?[a-z][a-z-]*", arguments)
        assert set(given) <= options, (name, given)


def test_the_readme_has_the_two_lines_that_ci_runs() -> None:
    first = "python3 -m venv .venv && .venv/bin/pip install -e . && .venv/bin/planner demo"
    second = ".venv/bin/pip install -e '.[test]' && .venv/bin/pytest -n 2 --dist loadscope"
    assert first in README.splitlines()
    assert second in README.splitlines()


def test_links_in_the_documents_lead_somewhere() -> None:
    for page in (
        ROOT / "README.md",
        ROOT / "planner" / "README.md",
        ROOT / "geodata" / "README.md",
    ):
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_scenario_is_a_scenario(tmp_path: Path) -> None:
    from planner.allocate.scenario import read_scenario

    example = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert example is not None
    path = tmp_path / "example.toml"
    path.write_text(example[1], encoding="utf-8")
    assert read_scenario(path).patrols.teams == 3


def test_no_file_and_no_function_has_grown_too_long() -> None:
    for path in [*(ROOT / "planner").rglob("*.py"), ROOT / "app.py"]:
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 450, path
        for node in ast.walk(ast.parse(text)):
            assert not isinstance(node, ast.Assert), f"{path}:{node.lineno}"
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 80, f"{path}: {node.name}"
