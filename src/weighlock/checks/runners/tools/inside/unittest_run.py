"""Run unittest, and write one line of JSON for each test.

Started by its path, inside the walls, by the project's own Python: it must need
nothing but the standard library, of any version 3.  The first argument is where the
lines go, the others are unittest's own.
"""

import json
import os
import sys
import traceback
import unittest
from types import TracebackType
from typing import Tuple, Type, Union  # noqa: UP035 - old versions run this too

_Exc = Union[  # noqa: UP007
    Tuple[Type[BaseException], BaseException, TracebackType],  # noqa: UP006
    Tuple[None, None, None],  # noqa: UP006
]


class Result(unittest.TextTestResult):
    """Says what becomes of a test when it becomes of it, not at the end."""

    where = -1
    """A file that is open for appending."""

    def addSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802
        """Tell of a test that passed."""
        super().addSuccess(test)
        self.tell(test, "passed")

    def addError(self, test: unittest.TestCase, err: _Exc) -> None:  # noqa: N802
        """Tell of a test that raised, or of a class that could not be set up."""
        super().addError(test, err)
        self.tell(test, "failed", err)

    def addFailure(self, test: unittest.TestCase, err: _Exc) -> None:  # noqa: N802
        """Tell of an assertion."""
        super().addFailure(test, err)
        self.tell(test, "failed", err)

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:  # noqa: N802
        """Tell of a test that was skipped."""
        super().addSkip(test, reason)
        self.tell(test, "skipped")

    def addExpectedFailure(self, test: unittest.TestCase, err: _Exc) -> None:  # noqa: N802
        """Tell of a failure that the test announces: nobody asked the product."""
        super().addExpectedFailure(test, err)
        self.tell(test, "skipped")

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802
        """Tell of a failure that was announced and did not come."""
        super().addUnexpectedSuccess(test)
        self.tell(test, "failed")

    def addSubTest(  # noqa: N802
        self,
        test: unittest.TestCase,
        subtest: unittest.TestCase,
        err: Union[_Exc, None],  # noqa: UP007
    ) -> None:
        """Tell of a part that failed; the whole has failed with it."""
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.tell(test, "failed", err)

    def stopTestRun(self) -> None:  # noqa: N802
        """Say that the run came to its end."""
        super().stopTestRun()
        self._write({"ran": self.testsRun})

    def tell(
        self,
        test: unittest.TestCase,
        result: str,
        err: Union[_Exc, None] = None,  # noqa: UP007
    ) -> None:
        """Write one line."""
        line: dict[str, object] = {"id": test.id(), "result": result}
        if err is not None and err[0] is not None:
            frames = traceback.extract_tb(err[2])
            line["error"] = err[0].__name__
            line["message"] = str(err[1])[:300]
            line["frames"] = [frame.filename for frame in frames][-50:]
        self._write(line)

    def _write(self, line: "dict[str, object]") -> None:
        os.write(self.where, (json.dumps(line) + "\n").encode())


class Runner(unittest.TextTestRunner):
    """Collects with ``Result``."""

    def _makeResult(self) -> Result:  # noqa: N802
        return Result(self.stream, self.descriptions, self.verbosity)


def main() -> None:
    """Do what ``python -m unittest`` does."""
    report = sys.argv.pop(1)
    Result.where = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    sys.path[0] = os.getcwd()  # noqa: PTH109
    sys.argv[0] = "python -m unittest"
    unittest.main(module=None, testRunner=Runner)


if __name__ == "__main__":
    main()
