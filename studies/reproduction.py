"""Whether every training of a month can be done again to the bit: nights of flights replayed, each training redone.

    python -m studies.reproduction [--nights 30] [--last 2013-06-30] [--workspace DIR]

The nights are walked as they are but for the drift check, on which no model depends: pull, validate, decide, and where
they retrain, train, evaluate, gate, refit, promote, on the demo warehouse in a Postgres of its own. Each training is
then fitted again from its snapshot and the conditions that it noted, every model in a fresh process. ``identical``
counts the trainings whose models all came out with the same digest and the same predictions on the probe. With
``--workspace`` the nights stay there, and a second call goes on where the first one ended.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ml import lines, reproduction, steps
from ml.errors import NightshiftError
from ml.walker import InProcess
from ml.workspace import Workspace
from stack.postgres import throwaway
from stack.warehouse import load

PIPELINE = "flight_delays"
CONFIG = Path(__file__).parents[1] / "config"


def main() -> None:
    """Replay, do each training again, print a line for each, and end with one line of figures."""
    asked = _asked()
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # as in the stack
    with TemporaryDirectory() as folder:
        home = asked.workspace or Path(folder)
        place = Workspace.apart(home / "apart", CONFIG)
        replay(place, home, asked.last, asked.nights)
        print(json.dumps(figures(list(redone(place)))))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument("--last", type=date.fromisoformat, default=date(2013, 6, 30))
    parser.add_argument("--workspace", type=Path)
    return parser.parse_args()


def replay(place: Workspace, home: Path, last: date, nights: int) -> None:
    """Walk the nights that have not been walked yet, oldest first."""
    days = [last - timedelta(days=nights - 1 - n) for n in range(nights)]
    done = place.ledger.outputs(PIPELINE, "decide").keys() if nights else ()
    missing = [day for day in days if day not in done]
    if not missing:
        return
    with TemporaryDirectory(dir=home) as folder, throwaway(Path(folder)) as url:
        load(url, lambda words: None)
        connected = replace(place, connections={"warehouse": url})
        for day in missing:
            _walk(connected, day)


def _walk(place: Workspace, day: date) -> None:
    began = time.monotonic()
    do = InProcess(place.run(PIPELINE, day))
    try:
        decision = do(steps.decide, do(steps.validate, do(steps.pull)), None, None, None)
        promotion = lines.retrain(do, decision) if decision.retrain else None
        what = f"version {promotion.version}" if promotion else "nothing promoted"
    except NightshiftError as error:
        what = str(error)
    print(f"{day}  {time.monotonic() - began:5.1f} s  {what}", file=sys.stderr, flush=True)


def redone(place: Workspace) -> Iterator[reproduction.Reproduction]:
    """Every training of the ledger, done again."""
    for day, candidate in sorted(place.ledger.outputs(PIPELINE, "train").items()):
        found = reproduction.reproduce(place, candidate["run_id"])
        models = ", ".join(f"{m.name} {'identical' if m.identical else 'differs'}" for m in found.models)
        print(f"{day}  {models}", file=sys.stderr, flush=True)
        yield found


def figures(found: list[reproduction.Reproduction]) -> dict[str, Any]:
    """How many trainings and models were done again, and how many came out to the bit."""
    models = [model for training in found for model in training.models]
    return {
        "trainings": len(found),
        "identical": sum(training.identical for training in found),
        "models": len(models),
        "identical_models": sum(model.identical for model in models),
        "largest_move": max((m.moved[0] for m in models if m.moved), default=0.0),
    }


if __name__ == "__main__":
    main()
