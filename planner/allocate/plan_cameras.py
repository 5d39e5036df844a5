"""What a plan says of cameras: what changes, what stands, and what is private, as data."""

from pydantic import BaseModel, ConfigDict

PointPair = tuple[float, float]


class Part(BaseModel):
    """A part of a plan: frozen."""

    model_config = ConfigDict(frozen=True)


class PrivateView(Part):
    """How much of a private place one camera could see: in all, and with nothing to mask it."""

    name: str
    share: float
    unmasked: float


class CameraChoice(Part):
    """A camera that is put up, moved or turned.

    Attributes
    ----------
    name
        Where it is, as a person would say it.
    adds
        The share of risk that would be covered no more without it.
    role
        ``new``, ``moved here``, ``turned`` or ``placed each term`` (``term`` says in which).
    kind, mount
        What it is, and what it is fixed to.
    bearing, field_of_view
        Where it looks: degrees clockwise from true north, and how wide.
    consents
        Who must agree.
    purchase, yearly
        What it costs, once and a year.
    private
        The private places that it could see.
    area
        The outline of what it sees, in longitude and latitude.
    """

    name: str
    longitude: float
    latitude: float
    range_m: float
    adds: float
    role: str = "new"
    term: str = ""
    kind: str = "fixed"
    mount: str = ""
    bearing: float = 0.0
    field_of_view: float = 360.0
    consents: tuple[str, ...] = ()
    purchase: float = 0.0
    yearly: float = 0.0
    private: tuple[PrivateView, ...] = ()
    area: tuple[PointPair, ...] = ()


class StandingCamera(Part):
    """One of the service's own cameras that stand: what it adds, and what becomes of it.

    ``adds`` is the share of risk that would be covered no more without it; ``becomes`` is
    ``kept``, ``turned``, ``moved``, ``placed each term``, ``removed`` or ``out of order``.
    """

    name: str
    longitude: float
    latitude: float
    adds: float
    becomes: str
    private: tuple[PrivateView, ...] = ()
    area: tuple[PointPair, ...] = ()


class PrivateNote(Part):
    """A private place that some camera could see: the most that any sees, and unmasked."""

    name: str
    kind: str
    could_be_seen: float
    unmasked: float


class CamerasPlan(Part):
    """Cameras: what is put up and changed, and how good that is; shares from 0 to 1.

    Attributes
    ----------
    chosen
        What changes.
    covered, bound, gap
        What is covered of the risk of a mean day, in the plan's measure; what no choice can
        exceed, and how far below.
    standing
        What the cameras of today cover alone.
    stopped_by
        Which rule stopped the solver.
    incidents_covered, harm_covered
        The share of incidents and of harm that is covered.
    purchase, yearly, currency, prices
        What it costs once, by how much a year costs more, and where the prices are from.
    grade, standard, pixels_per_metre
        From which grade of detail on something counts as seen, and whose grades they are.
    own
        The service's own cameras that stand.
    private
        The private places that some camera could see.
    ruled_out
        How many places and directions were left out for the sake of private places.
    """

    chosen: tuple[CameraChoice, ...]
    covered: float
    bound: float
    gap: float
    standing: float
    stopped_by: str
    incidents_covered: float = 0.0
    harm_covered: float = 0.0
    purchase: float = 0.0
    yearly: float = 0.0
    currency: str = ""
    prices: str = ""
    grade: str = ""
    standard: str = ""
    pixels_per_metre: float = 0.0
    own: tuple[StandingCamera, ...] = ()
    private: tuple[PrivateNote, ...] = ()
    ruled_out: int = 0
