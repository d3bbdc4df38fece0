"""The book of calibrations: every set of thresholds that a drift check was given, and what it rests on."""

from datetime import date

import sqlalchemy as sa

from ml.ledger.book import Book, append, columns, newest, record
from ml.ledger.tables import calibrations
from ml.ledger.types import utc_now
from ml.records import Calibration


class Calibrations(Book):
    """Append-only: a calibration that is made anew is a new row."""

    def record_calibration(self, made: Calibration) -> bool:
        """Keep a calibration; False when the day's newest is the same already."""
        with self.database.writing() as connection:
            last = newest(connection, calibrations, pipeline=made.pipeline, day=made.day)
            if last is not None and record(Calibration, last) == made:
                return False
            append(connection, calibrations, columns(made) | {"at": utc_now()})
            return True

    def calibrations(self, pipeline: str, until: date | None = None) -> list[Calibration]:
        """The newest calibration made for each day up to ``until``, oldest day first."""
        where = [calibrations.c.pipeline == pipeline]
        if until is not None:
            where.append(calibrations.c.day <= until)
        last = sa.select(sa.func.max(calibrations.c.id)).where(*where).group_by(calibrations.c.day)
        rows = self._rows(sa.select(calibrations).where(calibrations.c.id.in_(last)).order_by(calibrations.c.day))
        return [record(Calibration, row) for row in rows]
