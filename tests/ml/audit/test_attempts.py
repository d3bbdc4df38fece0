"""What steps gave back is what the books hold."""

import pytest

from ml.audit.attempts import attempts
from tests.ml.ledger.conftest import unguarded  # noqa: F401

pytestmark = pytest.mark.integration


def test_two_nights_gave_back_what_the_books_hold(scope):
    checked = attempts(scope)
    assert (checked.said[:2], checked.found) == ("4 ", ())


@pytest.mark.parametrize(
    ("book", "sentence"),
    [
        ("promotions", "tiny 2013-06-02: promote gave back version 2, but promotions has no such row"),
        ("decisions", "tiny 2013-06-02: decide gave back the decision to retrain, but decisions has no such row"),
    ],
)
def test_a_row_that_is_gone_is_missed(scope, said, unguarded, book, sentence):  # noqa: F811
    unguarded(scope.place.ledger, book, f"DELETE FROM {book} WHERE id = 2")
    assert said(attempts(scope)) == [sentence]
