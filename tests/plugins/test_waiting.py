import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ml.errors import ServiceUnavailable

pytestmark = pytest.mark.integration

LATER = datetime.now(UTC) + timedelta(hours=12)


class Page:
    """The question's page as Airflow keeps it: what was answered there, and by whom."""

    def __init__(self, **answer: Any) -> None:
        nothing = {"response_received": False, "chosen_options": None, "responded_by_user": None}
        self.answer = SimpleNamespace(**{**nothing, "responded_at": None, "params_input": {}, **answer})

    def read(self, ti_id: Any) -> Any:
        return self.answer

    def write(self, ti_id: Any, chosen_options: list[str], params_input: dict[str, Any]) -> Any:
        said = {"response_received": True, "chosen_options": chosen_options, "responded_at": datetime.now(UTC)}
        self.answer = SimpleNamespace(**{**vars(self.answer), **said})
        return self.answer


def trigger(deadline: datetime = LATER) -> Any:
    from plugins.waiting import QuestionTrigger

    asked = {"ti_id": "ti", "options": ["Approve", "Reject"], "defaults": ["Reject"], "params": {}}
    fast = {"seconds": 0.001, "poke_interval": 0.001}
    return QuestionTrigger(pipeline="tiny", version=2, timeout_datetime=deadline, **asked, **fast)


def fired(monkeypatch: pytest.MonkeyPatch, page: Page, looks: list[Any], deadline: datetime = LATER) -> Any:
    """What the trigger fires when it sees these ends of the question, the last one for ever."""
    from airflow.providers.standard.triggers import hitl

    def look(pipeline: str, version: int) -> str | None:
        found = looks.pop(0) if len(looks) > 1 else looks[0]
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr("ml.watching.ended", look)
    monkeypatch.setattr(hitl, "get_hitl_detail_content_detail", page.read)
    monkeypatch.setattr(hitl, "update_hitl_detail_response", page.write)

    async def wait() -> Any:
        return [event.payload async for event in trigger(deadline).run()]

    (payload,) = asyncio.run(asyncio.wait_for(wait(), 30))
    return payload


def test_an_answer_on_the_page_ends_it_with_who_gave_it(monkeypatch):
    ada = SimpleNamespace(id="1", name="ada")
    page = Page(response_received=True, chosen_options=["Approve"], responded_by_user=ada)
    payload = fired(monkeypatch, page, [None])
    assert (payload["chosen_options"], payload["timedout"]) == (["Approve"], False)
    assert payload["responded_by_user"] == {"id": "1", "name": "ada"}


@pytest.mark.parametrize(
    ("ended", "shown"), [("approved", "Approve"), ("rejected", "Reject"), ("void", "Reject"), ("withdrawn", "Reject")]
)
def test_what_ended_elsewhere_ends_it_and_closes_the_page(ended, shown, monkeypatch):
    page = Page()
    payload = fired(monkeypatch, page, [None, ServiceUnavailable("down"), ended])
    assert payload["timedout"]
    assert payload["responded_by_user"] is None
    assert page.answer.chosen_options == [shown]


def test_the_deadline_ends_it(monkeypatch):
    page = Page()
    assert fired(monkeypatch, page, [None], datetime.now(UTC))["timedout"]
    assert page.answer.chosen_options == ["Reject"]


def test_it_comes_back_from_what_airflow_keeps_of_it():
    from plugins.waiting import QuestionTrigger

    path, kwargs = trigger().serialize()
    assert path == "plugins.waiting.QuestionTrigger"
    assert QuestionTrigger(**kwargs).serialize() == (path, kwargs)
