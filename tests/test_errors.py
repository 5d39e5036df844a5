import inspect

import pytest

from planner import errors

NAMED = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, errors.PlannerError) and kind is not errors.PlannerError
]


def test_there_are_named_errors() -> None:
    assert len(NAMED) >= 8


@pytest.mark.parametrize("kind", NAMED, ids=lambda kind: kind.__name__)
def test_every_error_is_a_planner_error_and_a_builtin_one(
    kind: type[errors.PlannerError],
) -> None:
    assert issubclass(kind, (OSError, RuntimeError, ValueError))
    assert kind.__doc__


@pytest.mark.parametrize("kind", NAMED, ids=lambda kind: kind.__name__)
def test_the_text_of_an_error_is_what_it_was_given(kind: type[errors.PlannerError]) -> None:
    assert str(kind("sites.geojson: is empty; give a GeoJSON file.")) == (
        "sites.geojson: is empty; give a GeoJSON file."
    )


def test_an_unreadable_file_without_text_has_none() -> None:
    assert str(errors.UnreadableFile()) == ""


def test_an_unreadable_file_is_caught_as_the_matching_builtin() -> None:
    with pytest.raises(OSError, match="is empty"):
        raise errors.UnreadableFile("a.csv: is empty")
    with pytest.raises(ValueError, match="no estate"):
        raise errors.EstateError("no estate")
