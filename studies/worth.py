"""What retrains of flights were worth: some weeks of nights, walked with the ledger of worth.

``python -m studies.worth`` walks the nights from 2013-11-13 on for five weeks as they were known then, as
``studies.month`` does: a history of ten weeks, no drift check, ``at_least`` the only gate. A retrain is asked for every
seven days, and by a fall of performance in between. Each night weighs the day that matured with the version that was
replaced, and in the end ``nightshift worth`` says what came of it, at the prices of ``flight_delays.yaml``.

``--picture FILE.png`` draws it too. The last line is JSON.
"""

import json
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

from ml.workspace import Workspace
from ml.worth import telling
from ml.worth.report import Report
from studies.month import night, places

FIRST, NIGHTS = date(2013, 11, 13), 35
POLICY = "retrain:\n  every: 7d\n  performance_drop: {by: 0.1, days: 7d}\n\n# The demo's year"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for place in places(Path(folder), POLICY):
            for n in range(NIGHTS):
                night(place, FIRST + timedelta(days=n))
                report = Report.of(place.ledger, place.run("flight_delays", FIRST).pipeline)
                print(telling.sentence(report), flush=True)
            for line in telling.lines(report):
                print(line)
            if "--picture" in sys.argv:
                _draw(report, place, Path(sys.argv[-1]))
            print(json.dumps({"nights": NIGHTS, **report.as_json()}))


def _draw(report: Report, place: Workspace, file: Path) -> None:
    from ml.figures import png
    from ml.worth.picture import picture

    ledger = place.ledger
    file.write_bytes(png(picture(report, ledger.weighings(report.pipeline), ledger.promotions(report.pipeline))))


if __name__ == "__main__":
    main()
