"""The book of tryouts: which versions saw traffic before Production, and how that ended."""

import sqlalchemy as sa

from ml.ledger.book import Book, record
from ml.ledger.tables import tryout_verdicts, tryouts
from ml.records import Tryout, TryoutVerdict


class Tryouts(Book):
    """Append-only: a version is tried out once, and the first verdict on it stands."""

    def record_tryout(self, tryout: Tryout) -> Tryout:
        """Keep a tryout and give the one that stands: the first of its version, with the first deadline.

        The caller holds the pipeline's promotion lock.
        """
        return self._record_once(tryouts, tryout)

    def record_tryout_verdict(self, verdict: TryoutVerdict) -> TryoutVerdict:
        """Keep a verdict and give the one that stands; the caller holds the pipeline's promotion lock."""
        return self._record_once(tryout_verdicts, verdict)

    def tryouts(self, pipeline: str) -> list[Tryout]:
        """All tryouts, oldest first."""
        query = sa.select(tryouts).filter_by(pipeline=pipeline).order_by(tryouts.c.id)
        return [record(Tryout, row) for row in self._rows(query)]

    def tryout(self, pipeline: str, version: int) -> Tryout | None:
        """The tryout of a version; None when it had none."""
        return self._of_version(tryouts, Tryout, pipeline, version)

    def tryout_verdict(self, pipeline: str, version: int) -> TryoutVerdict | None:
        """The verdict on a version that stands; None while there is none."""
        return self._of_version(tryout_verdicts, TryoutVerdict, pipeline, version)
