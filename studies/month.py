"""The loop on flights, closed: every morning the coming day is scored, every night its labels come back.

``python -m studies.month`` loads the demo's warehouse into a database of its own and walks the nights from 2013-11-20
on through December, a month that was hard to predict, as they were known then. The first night trains the champion;
after that only ``performance_drop`` may ask for a retrain, and what it asks for is walked too. Drift is not looked at,
the history is cut to ten weeks, the model has no features of the past, and of the gates only ``at_least`` is asked, so
that the run takes minutes.

The last line is JSON: the nights that asked, and what became of the predictions.
"""

import json
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from studies.flights import WITHOUT_PAST

FIRST, LAST = date(2013, 11, 20), date(2013, 12, 30)
ROOT = Path(__file__).resolve().parents[1]
CUT = (
    ("history: 364d", "history: 70d"),
    ("train: 48w", "train: 9w"),
    ("reference: 56d", "reference: 42d"),
    WITHOUT_PAST,  # no table of the past is made here
)
POLICY = "retrain:\n  performance_drop: {by: 0.1, days: 7d}\n\n# The demo's year"
GATES = "gates:\n  - {kind: at_least, metric: roc_auc, value: 0.6}\n\nalerts:"


def main() -> None:
    from ml.truth.report import Report

    with tempfile.TemporaryDirectory() as folder:
        for place in places(Path(folder), POLICY):
            asked = [night for night in _nights(place) if night]
            for line in Report.of(place.ledger, "flight_delays", 45).lines():
                print(line)
            outcomes = place.ledger.outcomes("flight_delays")
            names = ("predictions", "known", "waiting", "never", "unmatched")
            counts = {name: sum(getattr(each, name) for each in outcomes) for name in names}
            print(json.dumps({"nights": (LAST - FIRST).days + 1, "asked": asked, **counts}))


def _nights(place: Any) -> Iterator[str | None]:
    """Each night; gives the day when a fall of performance asked."""
    for n in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=n)
        decision = night(place, day)
        yield str(day) if "performance" in decision.kinds else None


def night(place: Any, day: date) -> Any:
    """Walk a night as far as it is about what came true, and what it decides; gives the decision."""
    from ml import lines, steps
    from ml.walker import InProcess

    do = InProcess(place.run("flight_delays", day))
    batch = do(steps.validate, do(steps.pull))
    matured = do(steps.mature, batch)
    decision = do(steps.decide, batch, None, None, matured)
    promoted = lines.retrain(do, decision) if decision.retrain else None
    lines.score(do)
    why = "; ".join(reason.sentence for reason in decision.reasons)
    print(f"{day}  {why or 'nothing asks'}{f'; version {promoted.version}' if promoted else ''}", flush=True)
    return decision


def places(folder: Path, policy: str) -> Iterator[Any]:
    """A workspace beside a loaded warehouse, for as long as it is used; ``policy`` takes the place of ``retrain``."""
    from dataclasses import replace

    import psycopg2

    from ml.workspace import Workspace
    from stack.postgres import throwaway
    from stack.warehouse import load

    with throwaway(folder) as server:
        connection = psycopg2.connect(server.replace("+psycopg2", ""))
        connection.autocommit = True
        connection.cursor().execute("CREATE DATABASE warehouse")
        connection.close()
        warehouse = server.rsplit("/", 1)[0] + "/warehouse"
        load(warehouse, print)
        yield replace(Workspace.apart(folder / "apart", _config(folder, policy)), connections={"warehouse": warehouse})


def _config(folder: Path, policy: str) -> Path:
    text = (ROOT / "config" / "pipelines" / "flight_delays.yaml").read_text()
    for before, after in CUT:
        text = text.replace(before, after)
    head, _, rest = text.partition("retrain:\n")
    text = head + policy + rest.partition("# The demo's year")[2]
    head, _, rest = text.partition("gates:\n")
    text = head + GATES + rest.partition("alerts:")[2]
    (folder / "config" / "pipelines").mkdir(parents=True)
    (folder / "config" / "pipelines" / "flight_delays.yaml").write_text(text)
    return folder / "config"


if __name__ == "__main__":
    main()
