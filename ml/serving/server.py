"""The service as a process: its parts put together, started in their order, stopped in the other."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from ml.errors import ServiceUnavailable
from ml.predictions.shipping import Shipping
from ml.predictions.spool import Spool
from ml.serving.app import app
from ml.serving.endpoint import Endpoint
from ml.serving.owner import owner
from ml.serving.register import Register
from ml.serving.roster import Roster
from ml.serving.service import Service
from ml.settings import Settings
from ml.shelf.neighbours import keeper
from ml.workspace import Workspace

if TYPE_CHECKING:
    from fastapi import FastAPI

    from ml.serving.prepared import Prepared
    from ml.shelf import Served

# the stack's patience with a part that is to stop is 8 s
GRACE = 6
SWITCH = 0.00005
FEATURES = 2.0
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Server:
    """The parts of a running service."""

    service: Service
    roster: Roster
    spool: Spool
    shipping: Shipping
    ended: Event = field(default_factory=Event)

    @classmethod
    def of(cls, settings: Settings, state: Path) -> Server:
        """The parts over real neighbours; ``state`` is the service's own folder.

        Raises
        ------
        ServiceUnavailable
            Another service uses this folder.
        """
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        spool = Spool(state / "spool")
        place = Workspace.of(settings)
        endpoints: dict[str, Endpoint] = {}
        roster = Roster(
            settings.config / "pipelines",
            endpoints,
            lambda pipeline, prepare: keeper(
                settings, place, pipeline.name, lasting(prepare), pipeline.serving.candidate.held
            ),
            lambda pipeline, shelf: Endpoint.of(pipeline, shelf, spool, settings.masking_key, place.ledger),
        )
        register = Register(place.ledger, state / "callers.json")
        return cls(Service(endpoints, register, spool), roster, spool, Shipping(spool, settings.ledger_url))

    def start(self, token: Path | None = None) -> None:
        """Begin: who may ask, then what answers. With ``token`` the owner's token is there afterwards."""
        self._ask_the_ledger(lambda: owner(self.service.register.ledger, token) if token else None)  # type: ignore[arg-type]
        self._ask_the_ledger(self.service.register.refresh)
        self.roster.start()
        self.service.register.start()
        self.shipping.start()
        Thread(target=self._read_features, name="features", daemon=True).start()

    def _read_features(self) -> None:
        """Look at the tables of the past before a request has to."""
        while not self.ended.wait(FEATURES):
            for endpoint in list(self.service.endpoints.values()):
                if endpoint.online is not None and endpoint.looks_up:
                    endpoint.online.age(datetime.now(UTC))

    def _ask_the_ledger(self, what: Callable[[], None]) -> None:
        try:
            what()
        except ServiceUnavailable as error:
            log.warning("%s; what this machine knows of callers is used", error)

    def stop(self) -> None:
        """End: nobody asks any more, so nothing is added to the spool."""
        self.ended.set()
        self.roster.close()
        self.service.register.stop()
        self.shipping.stop()
        self.spool.close()
        self._ask_the_ledger(self.service.register.tell)

    @property
    def app(self) -> FastAPI:
        """The application; it stops the rest when it ends."""
        return app(self.service, self.stop)


def lasting(prepare: Callable[[Served], Prepared]) -> Callable[[Served], Prepared]:
    """``prepare``, after which all that is in memory is taken to stay.

    Versions and the libraries that they need are two hundred thousand objects. Each full collection of garbage would
    look at all of them, and no request is answered for a tenth of a second.
    Versions that go are freed all the same, as nothing points to them any more.
    """

    def prepared(served: Served) -> Prepared:
        ready = prepare(served)
        gc.collect(1)
        gc.freeze()
        return ready

    return prepared


def run(server: Server, host: str, port: int) -> None:
    """Answer until SIGTERM or SIGINT comes; what runs then is finished within GRACE seconds, nothing new is taken."""
    import uvicorn

    # a thread that loads a version hands the interpreter over after this long, a hundred times as often as by default
    sys.setswitchinterval(SWITCH)
    uvicorn.run(
        server.app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=GRACE,
        backlog=256,
    )
