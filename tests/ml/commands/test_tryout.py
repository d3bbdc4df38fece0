"""``nightshift tryout``, as it is typed."""

import json

import pytest

from ml.errors import ConfigError, PromotionConflict
from tests.ml.commands.test_stages import typed

pytestmark = pytest.mark.integration
__all__ = ["typed"]


@pytest.fixture
def night(typed, tiny, workspace):
    """Two nights: version 1 serves, and version 2 sees traffic first."""
    typed("run", "tiny", "--day", "2013-06-01")
    path = tiny / "pipelines" / "tiny.yaml"
    text = path.read_text().replace("every: 1d", "every: 2d")
    path.write_text(text + "serving: {candidate: {kind: canary, wait: 1d}}\n")
    return typed("run", "tiny", "--day", "2013-06-03")


def test_a_version_sees_traffic_before_it_serves_and_a_person_may_end_that(night, typed, workspace):
    assert night.splitlines()[-1] == "version 2 sees traffic first: `nightshift tryout tiny` says how it does"
    assert workspace.registry.standing("tiny").aliases == {"production": 1, "staging": 2}
    assert "no row that both versions answered has its label yet" in typed("tryout", "tiny")
    assert json.loads(typed("tryout", "tiny", "--json"))["tryout"]["version"] == 2
    with pytest.raises(ConfigError, match="--stop needs a reason: --why"):
        typed("tryout", "tiny", "--stop")
    ended = typed("tryout", "tiny", "--stop", "--why", "callers complain")
    assert "version 2 stopped its tryout on" in ended
    assert "stopped the tryout of version 2: callers complain" in ended
    assert workspace.registry.stages("tiny") == {1: "Production", 2: "Archived"}
    [mail] = [m for m in mails(workspace) if "callers complain" in m]
    assert "stopped the tryout of version 2: callers complain" in mail
    with pytest.raises(PromotionConflict, match="a version of tiny sees no traffic"):
        typed("tryout", "tiny")


def mails(workspace):
    import email
    from email import policy

    found = sorted((workspace.lake.root.parent / "mails").rglob("*.eml"))
    parsed = [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]
    return [" ".join(p.get_body(("plain",)).get_content().split()) for p in parsed]
