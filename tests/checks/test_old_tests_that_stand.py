"""An existing test file may gain tests; those that base owns stand as they stood."""

import pytest
from tests_checks import held, phase

from weighlock.checks.changes import protected
from weighlock.checks.kinds import RULES

GO = """\
package kit

import (
\t"testing"
)

func TestHalf(t *testing.T) {
\tif Half(4) != 2 {
\t\tt.Error("not half")
\t}
}
"""
PY = """\
import pytest


class TestHalf:
    @pytest.mark.parametrize("n", [
        2,
    ])
    def test_half(self, n):
        assert half(n) == n / 2
"""
JS = """\
import { half } from '../src/half.js';

describe('half', () => {
  it('halves', () => {
    expect(half(4)).toBe(2);
  });
});
"""
FILES = {"kit_test.go": GO, "tests/test_kit.py": PY, "src/half.test.js": JS}


def verdict(path: str, text: str) -> str:
    subject = held(phase(files="~src/half.js"), FILES, {path: text})
    return protected.look(subject, RULES["impl"]).verdict


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (
            "kit_test.go",
            '\t"testing"\n',
            '\t"strings"\n\t"testing"\n',
        ),
        (
            "kit_test.go",
            "func TestHalf",
            "func TestSkipsNil(t *testing.T) {\n\tstop()\n}\n\nfunc TestHalf",
        ),
        ("tests/test_kit.py", "        2,\n", "        2,\n        4,\n"),
        (
            "tests/test_kit.py",
            "n / 2\n",
            "n / 2\n\n    def test_skip(self):\n        assert half('') == ''\n",
        ),
        (
            "tests/test_kit.py",
            "import pytest\n",
            "import pytest\n\n# Only whole numbers.\n",
        ),
        (
            "src/half.test.js",
            "  });\n});\n",
            "  });\n  it('ignores', () => expect(half('')).toBe(''));\n});\n",
        ),
    ],
)
def test_a_file_that_only_gained_tests_is_as_it_was(
    path: str, old: str, new: str
) -> None:
    assert old in FILES[path]
    assert verdict(path, FILES[path].replace(old, new)) == "pass"


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (
            "kit_test.go",
            "testing.T) {\n",
            'testing.T) {\n\tif os.Getenv("CI") == "" {\n\t\tt.Skip()\n\t}\n',
        ),
        ("kit_test.go", "testing.T) {\n", "testing.T) {\n\tHalf = halved\n"),
        (
            "tests/test_kit.py",
            "    @pytest.mark",
            "    @pytest.mark.skip\n    @pytest.mark",
        ),
        ("tests/test_kit.py", "n):\n", "n):\n        n = 0\n"),
        (
            "tests/test_kit.py",
            "    def test_half",
            "    @unittest.expectedFailure\n    def test_half",
        ),
        (
            "tests/test_kit.py",
            "class TestHalf:\n",
            "class TestHalf:\n    __test__ = False\n\n",
        ),
        (
            "src/half.test.js",
            "'halves', () => {\n",
            "'halves', () => {\n    half = (n) => n / 2;\n",
        ),
        (
            "src/half.test.js",
            "describe('half', () => {\n",
            "describe('half', () => {\n  return;\n  it('is', () => {});\n",
        ),
        ("src/half.test.js", "});\n});\n", "});\n});\n\ndescribe('half', () => {});\n"),
    ],
)
def test_an_old_test_that_no_longer_stands_is_changed(
    path: str, old: str, new: str
) -> None:
    assert old in FILES[path]
    assert verdict(path, FILES[path].replace(old, new)) == "fail"
