import pytest

from ml.config.document import read
from ml.errors import ConfigError


def content(tmp_path, text):
    path = tmp_path / "x.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path)


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        ("12:30", "12:30"),
        ("02:00", "02:00"),
        ("no", "no"),
        ("on", "on"),
        ("2013-01-31", "2013-01-31"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("true", True),
        ("12", 12),
        ("-3", -3),
        ("1e-3", 0.001),
        (".5", 0.5),
        ("-0.25", -0.25),
        ("", None),
        ("~", None),
        ("1.2.3", "1.2.3"),
    ],
)
def test_a_scalar_means_what_it_looks_like(tmp_path, scalar, value) -> None:
    found = content(tmp_path, f"a: {scalar}\n").content["a"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: 1\nb: 2\na: 3\n", "x.yaml: line 3: 'a' stands here twice"),
        ("a: {b: 1, b: 2}\n", "x.yaml: line 1: 'b' stands here twice"),
        ("a: &x 1\nb: *x\n", "x.yaml: line 1: anchors and aliases are not known here"),
        ("a: [1, 2\nb: 3\n", "x.yaml: line 2: expected ',' or ']'"),
        ("a:\n\t- b\n", r"x.yaml: line 2: found character '\t'"),
        ("a: !!python/object:os.system x\n", "x.yaml: line 1: could not determine a constructor"),
        ("a: 1\n---\nb: 2\n", "x.yaml: line 2: but found another document"),
        ("? [a]\n: 1\n", "x.yaml: line 1: a key should be a word"),
        ("", "x.yaml: should hold a mapping such as `name: flight_delays`, not nothing"),
        ("- a\n", "not a list"),
        ("text", "not a str"),
        (b"a: \xff\n", "x.yaml: cannot be read: 'utf-8' codec"),
        (b"a: \x07\n", "x.yaml: special characters are not allowed"),
    ],
)
def test_a_file_that_is_not_strict_yaml_is_refused_with_its_line(tmp_path, text, sentence) -> None:
    with pytest.raises(ConfigError) as refused:
        content(tmp_path, text)
    assert sentence in str(refused.value)


def test_a_missing_file_is_a_sentence(tmp_path) -> None:
    with pytest.raises(ConfigError, match=r"x\.yaml: cannot be read: .*No such file"):
        read(tmp_path / "x.yaml")


def test_a_merge_key_is_an_ordinary_key(tmp_path) -> None:
    assert content(tmp_path, "a: {<<: 1}\n").content == {"a": {"<<": 1}}


def test_every_place_knows_its_line(tmp_path) -> None:
    document = content(tmp_path, "a: 1\nb:\n  c:\n    - d\n    - e: 2\n")
    assert [document.line(place) for place in [("a",), ("b", "c"), ("b", "c", 1, "e")]] == [1, 3, 5]
    assert document.line(("b", "c", 1, "missing")) == 5
    assert document.line(("missing",)) is None


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path) -> None:
    assert content(tmp_path, "\ufeffa: 1\n").content == {"a": 1}
