"""The poorest records: words and wide intervals, never NaN, never a confident map."""

import io
import json
from pathlib import Path
from types import ModuleType

import pypdf
import pytest

from planner.allocate.planning import make_plan
from planner.allocate.scenario import scenario_from
from planner.errors import NoIncidents
from planner.publish.layers import risk_bounds, risk_layer
from planner.publish.legend import forecast_legend_html
from planner.publish.printmap import hotspot_pdf
from planner.publish.risk_view import Show, risk_view
from planner.publish.risk_words import wording_of
from planner.publish.track_words import record_words
from planner.service.forecasting import ForecastWish, forecast_for
from planner.service.planning import print_pages
from planner.service.track_record import track_record
from planner.service.workspace import take_picture
from planner.ui.forecast_words import forecast_document, forecast_words

UNTIMED = {
    "occurred_from": "2025-06-02T00:00",
    "occurred_to": "2025-06-30T23:00",
    "reported_at": "2025-07-01T09:00",
}
RECORDS = {
    "one incident": [{}],
    "all at one place": [{"reference": f"A{number}"} for number in range(30)],
    "all times unknown": [{"reference": f"A{number}", **UNTIMED} for number in range(9)],
}


def finite(text: str) -> None:
    json.loads(text, parse_constant=lambda name: pytest.fail(name))


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("harm", [False, True])
def test_poor_records_give_words(name: str, harm: bool, workspace: Path, build: ModuleType) -> None:
    incidents = [build.incident(**row) for row in RECORDS[name]]
    build.import_text(workspace, build.control_room_csv(incidents))
    picture = take_picture(workspace)
    found = forecast_for(picture, ForecastWish(harm=harm))
    finite(json.dumps(forecast_document(found)))
    assert any("so the forecast is the whole-history count's" in text for text in found.warnings)
    assert "nan" not in " ".join(forecast_words(found))
    wording = wording_of(found)
    for show in Show:
        view = risk_view(found.risk, wording, show)
        layer = risk_layer(picture, found.risk, view, wording)
        finite(layer.features)
        legend = forecast_legend_html(found.risk, view, wording)
        assert "counted, not modelled" in legend and "nan" not in legend
    (south, west), (north, east) = risk_bounds(picture, found.risk)
    assert south < north and west < east
    (record,) = track_record(picture).sources
    assert record.result is None
    assert "the forecast is the count's" in " ".join(record_words(record))


def test_poor_records_are_printed(workspace: Path, build: ModuleType) -> None:
    build.import_text(workspace, build.control_room_csv([build.incident()]))
    picture = take_picture(workspace)
    plan = make_plan(picture, scenario_from({"solver": {"tries": 1, "iterations": 5}}))
    pages = pypdf.PdfReader(io.BytesIO(hotspot_pdf(picture, plan, print_pages(picture)))).pages
    text = " ".join(pages[-1].extract_text().split())
    assert "not judged" in text and "nan" not in text


def test_nothing_imported_and_categories_that_never_occur_are_named_errors(
    workspace: Path, build: ModuleType
) -> None:
    with pytest.raises(NoIncidents, match="planner import"):
        forecast_for(take_picture(workspace), ForecastWish())
    build.import_text(workspace, build.control_room_csv([build.incident()]))
    picture = take_picture(workspace)
    for ask in (lambda: forecast_for(picture, ForecastWish(category="arson")),
                lambda: track_record(picture, "arson")):  # fmt: skip
        with pytest.raises(NoIncidents, match="'arson'"):
            ask()
