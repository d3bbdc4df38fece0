"""A handful of bad models of made-up rows, on the real way: saved, judged beside a champion, asked by gates."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from ml import fresh_process, training
from ml.gates import Calibration, Compatible, FreshData, Leak, Slices
from studies import bad_models


@pytest.mark.integration
@pytest.mark.timeout(900)
def test_a_handful_is_stopped_on_a_small_pipeline(walked, monkeypatch):
    monkeypatch.setattr(fresh_process, "ROUNDS", 1)
    plan = walked.run("tiny", date(2013, 6, 1)).pipeline
    plan = plan.model_copy(update={"gates": (Slices(), Calibration(loss=0.1), Leak(), FreshData(), Compatible())})
    rows = pd.concat([pd.read_parquet(path) for path in sorted(Path(plan.source.path).parent.glob("*.parquet"))])
    rows = rows.sort_values("at")
    cut = pd.Timestamp("2013-05-27")
    base = bad_models.Case(
        plan=plan,
        older=rows[rows["at"] < cut],
        newest=rows[(rows["at"] >= cut) & (rows["at"] < "2013-06-01")],
        challenger=training.fit(plan.model, rows[rows["at"] < cut]),
        champion=training.fit(plan.model, rows[rows["at"] < "2013-05-20"]),
        due=date(2013, 5, 31),
    )
    leak = base.newest.assign(weight=base.newest["late"] * 9.0), base.older.assign(weight=base.older["late"] * 9.0)
    cases = {
        "leaks": bad_models.replace(base, newest=leak[0]).fitted(leak[1]),
        "wrong way round": base.fitted(base.older.assign(late=1 - base.older["late"])),
        "stale": bad_models.stale(base),
        "never fitted on": base.fitted(base.older[base.older["town"] == "Celle"]),
        "town is gone": base.fitted(features=("weight",)),
    }
    with bad_models.Way.made() as way:
        assert way.objections(base) == []
        for cause, case in cases.items():
            assert any(cause in said for said in way.objections(case)), cause
