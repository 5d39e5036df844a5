from pathlib import Path
from types import ModuleType

import pytest

from planner.service.workspace import EstateFiles, make_workspace
from planner.ui.words import counted, estate_document, estate_words


def test_what_was_read_otherwise_is_said_and_listed(build: ModuleType, tmp_path: Path) -> None:
    points = [build.point_feature(500 + 40 * n, 0, name=f"P{n}") for n in range(6)]
    features = [*build.site_features(), *points, build.point_feature(20, 20, name="Logic")]
    features[0]["properties"]["name"] = "A"
    sites = build.write(tmp_path / "sites.json", build.collection(features))
    made = make_workspace(tmp_path / "workspace", EstateFiles([sites]))
    words = estate_words(made, tmp_path, 12)
    assert "Points given a radius of 8 m: 6 (P0, P1, P2, P3, ...)." in words
    assert any(line.endswith(": 1 (Logic in Hall).") for line in words)
    assert not any(line.startswith(("Read:", "Left out")) for line in words)
    document = estate_document(made, tmp_path)
    assert [item["name"] for item in document["noted"]] == [
        "Logic", "P0", "P1", "P2", "P3", "P4", "P5",
    ]  # fmt: skip
    assert document["noted"][0]["building"] == "Hall"
    assert document["layers"] == ["sites.json"]


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 teams"), (1, "1 team"), (2, "2 teams"), (1200, "1,200 teams")]
)
def test_one_of_a_thing_is_said_as_one(count: int, said: str) -> None:
    assert counted(count, "team") == said
