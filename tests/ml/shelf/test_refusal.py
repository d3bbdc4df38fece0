from ml.shelf import Refusal
from tests.ml.shelf.conftest import NOW


def test_a_refusal_knows_what_serves_instead():
    assert Refusal("tiny", 4, "production", "it does not open", 3, NOW).serving == 3
