"""A training done again: which models came out to the bit, and what may explain those that did not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ml.records import Record, Snapshot
from ml.reproduction.differences import Difference
from ml.reproduction.origin import Original
from ml.reproduction.rebuild import Answer

_UNEXPLAINED = "nothing that was noted differs; does the estimator draw numbers that its seed does not fix?"


class Rebuilt(Record):
    """One model: its digests then and here, and how far its predictions on the probe moved at most and on average.

    ``moved`` is None when the saved model could not be asked; ``unmoved`` then says why.
    """

    name: str
    model_sha256: tuple[str, str]
    probe_sha256: tuple[str, str]
    probe_rows: int | None
    moved: tuple[float, float] | None
    unmoved: str | None
    differences: tuple[Difference, ...]

    @property
    def identical(self) -> bool:
        """Whether the model and its predictions are equal to the bit."""
        return len(set(self.model_sha256)) == len(set(self.probe_sha256)) == 1

    @classmethod
    def of(cls, then: Original, here: Answer, differences: tuple[Difference, ...]) -> Rebuilt:
        moved = here.moved
        return cls(
            name=then.name,
            model_sha256=(then.model_sha256, here.model_sha256),
            probe_sha256=(then.probe_sha256, here.probe_sha256),
            probe_rows=len(moved) if moved else None,
            moved=(max(moved), sum(moved) / len(moved)) if moved else None,
            unmoved=here.unopened,
            differences=differences,
        )

    def lines(self) -> Iterator[str]:
        then, here = self.model_sha256
        if self.identical:
            yield f"  {self.name:<8} identical   model sha256 {then[:16]}…, probe sha256 {self.probe_sha256[0][:16]}…"
            return
        yield f"  {self.name:<8} differs     model sha256 was {then[:16]}…, here {here[:16]}…"
        yield f"             {self._predictions()}"
        yield from (f"             {found.kind}: {found.sentence}" for found in self.differences)
        if not self.differences:
            yield f"             {_UNEXPLAINED}"

    def _predictions(self) -> str:
        then, here = self.probe_sha256
        if then == here:
            return "its predictions on the probe are equal to the bit"
        if self.moved is None:
            return f"its predictions on the probe differ; how far is not known: {self.unmoved}"
        most, mean = self.moved
        return f"its predictions on {self.probe_rows} probe rows moved by {most:.3g} at most, {mean:.3g} on average"


class Reproduction(Record):
    """What came of doing a training again. ``yaml`` is what the pipeline's file says otherwise today."""

    run_id: str
    pipeline: str
    version: int | None
    snapshot: Snapshot
    place: str
    models: tuple[Rebuilt, ...]
    yaml: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def identical(self) -> bool:
        return all(model.identical for model in self.models)

    def as_json(self) -> dict[str, Any]:
        models = [{**found.model_dump(mode="json"), "identical": found.identical} for found in self.models]
        return {**self.model_dump(mode="json"), "models": models, "identical": self.identical}

    def lines(self) -> Iterator[str]:
        kept = self.snapshot
        version = f" version {self.version}" if self.version is not None else ""
        yield f"{self.pipeline}{version}, MLflow run {self.run_id}, fitted again {self.place}"
        yield f"  snapshot   {kept.first} to {kept.last}, {kept.rows:,} rows, sha256 {kept.fingerprint[:16]}… verified"
        for model in self.models:
            yield from model.lines()
        yield from (f"  note: {note}" for note in self.notes)
        yield from (f"  note: the YAML of today differs, the training's was used: {d.sentence}" for d in self.yaml)
        yield self._verdict()

    def _verdict(self) -> str:
        odd = [model.name for model in self.models if not model.identical]
        if odd:
            return f"Different: {' and '.join(odd)} did not come out as before."
        aside = {found.kind: None for model in self.models for found in model.differences}
        though = f", although these differ: {', '.join(aside)}" if aside else ""
        return f"Identical: {' and '.join(model.name for model in self.models)} came out to the bit{though}."
