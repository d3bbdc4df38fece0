"""What is made for a caller, and what is kept of it."""

from ml.tokens import PREFIX, digest_of, new_token


def test_no_two_tokens_are_alike():
    assert len({new_token() for _ in range(1000)}) == 1000


def test_a_token_says_what_it_is_and_holds_256_bits():
    assert new_token().startswith(PREFIX)
    assert len(new_token().removeprefix(PREFIX)) == 43  # 32 bytes in base64


def test_of_a_token_only_its_digest_is_kept():
    assert digest_of("nst_a") == digest_of("nst_a") != digest_of("nst_b")
    assert "nst_a" not in digest_of("nst_a")
