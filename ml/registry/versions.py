"""Versions of a pipeline's model: their tags, stages and aliases, and how one becomes Production."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ml.errors import PromotionConflict
from ml.registry.connection import Connection
from ml.registry.models import logged_model
from ml.registry.runs import LONGEST_TAG

if TYPE_CHECKING:
    from mlflow import MlflowClient

MODEL = "nightshift.model_uri"
PRODUCTION, PREVIOUS, STAGING = "production", "previous", "staging"


@dataclass(frozen=True)
class Served:
    """The version that serves: where its model lies, which run made it, and its tags."""

    version: int
    run_id: str
    model_uri: str
    tags: Mapping[str, str]


class Versions(Connection):
    """The registered versions of pipelines, a registered model each."""

    def register(
        self, pipeline: str, run_id: str, model_uri: str, tags: Mapping[str, str], description: str = ""
    ) -> int:
        """The version of a saved model; registering it again gives the same one."""
        with self._asking() as client:
            self._registered_model(client, pipeline)
            found = client.search_model_versions(f"name = '{pipeline}' and run_id = '{run_id}'")
            versions = [int(v.version) for v in found if v.tags.get(MODEL) == model_uri]
            if versions:
                return min(versions)
            cut = {name: value[:LONGEST_TAG] for name, value in tags.items()} | {MODEL: model_uri}
            made = client.create_model_version(
                pipeline,
                self._source(client, model_uri),
                run_id,
                tags=cut,
                description=description[:LONGEST_TAG],
                model_id=model_uri.removeprefix("models:/"),  # a server refuses a model whose id is not said again
            )
            return int(made.version)

    def _source(self, client: "MlflowClient", model_uri: str) -> str:
        """What MLflow notes as a version's source. Without a server it would look a models:/ address up elsewhere."""
        return model_uri if self._served else str(logged_model(client, model_uri).artifact_location)

    def _registered_model(self, client: "MlflowClient", pipeline: str) -> None:
        from mlflow.exceptions import MlflowException

        try:
            client.create_registered_model(pipeline)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise

    def production(self, pipeline: str) -> Served | None:
        """The version that the alias ``production`` points to; None when nothing serves yet."""
        with self._asking() as client:
            version = self._aliases(client, pipeline).get(PRODUCTION)
            if version is None:
                return None
            found = client.get_model_version(pipeline, str(version))
            return Served(version, str(found.run_id), found.tags.get(MODEL, str(found.source)), dict(found.tags))

    def aliases(self, pipeline: str) -> dict[str, int]:
        """The version that each alias points to."""
        with self._asking() as client:
            return self._aliases(client, pipeline)

    def stages(self, pipeline: str) -> dict[int, str]:
        """The native stage of each version: None, Staging, Production or Archived."""
        with self._asking() as client:
            found = client.search_model_versions(f"name = '{pipeline}'")
            return {int(v.version): str(v.current_stage) for v in found}

    def _aliases(self, client: "MlflowClient", pipeline: str) -> dict[str, int]:
        from mlflow.exceptions import MlflowException

        try:
            return {name: int(version) for name, version in client.get_registered_model(pipeline).aliases.items()}
        except MlflowException as error:
            if error.error_code != "RESOURCE_DOES_NOT_EXIST":
                raise
            return {}

    def promote(self, pipeline: str, version: int, expected: int | None) -> int | None:
        """Move a version through Staging into Production, and archive the one that was there; gives that one.

        The alias ``production`` is the truth and is set last but for nothing: killed anywhere before it, the old
        version serves and a second call does it all again; after it, a second call changes nothing. The caller holds
        the ledger's lock, since MLflow has no compare-and-set.

        Raises
        ------
        PromotionConflict
            Production is not ``expected``, the version that the challenger was judged against.
        """
        with self._asking() as client:
            aliases = self._aliases(client, pipeline)
            current = aliases.get(PRODUCTION)
            if current == version:
                return aliases.get(PREVIOUS)
            if current != expected:
                raise PromotionConflict(
                    f"{pipeline} version {version} was judged against {_name(expected)}, "
                    f"but Production is now {_name(current)}; it stays there"
                )
            self._stage(client, pipeline, version, "Staging")
            client.set_registered_model_alias(pipeline, STAGING, str(version))
            self._stage(client, pipeline, version, "Production")
            self._remember(client, pipeline, current, aliases)
            client.set_registered_model_alias(pipeline, PRODUCTION, str(version))
            return current

    def _stage(self, client: "MlflowClient", pipeline: str, version: int, stage: str) -> None:
        client.transition_model_version_stage(pipeline, str(version), stage, archive_existing_versions=True)

    def _remember(self, client: "MlflowClient", pipeline: str, current: int | None, aliases: Mapping[str, int]) -> None:
        if current is not None:
            client.set_registered_model_alias(pipeline, PREVIOUS, str(current))
        elif PREVIOUS in aliases:
            client.delete_registered_model_alias(pipeline, PREVIOUS)

    def version_url(self, pipeline: str, version: int) -> str | None:
        """The page of a version; None when there is no server to show one."""
        return f"{self._pages}/models/{pipeline}/versions/{version}" if self._served else None


def _name(version: int | None) -> str:
    return f"version {version}" if version is not None else "empty"
