"""Everything Nightshift raises on purpose.

NightshiftError
  ConfigError                 YAML, dotted path or setting is wrong             exit 2
  DataError                   the data is wrong                                 exit 3
    NoData                    nothing to work on
    ContractViolation         all violations, not the first
    CannotStrike              a fault of a drill finds nothing to damage
  TrainingError               the model could not be built or scored            exit 4
  PromotionConflict           Production changed since it was evaluated         exit 5
  ServiceUnavailable          a neighbour did not answer; the only retryable    exit 75
"""

from collections.abc import Sequence


class NightshiftError(Exception):
    """A failure that Nightshift foresaw; its text is a sentence for a person."""

    exit_code = 1


class ConfigError(NightshiftError):
    """A YAML file, a dotted path or a setting is wrong."""

    exit_code = 2


class DataError(NightshiftError):
    """The data is wrong."""

    exit_code = 3


class NoData(DataError):
    """There are no rows, or too few, where some are needed."""


class ContractViolation(DataError):
    """The data breaks its contract; ``violations`` holds every broken rule as a sentence."""

    def __init__(self, message: str, violations: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.violations = tuple(violations)


class CannotStrike(DataError):
    """A fault finds no column or row of its kind in a pipeline's data."""


class TrainingError(NightshiftError):
    """The model could not be built or scored."""

    exit_code = 4


class PromotionConflict(NightshiftError):
    """Production changed since the challenger was evaluated against it."""

    exit_code = 5


class ServiceUnavailable(NightshiftError):
    """A neighbour (database, MLflow, mail, another run) did not answer; trying again later can help."""

    exit_code = 75
