"""The segments of a spool, seen from beside it."""

from ml.predictions.folder import Folder
from ml.predictions.spool import Spool


def test_of_a_folder_all_but_the_newest_segment_may_go(tmp_path, predicted):
    with Spool(tmp_path / "spool") as spool:
        spool.append(predicted())
        folder = Folder(tmp_path / "spool")
        assert (folder.sealed(), folder.held) == ([], spool.held)
        spool.seal()
        assert folder.sealed() == spool.sealed()
        [path] = folder.sealed()
        folder.remove(path)
        folder.remove(path)
        spool.recount()
        assert spool.held == folder.held == 0


def test_a_damaged_segment_waits_for_a_person_under_another_name(tmp_path):
    folder, path = Folder(tmp_path), tmp_path / "000000000001.jsonl"
    path.write_bytes(b"{")
    assert folder.set_aside(path) == tmp_path / "000000000001.jsonl.damaged"
    assert folder.segments() == []
