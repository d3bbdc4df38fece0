"""A model that those who call it today can go on calling."""

from collections.abc import Iterator
from typing import Literal

from ml.gates.gate import BaseGate, number
from ml.gates.trial import Served, Trial
from ml.records import Evaluation, Finding, Measurement

CLOSE = 1e-6
NUMBERS = ("double", "float", "long", "integer")


class Compatible(BaseGate):
    """The saved challenger opens in a fresh process, asks for the champion's inputs, and answers as the trainer did.

    It opens with trusted types only, its pinned requirements are met, and it gives a finite number for each of 200 rows
    that are kept as requests, equal to what it said in the process that judged it. Other names or kinds of inputs than
    the champion's are an objection, because whoever calls would not send them; ``inputs: may_change`` says that the
    callers know.

    >>> Compatible(inputs="may_change")
    Compatible(kind='compatible', inputs='may_change')
    """

    kind: Literal["compatible"] = "compatible"
    inputs: Literal["same", "may_change"] = "same"

    def measure(self, trial: Trial) -> tuple[Measurement, ...]:
        return tuple(self._measured(trial))

    def _measured(self, trial: Trial) -> Iterator[Measurement]:
        ours, theirs = trial.served["challenger"], trial.served.get("champion")
        if theirs is not None:
            new, old = ({n: kind for n, kind in s.inputs if n not in trial.looked_up} for s in (ours, theirs))
            changed = _changed(new, old)
            yield self._counted("inputs changed", len(changed), len(old), "; ".join(changed))
        if ours.refused:
            yield self._counted("does not open", 1, 1, ours.refused)
            return
        yield self._counted("requirements not met", len(ours.missing), None, ", ".join(ours.missing))
        yield from self._answers(trial, ours)

    def _answers(self, trial: Trial, ours: Served) -> Iterator[Measurement]:
        import numpy

        said, here = numpy.array(ours.answers), trial.predict(trial.challenger, trial.requests)
        finite = numpy.isfinite(said)
        yield self._counted("answers not finite", int((~finite).sum()), len(said), "")
        off = float(abs(said - here)[finite].max()) if finite.any() else 0.0
        apart = off if off > CLOSE * max(1.0, float(abs(here[numpy.isfinite(here)]).max(initial=0.0))) else 0.0
        yield Measurement(gate=self.kind, name="answers apart", value=apart, rows=len(said))

    def _counted(self, name: str, count: int, rows: int | None, note: str) -> Measurement:
        return Measurement(gate=self.kind, name=name, value=float(count), rows=rows, note=note or None)

    def finding(self, evaluation: Evaluation) -> Finding:
        found = {m.name: m for m in evaluation.measured(self.kind)}
        if not found:
            return self.unmeasured()
        against = list(self._against(found))
        if against:
            return self.found(False, "; and ".join(against))
        answers = found["answers apart"].rows or 0
        same = " and asks for the champion's inputs" if self.inputs == "same" and "inputs changed" in found else ""
        return self.found(
            True, f"the challenger opens in a fresh process, answers {answers:,} kept requests as it did here{same}"
        )

    def _against(self, found: dict[str, Measurement]) -> Iterator[str]:
        if self.inputs == "same" and (changed := found.get("inputs changed")) and changed.value:
            yield (
                f"the challenger's inputs are not the {changed.rows} of the champion, which its callers send: "
                f"{changed.note}; write inputs: may_change when they know"
            )
        if "does not open" in found:
            yield f"the challenger does not run in a fresh process: {found['does not open'].note}"
            return
        if found["requirements not met"].value:
            yield f"the challenger was pinned to other libraries than are here: {found['requirements not met'].note}"
        if odd := found["answers not finite"].value:
            yield f"{odd:,.0f} of {found['answers not finite'].rows:,} kept requests got no finite answer"
        if apart := found["answers apart"].value:
            yield (
                f"in a fresh process the challenger's answers to {found['answers apart'].rows:,} kept requests are up "
                f"to {number(apart)} away from what it said here; at most {number(CLOSE)} is allowed"
            )


def _changed(ours: dict[str, str], theirs: dict[str, str]) -> list[str]:
    """What a caller of the champion would stumble over, one phrase an input."""
    new = [f"{name} is new" for name in ours if name not in theirs]
    gone = [f"{name} is gone" for name in theirs if name not in ours]
    both = [(name, _kind(theirs[name]), _kind(ours[name])) for name in theirs if name in ours]
    return new + gone + [f"{name} was {was} and is {now}" for name, was, now in both if was != now]


def _kind(declared: str) -> str:
    return "number" if declared in NUMBERS else declared
