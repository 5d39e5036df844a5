from pathlib import Path

import pytest

from planner.allocate.scenario import read_scenario
from planner.allocate.scenario.inheritance import merged
from planner.errors import ScenarioError


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_scenario_says_only_what_differs(tmp_path: Path) -> None:
    written(tmp_path, "base.toml", 'name = "Base"\n[patrols]\nteams = 4\ndwell_minutes = 10\n')
    path = written(tmp_path, "more.toml", 'inherits = "base.toml"\n[patrols]\nteams = 5\n')
    scenario = read_scenario(path)
    assert (scenario.name, scenario.patrols.teams) == ("Base", 5)
    assert scenario.patrols.dwell_minutes == 10


def test_it_inherits_through_several_and_from_a_built_in_one(tmp_path: Path) -> None:
    built_in = {"today": {"cameras": {"new": 0}, "name": "Today"}}
    written(tmp_path, "a/base.toml", 'inherits = "today"\n[solver]\nseed = 9\n')
    path = written(tmp_path, "more.toml", 'inherits = "a/base.toml"\nname = "More"\n')
    scenario = read_scenario(path, lambda: built_in)
    assert (scenario.name, scenario.solver.seed, scenario.cameras.new) == ("More", 9, 0)


def test_a_list_replaces_the_list_of_the_other() -> None:
    base = {"teams": [{"name": "A"}, {"name": "B"}], "patrols": {"teams": 2, "reserve": 0.1}}
    own = {"teams": [{"name": "C"}], "patrols": {"reserve": 0.2}}
    assert merged(base, own) == {
        "teams": [{"name": "C"}], "patrols": {"teams": 2, "reserve": 0.2},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.toml": 'inherits = "a.toml"'}, r"inherits from itself \(a.toml -> a.toml\)"),
        (
            {"a.toml": 'inherits = "b.toml"', "b.toml": 'inherits = "sub/../a.toml"', "sub/c": ""},
            r"inherits from itself \(a.toml -> b.toml -> a.toml\)",
        ),
        ({"a.toml": 'inherits = "gone.toml"'}, "no scenario 'gone.toml'.*built in are none"),
        ({"a.toml": "inherits = 3"}, "inherits: name one other scenario"),
        ({"a.toml": 'inherits = ""'}, "inherits: name one other scenario"),
        ({"a.toml": 'inherits = "b.toml"', "b.toml": "x ="}, "b.toml: is not valid TOML"),
        ({"a.toml": 'inherits = "b.toml"', "b.toml": "[patrols]\nteem = 2"}, "patrols.teem"),
        ({"a.toml": 'inherits = "b.toml"', "b.toml/x": ""}, "no scenario 'b.toml'"),
    ],
)
def test_what_cannot_be_inherited_is_named(
    tmp_path: Path, files: dict[str, str], words: str
) -> None:
    for name, text in files.items():
        written(tmp_path, name, text)
    with pytest.raises(ScenarioError, match=words):
        read_scenario(tmp_path / "a.toml")


def test_a_chain_without_end_is_refused(tmp_path: Path) -> None:
    for number in range(30):
        written(tmp_path, f"{number}.toml", f'inherits = "{number + 1}.toml"')
    with pytest.raises(ScenarioError, match="longer than 20"):
        read_scenario(tmp_path / "0.toml")
