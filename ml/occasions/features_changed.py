"""Asks for other columns."""

from collections.abc import Iterable
from typing import Literal

from ml.occasions.occasion import BaseOccasion, Case


class FeaturesChanged(BaseOccasion):
    """The version is fitted on other features than the one in Production.

    >>> FeaturesChanged()
    FeaturesChanged(kind='features_changed')
    """

    kind: Literal["features_changed"] = "features_changed"

    def reason(self, case: Case) -> str | None:
        tag = case.champion_tags.get("nightshift.features")
        if tag is None:
            return None
        before, now = set(tag.split(", ")), set(case.features)
        said = [*_said("new", now - before), *_said("gone", before - now)]
        return f"its features are not the champion's: {'; '.join(said)}" if said else None


def _said(what: str, names: Iterable[str]) -> list[str]:
    return [f"{what} {', '.join(sorted(names))}"] if names else []
