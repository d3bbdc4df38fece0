"""What follows from a diagnosis."""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field

from ml.days import Days
from ml.diagnosis.case import Doubt, Kind
from ml.section import Section

Action = Literal["quarantine", "retrain", "recent", "mail", "log"]
LEARNED: tuple[Action, ...] = ("retrain", "recent")


class Actions(Section):
    """What is done about each diagnosis of a drift.

    ``quarantine`` sets the day aside and mails its rule; ``retrain`` asks for a retrain and mails; ``recent`` does so
    on the newest ``recent_window`` alone; ``mail`` only tells; ``log`` leaves it in the ledger. A data fault can never
    ask for a retrain: a model must not learn what a broken feed says. A shift that is not proven, as it hangs on one
    day, one source or one column, is mailed and waits for another night, unless ``unproven`` says otherwise. ``quiet``
    nights without an alarm end an episode.
    """

    data_fault: Annotated[
        Literal["quarantine", "mail"], Field(description="A feed is broken: a unit, a join, a sensor, a source.")
    ] = "quarantine"
    mix: Annotated[
        Literal["retrain", "mail", "log"], Field(description="More of one kind of row, and every kind as it was.")
    ] = "mail"
    covariate_shift: Annotated[
        Literal["retrain", "recent", "mail", "log"],
        Field(description="The inputs moved, and what follows from them did not."),
    ] = "retrain"
    label_shift: Annotated[
        Literal["retrain", "recent", "mail", "log"], Field(description="The label's base rate moved alone.")
    ] = "retrain"
    concept_shift: Annotated[
        Literal["retrain", "recent", "mail", "log"], Field(description="What leads to the label changed.")
    ] = "recent"
    seasonal_return: Annotated[
        Literal["retrain", "mail", "log"], Field(description="The rows are as in the same weeks of an earlier cycle.")
    ] = "log"
    unproven: Annotated[
        Literal["wait", "retrain"],
        Field(description="A shift that hangs on one day, one source or one column: mail and wait, or learn from it."),
    ] = "wait"
    recent_window: Annotated[Days, Field(ge=1, description="The days that a retrain on recent rows alone sees.")] = 56
    quiet: Annotated[int, Field(ge=1, le=60, description="So many nights without an alarm end an episode.")] = 3

    def action(self, kind: Kind, doubts: Collection[Doubt] = ()) -> Action:
        """What is done about this kind, in doubt or without."""
        action: Action = getattr(self, kind.replace(" ", "_"))
        return "mail" if doubts and action in LEARNED and self.unproven == "wait" else action
