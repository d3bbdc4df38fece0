"""Made-up flights, and a model of them that is made ready to answer: quick, and with every kind of column."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from ml import golden, training
from ml.compiled import predictor
from ml.predictions.bundle import Bundle
from ml.serving.endpoint import Endpoint
from ml.serving.prepared import prepared
from ml.serving.register import Register
from ml.serving.service import Service
from ml.shelf import Served, Shelf, Slots
from ml.tokens import digest_of
from studies.flights import plain

ROOT = Path(__file__).parents[3]
PIPELINE = plain()
TOKEN = "nst_made_up_for_tests"
SINCE = datetime(2013, 6, 1, tzinfo=UTC)
KINDS = {"sched_dep": "datetime"} | dict.fromkeys(("carrier", "origin", "dest"), "string")
INPUTS = tuple((name, KINDS.get(name, "double")) for name in PIPELINE.model.features)


@cache
def table(rows=3000, seed=0):
    """Flights of all that the contract allows; a tenth of what may be missing is."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    columns = {}
    for name in PIPELINE.model.features:
        rule = PIPELINE.contract.columns[name]
        if rule.type == "datetime":
            values = [datetime(2013, 1, 1) + timedelta(minutes=int(m)) for m in rng.integers(0, 525_600, rows)]
        elif rule.type == "string":
            values = rng.choice(["EWR", "JFK", "LGA"] if name in ("origin", "dest") else ["UA", "B6", "9E"], rows)
        else:
            values = rng.integers(max(rule.min, -300), min(rule.max, 1000), rows).astype("float64")
            values[rng.random(rows) < (0.1 if rule.nullable else 0)] = np.nan
        columns[name] = values
    frame = pd.DataFrame(columns).assign(distance=700.0, sched_elapsed=120.0)
    frame["distance"] += rng.integers(0, 500, rows)
    frame["late"] = (frame["wind_speed"].fillna(0) > 75) ^ (rng.random(rows) < 0.2)
    return frame


@cache
def estimator(seed=0):
    """The pipeline's own estimator, fitted on them."""
    return training.fit(PIPELINE.model.model_copy(update={"seed": seed}), table(seed=seed))


@cache
def served(version=1):
    """A version that is not made ready yet."""
    fitted = estimator(version % 7)
    examples = golden.recorded(fitted, training.example(PIPELINE.model, table(seed=version % 7)))
    rows = [golden.typed(INPUTS, example.row) for example in examples]
    found = predictor(fitted, "classification", INPUTS, rows)
    return Served("flight_delays", version, f"run{version}", SINCE, found, INPUTS, examples, "classification")


@cache
def ready(version=1):
    """A version that is."""
    return replace(served(version), prepared=prepared(PIPELINE, served(version)))


class Kept(list):
    """A log in memory."""

    def append(self, said):
        for one in said:
            self.extend(one.predictions() if isinstance(one, Bundle) else [one])


def register(folder, *scopes):
    """A register that knows the one caller of TOKEN, without a ledger."""
    from ml.records import Caller

    now = datetime.now(UTC)
    caller = Caller(name="tests", scopes=scopes or ("*",), digest=digest_of(TOKEN), by="ada", at=now)
    file = folder / "callers.json"
    file.write_text(f'{{"at": "{now.isoformat()}", "callers": [{caller.model_dump_json()}]}}')
    return Register(None, file)


def service(folder, version=1, log=None, **limits):
    """A service of that version, with these limits."""
    serving = PIPELINE.serving.model_copy(update={"rate": None} | limits)
    pipeline = PIPELINE.model_copy(update={"serving": serving})
    made = replace(ready(version), prepared=prepared(pipeline, served(version))) if limits else ready(version)
    log = Kept() if log is None else log
    endpoint = Endpoint.of(pipeline, Shelf("flight_delays", Slots(current=made)), log)
    return Service({"flight_delays": endpoint}, register(folder), log)


def example():
    """A row that is right."""
    return dict(ready().prepared.example)


HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
