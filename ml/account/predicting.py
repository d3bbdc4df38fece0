"""One prediction: which row it was about, what each field contributed, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ml import golden, tenures
from ml.account.section import Part, Section, table
from ml.compiled import Explainer, Explanation
from ml.config import PipelineConfig, find_pipeline
from ml.days import Span
from ml.errors import NoData, TrainingError
from ml.messages.letter import Paragraph
from ml.moments import When
from ml.records import Prediction
from ml.shelf import opened
from ml.shelf.fetching import here

if TYPE_CHECKING:
    from ml.shelf import Served
    from ml.workspace import Workspace

ROLES = {
    "production": "in Production",
    "canary": "in its canary, for the share of the keys that it had",
    "shadow": "in shadow: nobody was told what it said",
    "batch": "in Production, as a score of the coming day",
}
BECAME = {
    "waiting": "its label has not come yet",
    "never": "it never gets a label: that of others of its age has long come",
    "unmatched": "no accepted row has its key",
}


@dataclass(frozen=True)
class Explained:
    """What a version makes of a prediction's row today. ``why`` says why that cannot be known; empty when it can."""

    answer: float | None = None
    explanation: Explanation | None = None
    why: str = ""


@dataclass(frozen=True)
class Predicted:
    """The life of a prediction."""

    place: Workspace
    pipeline: PipelineConfig
    prediction: Prediction

    @cached_property
    def explained(self) -> Explained:
        """Its row, asked again of the version that answered, with what each field contributed."""
        lacking = self._lacking()
        if lacking:
            return Explained(why=lacking)
        try:
            with TemporaryDirectory() as folder:
                copy = here(self.place.registry, self.pipeline.name, self.prediction.version, Path(folder))
                return self._again(opened(copy, self.pipeline.name, self.prediction.at))
        except TrainingError as error:
            return Explained(why=str(error))

    def _lacking(self) -> str:
        """Why the row cannot be asked about again, by what was kept of it."""
        kept, hidden = self.prediction.features, self.pipeline.predictions.hidden
        if kept is None:
            return "its features were not kept: predictions.features was none"
        if kept.keys() == {"sha256"}:
            return "of its features a fingerprint was kept alone: predictions.features was reference"
        if masked := sorted(hidden & kept.keys()):
            return f"{', '.join(masked)} is kept masked, and what the model saw is not known any more"
        return ""

    def _again(self, served: Served) -> Explained:
        kept = self.prediction.features or {}
        if gone := [name for name, _ in served.inputs if name not in kept]:
            return Explained(why=f"{', '.join(gone)} was not kept, and the model takes it")
        row = golden.typed(served.inputs, kept)
        answer = float(served.predictor.answers([row])[0])
        return Explained(answer, Explainer(served.predictor, served.golden).explain([row])[0])

    @cached_property
    def became(self) -> dict[str, Any] | None:
        """Its row of the newest join with labels, and the night that made it; None when no night has looked at it."""
        import polars as pl

        said = self.prediction
        found = self.place.ledger.outcomes(said.pipeline, Span(said.day, said.day))
        if not found:
            return None
        joined = self.place.lake.read([found[-1].uri]).filter(pl.col("prediction") == said.id).to_dicts()
        return {"state": joined[0]["state"], "label": joined[0]["label"], "night": found[-1].night} if joined else None

    @cached_property
    def served(self) -> str:
        """Since when the version was in Production when it answered."""
        when = When(self.prediction.at, None, "")
        found = tenures.at(self.place.ledger, self.pipeline.name, when)
        mine = [tenure for tenure in found if tenure.promotion.version == self.prediction.version]
        return f" since {mine[0].since:%Y-%m-%d %H:%M} UTC" if mine else ""

    def lines(self) -> Iterator[str]:
        """The account for a terminal."""
        said = self.prediction
        yield f"prediction {said.id} of {said.pipeline}"
        yield from (f"  {name:<10}  {told}" for name, told in self._about())
        yield from self.section.lines()

    def _about(self) -> Iterator[tuple[str, str]]:
        said = self.prediction
        yield "row", ", ".join(f"{name} {value}" for name, value in said.key.items())
        yield "data day", str(said.day)
        yield "answer", f"{said.probability:.4f}{self._what}"
        yield "asked", f"{said.at:%Y-%m-%d %H:%M:%S} UTC, by {said.caller or 'the line that scores the coming day'}"
        since = self.served if said.role in ("production", "batch") else ""
        yield "by", f"version {said.version}, {ROLES[said.role]}{since}"
        yield "came true", self._came()

    @property
    def _what(self) -> str:
        whole = self.pipeline.model
        return f", the probability that {whole.label} is 1" if whole.task == "classification" else f" for {whole.label}"

    def _came(self) -> str:
        if self.became is None:
            return "no night has looked at its label yet"
        night, label = self.became["night"], self.became["label"]
        told = BECAME.get(self.became["state"]) or f"{self.pipeline.model.label} was {label:g}"
        return f"{told}, as the night of {night} knew"

    @property
    def section(self) -> Section:
        """What each field contributed."""
        return Section("contributions", tuple(self._parts()), asdict(self.explained))

    def _parts(self) -> Iterator[Part]:
        explained, kept = self.explained, self.prediction.features or {}
        if explained.explanation is None or explained.answer is None:
            yield Paragraph(f"they cannot be known: {explained.why}")
            return
        whole = explained.explanation
        by_size = sorted(whole.contributions.items(), key=lambda pair: -abs(pair[1]))
        rows = [(name, self._values(name, kept), f"{value:+.4f}") for name, value in by_size]
        rows = [("without any", "", f"{whole.base:+.4f}"), *rows, ("together", "", f"{whole.answer:+.4f}")]
        yield table(f"{whole.method}, on the scale of the {whole.scale}", ("field", "value", "contribution"), rows, 2)
        yield Paragraph(self._same(explained.answer))

    def _values(self, name: str, kept: dict[str, Any]) -> str:
        """The values of the fields that share a contribution."""
        return ", ".join(_value(kept.get(field)) for field in name.split(", "))

    def _same(self, answer: float) -> str:
        gap = abs(answer - self.prediction.probability)
        version = f"version {self.prediction.version}"
        if not gap:
            return f"Asked again today, {version} gives the same to the last digit."
        return f"Asked again today, {version} gives {answer:.6f}, which is off by {gap:.3g}."

    def as_json(self) -> dict[str, Any]:
        """The record, what it is made of, and what became of it."""
        became = self.became and self.became | {"night": str(self.became["night"])}
        return {"prediction": self.prediction.model_dump(mode="json"), "became": became} | asdict(self.explained)


def _value(value: Any) -> str:
    if value is None:
        return "missing"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def of(place: Workspace, name: str) -> Predicted:
    """The prediction of this name.

    Raises
    ------
    NoData
        There is none.
    """
    found = place.ledger.prediction(name)
    if found is None:
        raise NoData(
            f"no prediction {name} is kept: it never was, it is older than predictions.keep allows, or it waits in the "
            "service's spool for the ledger"
        )
    return Predicted(place, find_pipeline(place.pipelines, found.pipeline), found)
