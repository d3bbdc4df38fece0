from stack import files


def test_the_first_writer_wins(tmp_path):
    files.create(tmp_path / "a", "first")
    files.create(tmp_path / "a", "second")
    assert (tmp_path / "a").read_text() == "first"


def test_a_replaced_file_is_private_and_leaves_no_draft(tmp_path):
    files.replace(tmp_path / "a", "first")
    files.replace(tmp_path / "a", "second")
    assert (tmp_path / "a").read_text() == "second"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
