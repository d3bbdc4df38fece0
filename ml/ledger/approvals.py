"""The book of approvals: which versions a person was asked about, and what was answered."""

import sqlalchemy as sa

from ml.ledger import chain
from ml.ledger.book import Book, columns, record
from ml.ledger.tables import answers, questions
from ml.records import Approval, Question


class Approvals(Book):
    """Append-only, the answers chained: a version is asked about once, and of its answers the newest stands."""

    def record_question(self, question: Question) -> Question:
        """Keep a question and give the one that stands: the first about its version, with the first deadline."""
        return self._record_once(questions, question)

    def record_answer(self, approval: Approval) -> None:
        """Keep an answer; the caller holds the pipeline's promotion lock and has looked at the one that stands."""
        with self.database.writing() as connection:
            chain.append(connection, answers, columns(approval))

    def questions(self, pipeline: str) -> list[Question]:
        """All questions, oldest first."""
        query = sa.select(questions).filter_by(pipeline=pipeline).order_by(questions.c.id)
        return [record(Question, row) for row in self._rows(query)]

    def unanswered(self, pipeline: str) -> list[Question]:
        """The questions that nobody and nothing has answered, oldest first."""
        return [q for q in self.questions(pipeline) if self.answer(pipeline, q.version) is None]

    def answer(self, pipeline: str, version: int) -> Approval | None:
        """The answer about a version that stands; None while there is none."""
        return self._of_version(answers, Approval, pipeline, version)

    def answers(self, pipeline: str) -> list[Approval]:
        """All answers, oldest first."""
        query = sa.select(answers).filter_by(pipeline=pipeline).order_by(answers.c.id)
        return [record(Approval, row) for row in self._rows(query)]
