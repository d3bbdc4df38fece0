"""Everything the stack raises on purpose: each a sentence that says what to do.

StackError              the stack cannot do what was asked               exit 1
  AlreadyRunning        another supervisor holds this home
  NotHealthy            a part did not become healthy in time
SettingsError           a NIGHTSHIFT_* variable is wrong                 exit 2
"""


class StackError(Exception):
    """The stack cannot do what was asked; the text says why and what helps."""

    exit_code = 1


class AlreadyRunning(StackError):
    """Another supervisor holds the lock of this home."""


class NotHealthy(StackError):
    """A part did not become healthy in time."""


class SettingsError(StackError):
    """A NIGHTSHIFT_* variable has a value that cannot be used."""

    exit_code = 2
