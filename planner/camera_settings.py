"""What a workspace knows of cameras: kinds and their prices, grades of detail, and its papers."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

FIXED, PAN_TILT_ZOOM, RELOCATABLE = "fixed", "pan-tilt-zoom", "relocatable"
STANDARD = "IEC 62676-4:2025"
ILLUSTRATIVE = "illustrative"

Money = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Grades(_Frozen):
    """How many pixels a metre of the target each grade of detail needs, and who says so.

    Attributes
    ----------
    source
        The standard.
    pixels_per_metre
        By name.
    usual
        From which grade on something counts as seen where a scenario does not say; the lowest of
        the table if it is empty.
    """

    source: str = Field(min_length=1)
    pixels_per_metre: dict[str, Positive] = Field(min_length=1)
    usual: str = ""

    @model_validator(mode="after")
    def _known_grade(self) -> "Grades":
        if self.usual and self.usual not in self.pixels_per_metre:
            raise ValueError(f"usual: '{self.usual}' is none of the table's grades")
        return self

    @property
    def usual_grade(self) -> str:
        """The grade from which on something counts as seen."""
        return self.usual or min(self.pixels_per_metre, key=self.pixels_per_metre.__getitem__)


def _usual_standards() -> dict[str, Grades]:
    return {
        STANDARD: Grades(
            source="IEC 62676-4:2025, application guidelines for video surveillance",
            pixels_per_metre={
                "overview": 20, "outline": 40, "discern": 80, "perceive": 125,
                "characterise": 250, "validate": 500, "scrutinise": 1_500,
            },
            usual="outline",
        ),
        "IEC 62676-4:2014": Grades(
            source="IEC 62676-4:2014 (withdrawn), application guidelines",
            pixels_per_metre={"detect": 25, "observe": 62.5, "recognise": 125, "identify": 250},
            usual="observe",
        ),
    }  # fmt: skip


class CameraKind(_Frozen):
    """A kind of camera that can be bought, and what it costs.

    Attributes
    ----------
    moves
        ``fixed``; ``pan-tilt-zoom``, which turns all round and looks each way in its turn; or
        ``relocatable``, which is placed anew each term.
    purchase, yearly
        What one costs to buy and put up, and to run for a year.
    height_m
        Height of its mount.
    field_of_view
        Width of its view in degrees.
    range_m
        How far it is of use at most.
    sensor_px
        Width of its picture in pixels.
    night_factor
        What its pixels count after dark where no lamp lights the target.
    masks
        Whether parts of its picture can be masked for good.
    """

    moves: Literal["fixed", "pan-tilt-zoom", "relocatable"] = "fixed"
    purchase: Money = 0.0
    yearly: Money = 0.0
    height_m: float = Field(default=4.0, gt=0, le=100)
    field_of_view: float = Field(default=90.0, gt=0, le=360)
    range_m: float = Field(default=50.0, gt=0, le=1_000)
    sensor_px: int = Field(default=3_840, ge=1, le=100_000)
    night_factor: float = Field(default=0.5, ge=0, le=1)
    masks: bool = True


def _usual_kinds() -> dict[str, CameraKind]:
    return {
        FIXED: CameraKind(purchase=4_000, yearly=450),
        PAN_TILT_ZOOM: CameraKind(
            moves="pan-tilt-zoom", purchase=9_000, yearly=900, height_m=6, range_m=80,
            field_of_view=60,
        ),
        RELOCATABLE: CameraKind(moves="relocatable", purchase=6_500, yearly=1_300, height_m=5),
    }  # fmt: skip


class CameraPaper(_Frozen):
    """What the service has decided once for all its cameras; printed on every case.

    Attributes
    ----------
    purpose
        What cameras are for.
    retention_days
        How long recordings are kept.
    signage
        What signs say, and where.
    impact_assessment
        Reference of the data protection impact assessment, or ``""`` where there is none yet.
    review_months
        After how many months a camera is reviewed.
    """

    purpose: str = "To deter and detect crime against people and property on the estate"
    retention_days: int = Field(default=31, ge=1, le=3_660)
    signage: str = "A sign at every way in, with the operator, the purpose and whom to ask"
    impact_assessment: str = ""
    review_months: int = Field(default=12, ge=1, le=120)


class CameraSettings(_Frozen):
    """All that the workspace's settings say of cameras.

    Attributes
    ----------
    standard, standards
        By which table detail is graded, and the tables by name.
    kinds
        What can be bought, by name.
    currency
        Of all prices.
    prices
        Where the prices are from, with their date; ``"illustrative"`` ones are marked wherever
        they are shown.
    move, re_aim
        What it costs to move a camera that stands, and to turn it another way.
    life_years
        Over how many years the price of a camera is spread.
    officer_hour
        What an hour of one officer costs, for patrols beside cameras.
    spacing_m
        How far apart points of demand lie along streets and walls.
    lamp_reach_m
        How far from a lamp the ground is lit.
    paper
        What is printed on every case.
    """

    standard: str = STANDARD
    standards: dict[str, Grades] = Field(default_factory=_usual_standards)
    kinds: dict[str, CameraKind] = Field(default_factory=_usual_kinds, min_length=1)
    currency: str = Field(default="£", min_length=1, max_length=4)
    prices: str = Field(default=ILLUSTRATIVE, min_length=1, max_length=80)
    move: Money = 1_200.0
    re_aim: Money = 200.0
    life_years: float = Field(default=7.0, ge=1, le=50)
    officer_hour: Money = 30.0
    spacing_m: float = Field(default=4.0, ge=0.5, le=50)
    lamp_reach_m: float = Field(default=15.0, ge=0, le=100)
    paper: CameraPaper = CameraPaper()

    @field_validator("kinds", "standards")
    @classmethod
    def _named(cls, value: dict[str, object]) -> dict[str, object]:
        if any(not name.strip() for name in value):
            raise ValueError("one has no name")
        return value

    @model_validator(mode="after")
    def _known_standard(self) -> "CameraSettings":
        if self.standard not in self.standards:
            raise ValueError(
                f"standard: there is no table '{self.standard}'; there are "
                f"{', '.join(self.standards)}"
            )
        return self

    @property
    def grades(self) -> Grades:
        """The table by which detail is graded."""
        return self.standards[self.standard]


def review_date(paper: CameraPaper, today: date) -> date:
    """Return the day by which a camera is reviewed that is decided on today."""
    months = today.year * 12 + today.month - 1 + paper.review_months
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, 28))
