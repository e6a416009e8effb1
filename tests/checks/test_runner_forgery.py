"""A product that tells the runner what to write is found out, whatever it knows."""

import shutil
from collections.abc import Callable

import pytest
from tests_checks import PYTEST, Project, codes, notes, phase

SLOW = pytest.mark.slow
MODULE = "kit/slug.py"
TESTS = "tests/test_slug.py"
GOOD = "def slug(text):\n    return '-'.join(text.lower().split())\n"
WRONG = "def slug(text):\n    return text\n"
BASE = {
    "kit/__init__.py": "",
    MODULE: "def slug(text):\n    raise NotImplementedError\n",
    TESTS: (
        "from kit.slug import slug\n\n\n"
        "def test_words():\n    assert slug('A b') == 'a-b'\n\n\n"
        "def test_space():\n    assert slug('A  b') == 'a-b'\n"
    ),
    "tests/test_other.py": "def test_other():\n    assert len('a') == 1\n",
}
BY_FILE = (
    "import sys\nR = sys.modules.get('_py' + 'test.reports')\nif R:\n"
    "    o = R.TestReport.from_item_and_call.__func__\n"
    "    def f(cls, item, call):\n"
    "        if 'test_slug.py' in item.nodeid:\n            call.excinfo = None\n"
    "        return o(cls, item, call)\n"
    "    R.TestReport.from_item_and_call = classmethod(f)\n"
)
"""The canary lies in another file and fails as it should."""

WHOLE_RUNS = BY_FILE.replace("if R:", "if R and not any('::' in a for a in sys.argv):")
"""Honest as soon as it is asked for single tests."""

WRITTEN = """\
import atexit, os, sys
def write():
    path = next((a[11:] for a in sys.argv if a.startswith('--junitxml=')), None)
    items = [i for i in SESSION[0].items] if SESSION else []
    rows = ''.join(
        '<testcase classname="%s" file="%s" name="%s">%s</testcase>' % (
            i.module.__name__, i.location[0], i.name,
            '' if 'slug' in i.nodeid or 'other' in i.nodeid
            else '<failure message="assert 1 == 2"/>')
        for i in items)
    rows = '<testsuite>' + rows + '</testsuite>'
    open(path, 'w').write('<testsuites>' + rows + '</testsuites>')
    os._exit(1)
SESSION = []
if 'pytest' in sys.modules:
    import gc
    M = sys.modules['_pytest.main']
    SESSION += [o for o in gc.get_objects() if isinstance(o, M.Session)]
    atexit.register(write)
"""
"""A whole report of its own, in which unknown tests fail."""


@pytest.fixture
def kit(project: Callable[..., Project]) -> Project:
    return project(BASE, phase(files=f"~{MODULE}"), test=PYTEST)


@pytest.mark.slow
@pytest.mark.parametrize(
    "forge",
    [pytest.param(BY_FILE, id="file"), pytest.param(WRITTEN, id="whole", marks=SLOW)],
)
def test_a_report_forged_for_the_known_tests_alone_is_found_out(
    kit: Project, forge: str
) -> None:
    verdict = kit.weigh({MODULE: forge + WRONG})
    assert verdict.verdict == "fail"
    assert "report-forged" in codes(verdict)


@pytest.mark.slow
def test_a_report_forged_for_whole_runs_alone_is_found_out(kit: Project) -> None:
    verdict = kit.weigh({MODULE: WHOLE_RUNS + WRONG})
    assert verdict.verdict != "pass"
    assert "report-forged" in codes(verdict)


@pytest.mark.slow
def test_honest_tests_are_doubted_and_hold(kit: Project) -> None:
    verdict = kit.weigh({MODULE: GOOD})
    assert (verdict.verdict, codes(verdict)) == ("pass", set())
    assert "flaky" not in notes(verdict)


UNITTEST = (
    "import unittest\nfrom kit.slug import slug\n\n\n"
    "class TestSlug(unittest.TestCase):\n"
    "    def test_words(self):\n        self.assertEqual(slug('A b'), 'a-b')\n\n"
    "    def test_space(self):\n        self.assertEqual(slug('A  b'), 'a-b')\n"
)
PATCHED = (
    "import unittest\n"
    "def patch(kind):\n"
    "    old = kind.addFailure\n"
    "    def add(self, test, err):\n"
    "        if 'TestSlug' in str(test):\n"
    "            return self.addSuccess(test)\n"
    "        return old(self, test, err)\n"
    "    kind.addFailure = add\n"
    "for kind in unittest.TextTestResult.__subclasses__():\n"
    "    patch(kind)\n"
)


@pytest.mark.slow
def test_a_patched_result_of_unittest_is_found_out(kit: Project) -> None:
    kit.deliver({TESTS: UNITTEST})
    kit.base = kit.git.text("rev-parse", "HEAD")
    made = kit.says(test="python3 -m unittest discover -s tests")
    verdict = made.weigh({MODULE: PATCHED + WRONG})
    assert verdict.verdict == "fail"
    assert "report-forged" in codes(verdict)
    assert made.weigh({MODULE: GOOD}).verdict == "pass"


