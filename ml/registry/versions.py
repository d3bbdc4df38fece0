"""Versions of a pipeline's model: their tags, stages and aliases, and how they move."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ml.registry.connection import Connection
from ml.registry.models import logged_model
from ml.registry.runs import LONGEST_TAG

if TYPE_CHECKING:
    from mlflow import MlflowClient

MODEL, ARCHIVED = "nightshift.model_uri", "nightshift.archived"
PRODUCTION, PREVIOUS, STAGING = "production", "previous", "staging"


@dataclass(frozen=True)
class Served:
    """A version: where its model lies, which run made it, and its tags."""

    version: int
    run_id: str
    model_uri: str
    tags: Mapping[str, str]


@dataclass(frozen=True)
class Standing:
    """The stage of each version of a pipeline, and the version that each alias points to."""

    stages: Mapping[int, str]
    aliases: Mapping[str, int]

    @property
    def serving(self) -> list[int]:
        """The versions in the stage Production."""
        return sorted(version for version, stage in self.stages.items() if stage == "Production")


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
            return None if version is None else self._version(client, pipeline, version)

    def version(self, pipeline: str, version: int) -> Served | None:
        """A version by its number; None when there is none of it."""
        from mlflow.exceptions import MlflowException

        with self._asking() as client:
            try:
                return self._version(client, pipeline, version)
            except MlflowException as error:
                if error.error_code != "RESOURCE_DOES_NOT_EXIST":
                    raise
                return None

    def _version(self, client: "MlflowClient", pipeline: str, version: int) -> Served:
        found = client.get_model_version(pipeline, str(version))
        return Served(version, str(found.run_id), found.tags.get(MODEL, str(found.source)), dict(found.tags))

    def tag(self, pipeline: str, version: int, tags: Mapping[str, str]) -> None:
        """Set tags of a version."""
        with self._asking() as client:
            for name, value in tags.items():
                client.set_model_version_tag(pipeline, str(version), name, value[:LONGEST_TAG])

    def standing(self, pipeline: str) -> Standing:
        """Where every version stands."""
        return Standing(self.stages(pipeline), self.aliases(pipeline))

    def aliases(self, pipeline: str) -> dict[str, int]:
        """The version that each alias points to."""
        with self._asking() as client:
            return self._aliases(client, pipeline)

    def stages(self, pipeline: str) -> dict[int, str]:
        """The native stage of each version: None, Staging, Production or Archived."""
        with self._asking() as client:
            return self._stages(client, pipeline)

    def _stages(self, client: "MlflowClient", pipeline: str) -> dict[int, str]:
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

    def stage(self, pipeline: str, version: int) -> None:
        """Put a new version into Staging, with the alias; one that was there before is archived.

        A version that has left the stage None already, in Production or archived since, stays where it is.
        """
        with self._asking() as client:
            if str(client.get_model_version(pipeline, str(version)).current_stage) == "None":
                self._move(client, pipeline, version, "Staging")
            if str(client.get_model_version(pipeline, str(version)).current_stage) == "Staging":
                self._point(client, pipeline, STAGING, version)

    def archive(self, pipeline: str, version: int, why: str) -> None:
        """Archive a version and say why in its tag; an alias ``staging`` that points to it goes.

        A version in Production stays there.
        """
        with self._asking() as client:
            if str(client.get_model_version(pipeline, str(version)).current_stage) == "Production":
                return
            client.set_model_version_tag(pipeline, str(version), ARCHIVED, why[:LONGEST_TAG])
            self._move(client, pipeline, version, "Archived")
            if self._aliases(client, pipeline).get(STAGING) == version:
                self._point(client, pipeline, STAGING, None)

    def settle(self, pipeline: str, production: int | None, previous: int | None) -> None:
        """Make stages and aliases say that ``production`` serves, and ``previous`` did before it; nothing else serves.

        Killed anywhere, a second call ends in the same state; done twice, the second changes nothing. The alias
        ``production`` is what readers resolve: it points to the old version until the stages are right, and then to
        the new one. The caller holds the ledger's lock, since MLflow has no compare-and-set.
        """
        with self._asking() as client:
            stages = self._stages(client, pipeline)
            serving = [version for version, stage in stages.items() if stage == "Production"]
            if production is not None and serving != [production]:
                self._move(client, pipeline, production, "Production")
            for version in serving if production is None else ():
                self._move(client, pipeline, version, "Archived")
            self._point(client, pipeline, PREVIOUS, previous if previous in stages else None)
            self._point(client, pipeline, PRODUCTION, production)
            if production is not None and self._aliases(client, pipeline).get(STAGING) == production:
                self._point(client, pipeline, STAGING, None)

    def _move(self, client: "MlflowClient", pipeline: str, version: int, stage: str) -> None:
        # what leaves a stage that holds one version goes to the archive in the same transaction
        single = stage in ("Staging", "Production")
        client.transition_model_version_stage(pipeline, str(version), stage, archive_existing_versions=single)

    def _point(self, client: "MlflowClient", pipeline: str, alias: str, version: int | None) -> None:
        points_to = self._aliases(client, pipeline).get(alias)
        if version is not None and points_to != version:
            client.set_registered_model_alias(pipeline, alias, str(version))
        elif version is None and points_to is not None:
            client.delete_registered_model_alias(pipeline, alias)

    def version_url(self, pipeline: str, version: int) -> str | None:
        """The page of a version; None when there is no server to show one."""
        return f"{self._pages}/models/{pipeline}/versions/{version}" if self._served else None
