"""What is true of every notifier."""

import pytest

from ml.notifiers import ROSTER
from ml.notifiers.notifier import BaseNotifier


@pytest.mark.parametrize("member", ROSTER, ids=lambda member: member.__name__)
def test_every_notifier_names_its_kind_its_recipients_and_how_it_delivers(member):
    assert issubclass(member, BaseNotifier)
    assert member.model_fields["kind"].default
    assert member.recipients is not BaseNotifier.recipients
    assert member.deliver is not BaseNotifier.deliver