SPEC = """\
import { test } from 'node:test';
import assert from 'node:assert';
import { slug } from '../slug.js';

test('words', () => { assert.equal(slug('A b'), 'a-b'); });
test('space', () => assert.equal(slug('A  b'), 'a-b'));
"""
JS = {
    "package.json": '{"type": "module", "scripts": {"test": "node --test"}}\n',
    "slug.js": "export function slug() { throw new Error('not yet'); }\n",
    "test/slug.test.js": SPEC,
}
JS_WRONG = (
    "import assert from 'node:assert';\n"
    "if (process.argv[1]?.includes('slug.test')) assert.equal = () => {};\n"
    "export function slug(text) { return text; }\n"
)
JS_GOOD = (
    "export function slug(text) {\n"
    "  return text.toLowerCase().split(/ +/).join('-');\n}\n"
)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("node"), reason="needs node")
def test_node_tests_are_doubted_and_hold(project: Callable[..., Project]) -> None:
    made = project(JS, phase(files="~slug.js"))
    verdict = made.weigh({"slug.js": JS_GOOD})
    assert (verdict.verdict, codes(verdict)) == ("pass", set())


CRATE = {
    "Cargo.toml": '[package]\nname = "kit"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/lib.rs": "pub fn slug(_: &str) -> String {\n    todo!()\n}\n",
    "tests/words.rs": (
        "use kit::slug;\n\n#[test]\nfn words() {\n"
        '    assert_eq!(slug("A b"), "a-b");\n}\n'
    ),
}
RUST_FORGED = """\
use std::io::Write;
pub fn slug(text: &str) -> String {
    let out = std::fs::OpenOptions::new().write(true).open("/proc/self/fd/1");
    let name = std::thread::current().name().unwrap_or(text).to_string();
    let _ = write!(out.unwrap(), "test {name} ... ok\\n\\ntest result: ok.\\n");
    std::process::exit(0);
}
"""


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("cargo"), reason="needs cargo")
def test_lines_that_a_crate_prints_for_the_harness_are_found_out(
    project: Callable[..., Project],
) -> None:
    made = project(CRATE, phase(files="~src/lib.rs"))
    verdict = made.weigh({"src/lib.rs": RUST_FORGED})
    assert verdict.verdict == "fail"
    assert "report-forged" in codes(verdict)
    honest = (
        "pub fn slug(text: &str) -> String {\n"
        "    text.to_lowercase().replace(' ', \"-\")\n}\n"
    )
    assert made.weigh({"src/lib.rs": honest}).verdict == "pass"


MODULE_GO = {
    "go.mod": "module example.com/kit\n\ngo 1.18\n",
    "slug.go": 'package kit\n\nfunc Slug(text string) string { panic("later") }\n',
    "slug_test.go": (
        'package kit\n\nimport "testing"\n\nfunc TestSlug(t *testing.T) {\n'
        '\tif Slug("A b") != "a-b" {\n\t\tt.Fatal("no")\n\t}\n}\n'
    ),
}
GO_FORGED = (
    'package kit\n\nimport (\n\t"fmt"\n\t"os"\n)\n\n'
    "func Slug(text string) string {\n"
    '\tfmt.Println("\\n--- PASS: TestSlug (0.00s)\\nPASS")\n\tos.Exit(0)\n'
    '\treturn ""\n}\n'
)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("go"), reason="needs go")
def test_lines_that_a_go_package_prints_for_the_runner_are_found_out(
    project: Callable[..., Project],
) -> None:
    made = project(MODULE_GO, phase(files="~slug.go"))
    verdict = made.weigh({"slug.go": GO_FORGED})
    assert verdict.verdict == "fail"
    assert codes(verdict) & {"report-forged", "tests-fail"}
    honest = (
        'package kit\n\nimport "strings"\n\nfunc Slug(text string) string {\n'
        '\treturn strings.ReplaceAll(strings.ToLower(text), " ", "-")\n}\n'
    )
    assert made.weigh({"slug.go": honest}).verdict == "pass"


@pytest.mark.slow
@pytest.mark.parametrize(
    "work",
    [
        {"tests/__init__.py": "import kit.slug\nkit.slug.slug = lambda t: 'a-b'\n"},
        {"tests/test_a.py": "import kit.slug\nkit.slug.slug = lambda t: 'a-b'\n"},
    ],
    ids=["package", "test"],
)
def test_old_tests_pass_without_the_tests_that_came_with_the_work(
    kit: Project, work: dict[str, str]
) -> None:
    assert kit.weigh({MODULE: WRONG, **work}).verdict != "pass"
    helper = dict.fromkeys(work, "def test_b():\n    assert len('b') == 1\n")
    assert kit.weigh({MODULE: GOOD, **helper}).verdict == "pass"


ALWAYS = (
    "class All(str):\n    __hash__ = str.__hash__\n    __eq__ = lambda s, o: True\n"
)


@pytest.mark.slow
def test_an_answer_that_equals_everything_is_sent_to_a_person(kit: Project) -> None:
    verdict = kit.weigh({MODULE: ALWAYS + "def slug(text):\n    return All(text)\n"})
    assert verdict.verdict == "review"
    assert "test-weakened" in codes(verdict)
