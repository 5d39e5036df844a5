"""What a scenario says of cameras: new ones, those that stand, money, cover and privacy."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from planner.allocate.scenario.values import Part, PlaceName, Position, Share, Words

MOST_CAMERAS = 200
USUAL_NEW = 3

Number = Annotated[int, Field(strict=True, ge=0, le=MOST_CAMERAS)]
Money = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]


class PlacedCamera(Part):
    """A camera at a place that a person has chosen.

    Attributes
    ----------
    name
        What people call it.
    position
        Longitude and latitude.
    bearing
        Where it looks, degrees clockwise from true north; of one that turns it does not matter.
    kind
        By a name of the settings.
    field_of_view, range_m, height_m
        In degrees and metres; those of its kind if not given.
    """

    name: Words = Field(min_length=1, max_length=80)
    position: Position
    bearing: float = Field(default=0.0, strict=True, ge=0, lt=360)
    kind: str = "fixed"
    field_of_view: float | None = Field(default=None, gt=0, le=360)
    range_m: float | None = Field(default=None, gt=0, le=1_000)
    height_m: float | None = Field(default=None, gt=0, le=100)


class CamerasWanted(Part):
    """Which cameras there are to be, and what is asked of them.

    Attributes
    ----------
    new
        How many new ones at most; three if no budget is given either.
    budget
        What buying, moving and turning cameras may cost.
    yearly_budget
        By how much the cost of a year may grow.
    kinds
        Which kinds of the settings may be bought; relocatable ones are asked for beside.
    range_m
        How far a new one sees at most; as far as its kind if not given.
    grade
        From which grade of detail on something counts as seen, by a name of the settings' table;
        the table's usual one if not given.
    place
        Cameras at stated places.
    standing
        What becomes of the service's own that stand: ``keep`` them as they are, let them be
        turned (``re-aim``), or ``choose`` which to keep, turn or remove.
    moves
        How many of them may be moved, any.
    move_weakest
        How many are moved of those that add least.
    remove, down
        Cameras that are taken away, and cameras that are out of order, by name.
    relocatable
        New units that are placed anew each term.
    relocate
        Whether relocatable cameras that stand are placed anew each term too.
    second_views
        Sites where a second view is worth something; ``second_view_worth`` beside the first.
    minimum_cover
        Sites of the service's own, and the share of their risk that must be seen.
    private_limit
        The share of a private place that may be seen unmasked.
    """

    new: Number | None = None
    budget: Money | None = None
    yearly_budget: Money | None = None
    kinds: tuple[str, ...] = ("fixed",)
    range_m: float | None = Field(default=None, strict=True, ge=1, le=1_000)
    grade: str | None = None
    place: Annotated[tuple[PlacedCamera, ...], Field(max_length=MOST_CAMERAS)] = ()
    standing: Literal["keep", "re-aim", "choose"] = "keep"
    moves: Number = 0
    move_weakest: Number = 0
    remove: tuple[PlaceName, ...] = ()
    down: tuple[PlaceName, ...] = ()
    relocatable: Number = 0
    relocate: bool = Field(default=False, strict=True)
    second_views: tuple[PlaceName, ...] = ()
    second_view_worth: Share = 0.5
    minimum_cover: dict[PlaceName, Share] = Field(default_factory=dict)
    private_limit: Share = 0.0

    @model_validator(mode="after")
    def _fits_together(self) -> "CamerasWanted":
        if self.moves and self.move_weakest:
            raise ValueError("give moves or move_weakest, not both")
        return self

    @property
    def most_new(self) -> int:
        """How many new ones there may be at most."""
        if self.new is not None:
            return self.new
        return USUAL_NEW if self.budget is None else MOST_CAMERAS
