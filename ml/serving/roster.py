"""Which pipelines are served: those of the owner's YAML, as it is now, each with its shelf."""

from __future__ import annotations

import logging
from collections.abc import Callable, MutableMapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ml.config import PipelineConfig, load_pipeline
from ml.errors import ConfigError
from ml.serving.endpoint import Endpoint
from ml.serving.prepared import prepared
from ml.shelf import Keeper, Served, Shelf, Slots, Watcher

log = logging.getLogger(__name__)

Hire = Callable[[PipelineConfig, Callable[[Served], Any]], Keeper]
Opened = Callable[[PipelineConfig, Shelf], Endpoint]
Seen = dict[str, tuple[int, int]]


class Roster(Watcher):
    """Looks at the YAML files before the aliases, in the same thread, so that no two change a shelf at once.

    A file that cannot be read is logged once, and what was served goes on; a pipeline whose file is gone is served no
    more. ``hire`` makes the keeper of a pipeline's shelf, ``opened`` the endpoint over it.
    """

    def __init__(self, folder: Path, endpoints: MutableMapping[str, Endpoint], hire: Hire, opened: Opened) -> None:
        super().__init__(())
        self.folder, self.endpoints, self.hire, self.opened = folder, endpoints, hire, opened
        self._seen: Seen = {}

    def start(self) -> None:
        """Read the files and put back what this machine has copies of; then begin to look."""
        self.read()
        super().start()

    def look(self) -> None:
        """One look at the files, then one at the aliases."""
        try:
            self.read()
        except OSError as error:
            log.error("the pipelines' folder %s cannot be read: %s", self.folder, error.strerror)
        super().look()

    def read(self) -> None:
        """Serve what the files say, where they changed."""
        now = self._files()
        for name in [name for name, stamp in now.items() if self._seen.get(name) != stamp]:
            try:
                self._serve(load_pipeline(self.folder / f"{name}.yaml"))
            except ConfigError as error:
                log.error("%s", error)
        for name in set(self.endpoints) - set(now):
            log.info("%s is served no more: its YAML is gone", name)
            self.endpoints.pop(name).traffic.close()
            self.keepers = tuple(keeper for keeper in self.keepers if keeper.shelf.pipeline != name)
        self._seen = now

    def _files(self) -> Seen:
        paths = [path for path in self.folder.glob("*.yaml") if not path.name.startswith(".")]
        return {path.stem: ((about := path.stat()).st_mtime_ns, about.st_size) for path in paths}

    def _serve(self, pipeline: PipelineConfig) -> None:
        known = self.endpoints.get(pipeline.name)
        if known is None:
            self._begin(pipeline)
        elif known.pipeline != pipeline:
            self._open(pipeline, known.shelf)
            known.traffic.close()
            slots = known.shelf.slots
            held = (slots.current, slots.previous, slots.candidate)
            known.shelf.slots = Slots(*(one and replace(one, prepared=prepared(pipeline, one)) for one in held))

    def _begin(self, pipeline: PipelineConfig) -> None:
        name = pipeline.name
        keeper = self.hire(pipeline, lambda served: prepared(self.endpoints[name].pipeline, served))
        self._open(pipeline, keeper.shelf)
        keeper.restore()
        self.keepers = (*self.keepers, keeper)

    def _open(self, pipeline: PipelineConfig, shelf: Shelf) -> None:
        endpoint = self.opened(pipeline, shelf)
        endpoint.traffic.start()
        self.endpoints[pipeline.name] = endpoint
        for keeper in self.keepers:
            if keeper.shelf is shelf:
                keeper.tries = pipeline.serving.candidate.held

    def close(self) -> None:
        """Look no more, and copy no more requests."""
        super().close()
        for endpoint in self.endpoints.values():
            endpoint.traffic.close()
