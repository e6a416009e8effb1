"""Every exception that weighlock raises on purpose.

* WeighlockError            a person can act on it; carries hint and exit code
  - UsageError       (2)    the command line asks for something impossible
  - PlanError        (3)    the plan cannot be read at all
  - SettingsError    (3)    the configuration is wrong
  - RefusedError     (6)    dirty tree, run locked, preflight failed
  - AgentError       (7)    the agent is missing, not logged in or broke the protocol
  - UncheckableError (8)    something could not be checked
    + TamperedError  (8)    the journal or evidence was changed by another hand
  - NothingToDo      (5)    no phase, run or file was selected

Anything else is a bug: exit code 70. What can be expected during a run (a failed
gate, a crashed agent, a conflict) is a value or an event, never an exception.
"""

from typing import ClassVar


class WeighlockError(Exception):
    """Something a person can act on.

    Args:
        message: What happened and where, one sentence, no full stop needed.
        hint: What to type or change next.
        where: ``file:line:col`` or a path, put in front of the message.
    """

    exit_code: ClassVar[int] = 1
    code: ClassVar[str | None] = None
    """A reason code of DESIGN 4.4, where one says what is wrong."""

    def __init__(self, message: str, *, hint: str = "", where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        """Return the message as the terminal shows it, hint on its own line."""
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text}\nhint: {self.hint}" if self.hint else text


class UsageError(WeighlockError):
    """The command line asks for something impossible."""

    exit_code = 2


class PlanError(WeighlockError):
    """The plan cannot be read at all: missing, binary, empty, too large."""

    exit_code = 3


class SettingsError(WeighlockError):
    """The configuration is wrong."""

    exit_code = 3


class NothingToDo(WeighlockError):  # noqa: N818 - it is an answer, not an error
    """No phase, run or file was selected."""

    exit_code = 5


class RefusedError(WeighlockError):
    """Refused before anything changed: dirty tree, run locked, preflight."""

    exit_code = 6


class AgentError(WeighlockError):
    """The agent is missing, not logged in, or broke the protocol."""

    exit_code = 7


class UncheckableError(WeighlockError):
    """Something could not be checked, and so is neither right nor wrong."""

    exit_code = 8


class TamperedError(UncheckableError):
    """The journal or stored evidence was changed by another hand."""

    code = "state-tampered"
