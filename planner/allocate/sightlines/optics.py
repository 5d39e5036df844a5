"""Optics: how sharply a camera shows a person, where it looks, and what it is too high to see.

Pixels across a metre at the target are what guidance grades cameras by (IEC 62676-4, "Video
surveillance systems for use in security applications, part 4: application guidelines"; the tables
are :mod:`planner.camera_settings`'s). Up to ``WIDEST_LENS_DEGREES`` a lens is taken to be
rectilinear: straight lines stay straight, and across the axis a metre has the same pixels
everywhere in a plane across it. Wider views are made by fisheyes or by several sensors: they are
taken to be equidistant, each degree with the same pixels.
"""

import numpy as np

# The face of a person who stands: what a picture is wanted of.
TARGET_HEIGHT_M = 1.5
WIDEST_LENS_DEGREES = 120.0
# Height of a picture over its width.
ASPECT = 9 / 16
# Nobody's face is nearer to a lens than this.
NEAREST_M = 0.1
ROUNDING_DEGREES = 1e-9


def pixels_per_metre(
    distance_m: np.ndarray | float,
    height_m: np.ndarray | float,
    field_of_view: np.ndarray | float,
    sensor_px: np.ndarray | float,
    off_axis_degrees: np.ndarray | float = 0.0,
) -> np.ndarray:
    """Return the pixels across a metre at a person's face, ``TARGET_HEIGHT_M`` above the ground.

    Parameters
    ----------
    distance_m
        From the foot of the mount to the person, along the ground, in metres.
    height_m
        Of the mount, in metres.
    field_of_view
        Degrees.
    sensor_px
        Pixels across the whole field of view.
    off_axis_degrees
        Between where the camera looks and the person. A rectilinear lens has nothing to its side
        and behind it: 0 pixels.

    Returns
    -------
    numpy.ndarray
        Of the shape that the arguments have together.
    """
    slant = np.maximum(np.hypot(distance_m, np.subtract(height_m, TARGET_HEIGHT_M)), NEAREST_M)
    ahead = np.cos(np.radians(off_axis_degrees))
    flat = np.asarray(field_of_view) <= WIDEST_LENS_DEGREES
    depth = slant * np.where(flat, np.maximum(ahead, 1e-6), 1.0)
    pixels = _pixels_at_a_metre(field_of_view, sensor_px) / depth
    return np.where(flat & (ahead <= 1e-6), 0.0, pixels)


def reach_m(
    pixels_needed: np.ndarray | float,
    height_m: np.ndarray | float,
    field_of_view: np.ndarray | float,
    sensor_px: np.ndarray | float,
) -> np.ndarray:
    """Return how far along the ground a person still has so many pixels a metre, on the axis.

    Parameters
    ----------
    pixels_needed
        Pixels a metre, above 0.
    height_m, field_of_view, sensor_px
        As in ``pixels_per_metre``, whose inverse this is.

    Returns
    -------
    numpy.ndarray
        Metres; 0 where it is nowhere so many.
    """
    slant = _pixels_at_a_metre(field_of_view, sensor_px) / pixels_needed
    reach: np.ndarray = np.sqrt(
        np.maximum(slant**2 - np.subtract(height_m, TARGET_HEIGHT_M) ** 2, 0.0)
    )
    return reach


def blind_m(
    height_m: np.ndarray | float,
    field_of_view: np.ndarray | float,
    range_m: np.ndarray | float,
    aspect: float = ASPECT,
) -> np.ndarray:
    """Return how much of the ground before its mount a camera doesn't see.

    The camera is tilted so that the upper edge of its picture meets a person's face
    (``TARGET_HEIGHT_M``) at the end of its range; the ground is seen from where the lower edge
    meets it. One that is wider than ``WIDEST_LENS_DEGREES`` is taken to look straight down too.

    Parameters
    ----------
    height_m
        Of the mount, in metres.
    field_of_view
        Across, in degrees.
    range_m
        Metres.
    aspect
        Height of the picture over its width.

    Returns
    -------
    numpy.ndarray
        Metres along the ground, no more than the range.
    """
    wide = np.asarray(field_of_view) > WIDEST_LENS_DEGREES
    half = np.radians(np.where(wide, WIDEST_LENS_DEGREES, field_of_view)) / 2
    upper = np.arctan2(np.subtract(height_m, TARGET_HEIGHT_M), range_m)
    lower = upper + 2 * np.arctan(np.tan(half) * aspect)
    # Below a mount that is lower than a face, the picture may not meet the ground at all.
    edge = np.clip(lower, 1e-6, np.pi / 2)
    radius = np.minimum(np.asarray(height_m) / np.tan(edge), range_m)
    return np.where(wide | (lower >= np.pi / 2), 0.0, radius)


def off_axis(bearing: np.ndarray | float, positions: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return the angle between where cameras look and points.

    Parameters
    ----------
    bearing
        Degrees clockwise from grid north, one or shape (m,).
    positions
        Of the cameras, in metres, shape (m, 2), or one of shape (2,).
    points
        Metres, shape (m, 2).

    Returns
    -------
    numpy.ndarray
        Degrees in [-180, 180), to the right above 0; 0 for a point at the camera itself. Shape
        (m,).
    """
    way = np.atleast_2d(np.subtract(points, positions))
    towards = np.degrees(np.arctan2(way[:, 0], way[:, 1]))
    return np.where(way.any(axis=1), (towards - bearing + 180.0) % 360.0 - 180.0, 0.0)


def in_field(off_axis_degrees: np.ndarray | float, field_of_view: np.ndarray | float) -> np.ndarray:
    """Tell what lies within the field of view, its edges included.

    Parameters
    ----------
    off_axis_degrees
        Between where the camera looks and the point; whole turns don't matter.
    field_of_view
        Degrees in (0, 360]; 360 is all around.
    """
    turned = np.abs((np.asarray(off_axis_degrees) + 180.0) % 360.0 - 180.0)
    within: np.ndarray = np.asarray(2 * turned <= np.add(field_of_view, ROUNDING_DEGREES))
    return within


def _pixels_at_a_metre(
    field_of_view: np.ndarray | float, sensor_px: np.ndarray | float
) -> np.ndarray:
    """Return the pixels across a metre that is a metre away, on the axis."""
    field = np.radians(field_of_view)
    flat = np.asarray(field_of_view) <= WIDEST_LENS_DEGREES
    # Half of a wide field has no tangent that is of use.
    lens = 2 * np.tan(np.where(flat, field, 1.0) / 2)
    pixels: np.ndarray = np.asarray(sensor_px) / np.where(flat, lens, field)
    return pixels
