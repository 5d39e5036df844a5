"""Cameras on the web map: what each new one sees, and what the service's own that stand see."""

import numpy as np
import shapely

from planner.allocate.plan import CameraChoice, CamerasPlan, Plan, PointPair
from planner.geo import to_degrees
from planner.picture import Picture
from planner.publish import style
from planner.publish.camera_words import (
    EACH_TERM,
    KEPT,
    adds_words,
    becomes_words,
    looks_words,
    money_words,
    prices_words,
    private_words,
    role_words,
    sentence,
    what_words,
)
from planner.publish.features import MapLayer, Style, chip, collection, feature, line_style
from planner.publish.style import in_map

LEAST_CORNERS = 3


def camera_layers(picture: Picture, plan: Plan) -> list[MapLayer]:
    """Draw cameras; others' are never drawn, since the page can be passed on.

    Parameters
    ----------
    picture
        Its estate's own cameras are drawn as positions if the plan says nothing of what they see.
    plan
        What is put up, moved and turned, and what becomes of those that stand.
    """
    standing = _standing(plan.cameras) if plan.cameras.own else _positions(picture)
    layers = []
    if standing:
        layers.append(MapLayer("Cameras that stand", "cameras", collection(standing)))
    if plan.cameras.chosen:
        chosen = _chosen(plan.cameras)
        layers.append(MapLayer("New and changed cameras", "cameras", collection(chosen)))
    return layers


def _standing(cameras: CamerasPlan) -> list[str]:
    found = []
    for camera in cameras.own:
        tip = _lines(
            f"<b>{in_map(camera.name)}</b>",
            f"The service's own camera; {in_map(becomes_words(camera))}",
            _sentence(adds_words(camera.adds)),
            _sentence(private_words(camera.private)),
        )
        found += _seen(camera.area, _view_before(camera.becomes), tip)
        found.append(_mark(camera.longitude, camera.latitude, "#ffffff", tip))
    return found


def _view_before(becomes: str) -> Style:
    """Return the look of a view: what is given up is dotted and has no tint."""
    if becomes == KEPT:
        return line_style(style.CAMERA, 1.2, dashArray="3 3", fill=True, fillOpacity=0.06)
    return line_style(style.CAMERA, 1.2, dashArray="1 5", fill=True, fillOpacity=0.0)


def _positions(picture: Picture) -> list[str]:
    """Mark where the service's own cameras stand, for a plan that does not say what they see."""
    cameras = picture.estate.own_cameras
    at = to_degrees(shapely.get_coordinates(cameras.geometry.to_numpy()), picture.estate.crs)
    return [
        _mark(
            longitude,
            latitude,
            "#ffffff",
            f"<b>{in_map(name)}</b><br>Camera that stands, controlled by {in_map(controller)}",
        )
        for (longitude, latitude), name, controller in zip(
            np.round(at, 6).tolist(), cameras["name"], cameras["controller"], strict=True
        )
    ]


def _chosen(cameras: CamerasPlan) -> list[str]:
    found = []
    for count, camera in enumerate(cameras.chosen, start=1):
        tip = _chosen_tip(camera, f"C{count}", cameras)
        look = line_style(style.CAMERA, 2.0, fill=True, fillOpacity=0.25, interactive=False)
        found += _seen(camera.area, look)
        found.append(_mark(camera.longitude, camera.latitude, style.CAMERA, tip))
        place = shapely.Point(camera.longitude, camera.latitude)
        found.append(feature(place, None, label=chip("camera", f"C{count}"), tip=tip))
    return found


def _chosen_tip(camera: CameraChoice, tag: str, cameras: CamerasPlan) -> str:
    consents = f"needs {', '.join(camera.consents)}" if camera.consents else ""
    return _lines(
        f"<b>{tag}: {in_map(camera.name)}</b>",
        f"{_sentence(role_words(camera))}: {in_map(what_words(camera))}",
        f"Looks {in_map(looks_words(camera))}, {camera.range_m:.0f} m",
        _sentence(adds_words(camera.adds)),
        _cost(camera, cameras),
        _sentence(consents),
        _sentence(private_words(camera.private)),
    )


def _cost(camera: CameraChoice, cameras: CamerasPlan) -> str:
    # What a unit costs does not depend on where it stands in which term.
    if not cameras.prices or camera.role == EACH_TERM:
        return ""
    once = money_words(camera.purchase, cameras.currency)
    yearly = money_words(camera.yearly, cameras.currency)
    return in_map(f"{once} once, {yearly} a year ({prices_words(cameras)})")


def _seen(area: tuple[PointPair, ...], look: Style, tip: str = "") -> list[str]:
    """Draw the ground that a camera sees; nothing where it sees none."""
    if len(area) < LEAST_CORNERS:
        return []
    shown = {"tip": tip} if tip else {}
    return [feature(shapely.Polygon(area), None, style=look, **shown)]


def _mark(longitude: float, latitude: float, fill: str, tip: str) -> str:
    spot = line_style(style.CAMERA, 1.5, fill=True, fillColor=fill, fillOpacity=1.0)
    return feature(shapely.Point(longitude, latitude), None, pixels=3.5, style=spot, tip=tip)


def _sentence(text: str) -> str:
    return in_map(sentence(text))


def _lines(*lines: str) -> str:
    return "<br>".join(line for line in lines if line)
