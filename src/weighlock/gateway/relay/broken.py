"""The ways in which an answer fails to be one."""

from weighlock.credentials import Hint


class Broken(Exception):  # noqa: N818 - it is what happened to the answer
    """The answer was cut, garbled or could not be had.

    Args:
        code: A word for it; never a text that may hold an address or a key.
        status: What the upstream answered, where that is what was wrong.
    """

    def __init__(self, code: str, status: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


class Refused(Exception):  # noqa: N818 - it is what the upstream did
    """The upstream's answer says that this bucket or upstream does not serve."""

    def __init__(self, hint: Hint) -> None:
        super().__init__(hint.detail)
        self.hint = hint
