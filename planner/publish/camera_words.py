"""What is said of cameras: what each is, where it looks, what it adds and costs, what is masked."""

from collections import Counter

from planner.allocate.plan import CameraChoice, CamerasPlan, PrivateView, StandingCamera
from planner.camera_settings import ILLUSTRATIVE
from planner.publish.style import per_cent

COMPASS = (
    "north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west",
)  # fmt: skip
FULL_CIRCLE = 360.0
AS_STATED = "as stated"
KEPT, EACH_TERM = "kept", "placed each term"
# A tip holds so many private places.
MOST_PLACES = 3


def compass_word(bearing: float) -> str:
    """Return the point of the compass that is nearest: ``north-east``."""
    return COMPASS[round(bearing / FULL_CIRCLE * len(COMPASS)) % len(COMPASS)]


def looks_words(camera: CameraChoice) -> str:
    """Say which way a camera looks, and how wide: ``north-east (45°), 90° wide``."""
    if camera.field_of_view >= FULL_CIRCLE:
        return "all round"
    bearing = round(camera.bearing) % 360
    return f"{compass_word(bearing)} ({bearing}°), {camera.field_of_view:.0f}° wide"


def role_words(camera: CameraChoice) -> str:
    """Say what becomes of a camera, and in which term: ``placed each term (Hilary)``."""
    return f"{camera.role} ({camera.term})" if camera.term else camera.role


def becomes_words(camera: StandingCamera) -> str:
    """Say what becomes of a camera that stands: ``kept as it is``, ``to be moved``."""
    return "kept as it is" if camera.becomes == KEPT else f"to be {camera.becomes}"


def what_words(camera: CameraChoice) -> str:
    """Say what a camera is and what holds it: ``fixed, on a lamp column``."""
    if not camera.mount:
        return camera.kind
    holds = camera.mount if camera.mount == AS_STATED else f"on a {camera.mount}"
    return f"{camera.kind}, {holds}"


def money_words(amount: float, currency: str) -> str:
    """Write an amount of money: ``£4,000``."""
    return f"{currency}{amount:,.0f}"


def prices_words(cameras: CamerasPlan) -> str:
    """Say where the prices are from; nothing where a plan has none."""
    if not cameras.prices:
        return ""
    illustrative = cameras.prices == ILLUSTRATIVE
    return "illustrative prices" if illustrative else f"prices: {cameras.prices}"


def cost_words(cameras: CamerasPlan) -> str:
    """Say what all changes cost: ``£12,000 once, £1,350 a year more (illustrative prices)``."""
    if not cameras.prices:
        return ""
    once = money_words(cameras.purchase, cameras.currency)
    yearly = money_words(abs(cameras.yearly), cameras.currency)
    more = "less" if cameras.yearly < 0 else "more"
    return f"{once} once, {yearly} a year {more} ({prices_words(cameras)})"


def grade_words(cameras: CamerasPlan, *, in_full: bool = False) -> str:
    """Say what counts as seen, and by whose grades; nothing where a plan does not say it.

    Parameters
    ----------
    in_full
        Whether the standard has its title too, not its number alone.
    """
    if not cameras.grade:
        return ""
    standard = cameras.standard if in_full else cameras.standard.split(",")[0]
    return f"seen from {cameras.grade} up: {cameras.pixels_per_metre:g} px/m, {standard}"


def changes_words(cameras: CamerasPlan) -> str:
    """Count what changes: ``2 new, 1 turned``; units placed each term count once."""
    once = [camera.role for camera in cameras.chosen if camera.role != EACH_TERM]
    roles = Counter(role.removesuffix(" here") for role in once)
    units = Counter(camera.term for camera in cameras.chosen if camera.role == EACH_TERM)
    roles[EACH_TERM] = max(units.values(), default=0)
    roles["removed"] = sum(camera.becomes == "removed" for camera in cameras.own)
    return ", ".join(f"{count:,} {role}" for role, count in roles.items() if count)


def private_words(views: tuple[PrivateView, ...], most: int = MOST_PLACES) -> str:
    """Say what private places a camera could see, the most exposed first.

    Returns
    -------
    str
        ``could see 12 % of Elm House: to be masked``; ``""`` if it sees none.
    """
    ordered = sorted(views, key=lambda view: -view.share)
    masked = [_part(view.share, view.name) for view in ordered if not view.unmasked]
    bare = [_part(view.unmasked, view.name) for view in ordered if view.unmasked]
    parts = []
    if bare:
        parts.append(f"sees unmasked, as far as is known, {_some(bare, most)}")
    if masked:
        parts.append(f"could see {_some(masked, most)}: to be masked")
    return "; ".join(parts)


def _part(share: float, name: str) -> str:
    whole = f"{100 * share:.0f}"
    return f"{'under 1' if whole == '0' else whole} % of {name}"


def _some(items: list[str], most: int) -> str:
    left = len(items) - most
    return ", ".join(items[:most]) + (f" and of {left:,} more" if left > 0 else "")


def adds_words(share: float) -> str:
    """Say what a camera adds to all the others."""
    return f"adds {per_cent(share)} of the risk of a mean day to what the others see"


def sentence(text: str) -> str:
    """Begin with a capital."""
    return text[:1].upper() + text[1:]
