"""Where a run lives."""

from datetime import date

import pytest

from ml.errors import ConfigError
from ml.notifiers.mailbox import FolderMailbox

pytestmark = pytest.mark.integration


def test_a_workspace_apart_touches_nothing_outside_its_folder(workspace, tmp_path):
    assert workspace.lake.root == tmp_path / "apart" / "lake"
    assert isinstance(workspace.mailbox, FolderMailbox)


def test_a_run_knows_its_pipeline_and_day(workspace):
    run = workspace.run("tiny", date(2013, 6, 1))
    assert str(run) == "tiny 2013-06-01"
    assert run.pipeline.model.label == "late"


def test_an_unknown_pipeline_gets_the_nearest_name(workspace):
    with pytest.raises(ConfigError, match="tiny"):
        workspace.run("tny", date(2013, 6, 1))
