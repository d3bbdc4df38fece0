"""A look at a pipeline's stages and aliases over plain HTTP, for a process that must stay small."""

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from ml.errors import ServiceUnavailable
from ml.registry.connection import address
from ml.registry.versions import Standing

_API, _SECONDS, _NEWEST = "api/2.0/mlflow", 10, 20


def glance(uri: str, pipeline: str, *versions: int) -> Standing:
    """The aliases, and the stages of the versions that changed last and of the named ones.

    What somebody changes is among the last to have changed, so a look costs the same after years.

    Raises
    ------
    ServiceUnavailable
        MLflow did not answer, or not as MLflow does.
    """
    model = _ask(uri, "registered-models/get", name=pipeline)
    if model is None:
        return Standing({}, {})
    newest = {"filter": f"name = '{pipeline}'", "order_by": "last_updated_timestamp DESC", "max_results": _NEWEST}
    found = (_ask(uri, "model-versions/search", **newest) or {}).get("model_versions", [])
    named = [_ask(uri, "model-versions/get", name=pipeline, version=version) for version in versions]
    found += [each["model_version"] for each in named if each]
    stages = {int(each["version"]): str(each["current_stage"]) for each in found}
    return Standing(stages, _aliases(model["registered_model"]))


def aliases(uri: str, pipeline: str) -> dict[str, int]:
    """The version that each alias points to, in one call; nothing when MLflow knows no such model.

    An MLflow without a server is asked through its own client.

    Raises
    ------
    ServiceUnavailable
        MLflow did not answer, or not as MLflow does.
    """
    if not uri.startswith(("http://", "https://")):
        from ml.registry.registry import Registry

        return Registry(uri).aliases(pipeline)
    model = _ask(uri, "registered-models/get", name=pipeline)
    return _aliases(model["registered_model"]) if model else {}


def run_of(uri: str, pipeline: str, version: int) -> str | None:
    """The run that made a version, in one call; None when MLflow knows no such version.

    Raises
    ------
    ServiceUnavailable
        MLflow did not answer, or not as MLflow does.
    """
    if not uri.startswith(("http://", "https://")):
        from ml.registry.registry import Registry

        known = Registry(uri).version(pipeline, version)
        return known.run_id if known else None
    found = _ask(uri, "model-versions/get", name=pipeline, version=version)
    return str(found["model_version"]["run_id"]) if found else None


def _aliases(model: Any) -> dict[str, int]:
    return {each["alias"]: int(each["version"]) for each in model.get("aliases", [])}


def _ask(uri: str, what: str, **words: Any) -> Any:
    """The answer as JSON; None when there is no such thing."""
    url = f"{uri.rstrip('/')}/{_API}/{what}?{urllib.parse.urlencode(words)}"
    try:
        with urllib.request.urlopen(url, timeout=_SECONDS) as answer:  # noqa: S310  the address is a setting
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise ServiceUnavailable(f"MLflow at {address(uri)} answered {error.code} to a look at {what}") from error
    except (OSError, ValueError) as error:
        raise ServiceUnavailable(f"MLflow at {address(uri)} did not answer: {error}") from error
