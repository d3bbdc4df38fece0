import asyncio
from typing import Any

import pytest

from ml.errors import ServiceUnavailable
from plugins.watch import RegistryTrigger

pytestmark = pytest.mark.integration


def fired(monkeypatch: pytest.MonkeyPatch, seen: list[Any]) -> list[str]:
    """What the trigger fires for while it sees these differences, one look after the other."""
    looks = iter(seen)

    def look(pipeline: str) -> Any:
        found = next(looks, StopIteration)
        if found is StopIteration:
            raise KeyboardInterrupt
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr("ml.watching.difference", look)
    events: list[str] = []

    async def watch() -> None:
        async for event in RegistryTrigger("tiny", seconds=0.001).run():
            events.append(event.payload["found"])

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(watch())
    return events


@pytest.mark.parametrize(
    ("seen", "events"),
    [
        ([None, None], []),
        (["a", None, "a", None], []),
        (["a", "a", "a", "a"], ["a"]),
        (["a", "a", None, "a", "a"], ["a", "a"]),
        (["a", "a", "b", "b"], ["a", "b"]),
        ([ServiceUnavailable("down"), "a", ServiceUnavailable("down"), "a", "a"], ["a"]),
    ],
)
def test_a_difference_that_stays_fires_once(seen, events, monkeypatch):
    assert fired(monkeypatch, seen) == events


def test_it_fires_again_while_nobody_mends_it(monkeypatch):
    monkeypatch.setattr("plugins.watch.AGAIN_SECONDS", 0.003)
    assert len(fired(monkeypatch, ["a"] * 10)) > 1


def test_it_comes_back_from_what_airflow_keeps_of_it():
    path, kwargs = RegistryTrigger("tiny", 7.5).serialize()
    assert path == "plugins.watch.RegistryTrigger"
    assert RegistryTrigger(**kwargs).serialize() == (path, kwargs)
