from stack import logs


def test_a_log_is_private_and_keeps_what_was_there(tmp_path):
    for line in (b"one\n", b"two\n"):
        with logs.open_log(tmp_path, "a") as log:
            log.write(line)
    assert logs.tail(tmp_path, "a") == ["one", "two"]
    assert logs.path(tmp_path, "a").stat().st_mode & 0o777 == 0o600


def test_a_long_log_moves_aside_while_its_writer_goes_on(tmp_path):
    with logs.open_log(tmp_path, "a") as log:
        log.write(b"x" * 50 + b"\n")
        logs.trim(tmp_path, limit=20)
        log.write(b"new\n")
    assert logs.path(tmp_path, "a").read_text() == "new\n"
    assert (tmp_path / "a.log.1").stat().st_size == 51


def test_the_tail_of_nothing_is_empty(tmp_path):
    assert logs.tail(tmp_path, "never") == []


def test_the_tail_is_the_last_lines(tmp_path):
    logs.path(tmp_path, "a").write_text("\n".join(map(str, range(100_000))))
    assert logs.tail(tmp_path, "a", lines=2) == ["99998", "99999"]
