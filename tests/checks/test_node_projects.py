"""The gate on JavaScript projects with ``node --test``."""

import shutil
from collections.abc import Callable

import pytest
from tests_checks import Project, codes, notes, phase

pytestmark = pytest.mark.skipif(not shutil.which("node"), reason="needs node")

BUCKET = "src/bucket.js"
SPEC = "test/bucket.test.js"
STUB = "export function pick(list) {\n  throw new Error('NotYetImplemented');\n}\n"
GOOD = "export function pick(list) {\n  return list.find((b) => !b.used) ?? null;\n}\n"
TESTS = """\
import { describe, it } from 'node:test';
import assert from 'node:assert';
import { pick } from '../src/bucket.js';

describe('pick', () => {
  it('takes the first free', () => {
    assert.equal(pick([{ used: true }, { used: false, id: 1 }])?.id, 1);
  });
  it('says null when all are used', () => {
    assert.equal(pick([{ used: true }]), null);
  });
});
"""
BASE = {
    "package.json": '{"type": "module", "scripts": {"test": "node --test"}}\n',
    BUCKET: STUB,
    "src/other.js": "export const one = () => 1;\n",
    SPEC: TESTS,
}


@pytest.fixture
def buckets(project: Callable[..., Project]) -> Project:
    return project(BASE, phase(files=f"~{BUCKET}"))


@pytest.mark.slow
def test_honest_work_passes_by_test_ids(buckets: Project) -> None:
    verdict = buckets.weigh({BUCKET: GOOD})
    assert (verdict.verdict, codes(verdict)) == ("pass", set())
    assert verdict.tests is not None
    assert verdict.tests.runner == "node --test"
    assert set(verdict.tests.newly_passing) == {
        "pick > takes the first free",
        "pick > says null when all are used",
    }


@pytest.mark.slow
def test_markers_alone_are_comments(buckets: Project) -> None:
    """D02"""
    verdict = buckets.weigh({BUCKET: "// @plan:PLAN-X.P05\n" + STUB})
    assert {"comment-only", "tests-fail"} <= codes(verdict)


@pytest.mark.slow
def test_a_skipped_test_is_seen_and_the_base_test_runs(buckets: Project) -> None:
    """D05"""
    work = {BUCKET: STUB + "// x\nexport const y = 1;\n"}
    verdict = buckets.weigh(work | {SPEC: TESTS.replace("it(", "it.skip(")})
    assert {"protected-changed", "tests-fail"} <= codes(verdict)


@pytest.mark.slow
def test_a_skip_in_a_file_the_plan_names_is_seen_by_its_ids(buckets: Project) -> None:
    planned = buckets.says(phase(files=f"~{BUCKET} ~{SPEC}"))
    work = {BUCKET: GOOD, SPEC: TESTS.replace("it('says", "it.skip('says")}
    assert codes(planned.weigh(work)) == {"test-skipped"}


@pytest.mark.slow
def test_a_weakened_expectation_is_run_against_the_base_test(
    buckets: Project,
) -> None:
    """D08"""
    weak = TESTS.replace("null);", "0);")
    wrong = (
        "export function pick(list) {\n  return list.find((b) => !b.used) ?? 0;\n}\n"
    )
    verdict = buckets.weigh({BUCKET: wrong, SPEC: weak})
    assert {"protected-changed", "tests-fail"} <= codes(verdict)


@pytest.mark.slow
def test_an_exit_while_loading_leaves_ids_missing(buckets: Project) -> None:
    verdict = buckets.weigh({BUCKET: "process.exit(0);\n" + GOOD})
    assert verdict.verdict == "fail"
    assert codes(verdict) & {"ids-missing", "report-forged"}


@pytest.mark.slow
def test_new_tests_are_red_through_the_stub(buckets: Project) -> None:
    tdd = buckets.says(phase("04", kind="tdd", files="+test/more.test.js"))
    text = TESTS.replace("describe('pick'", "describe('more'")
    verdict = tdd.weigh({"test/more.test.js": text})
    assert (verdict.verdict, codes(verdict)) == ("pass", set())


@pytest.mark.slow
def test_new_tests_that_cannot_load_are_red_for_the_wrong_reason(
    buckets: Project,
) -> None:
    tdd = buckets.says(phase("04", kind="tdd", files="+test/more.test.js"))
    text = "import { nope } from '../src/bucket.js';\nnope();\n"
    assert "red-wrong-reason" in codes(tdd.weigh({"test/more.test.js": text}))


@pytest.mark.slow
def test_a_runner_that_the_delivery_names_is_not_asked(buckets: Project) -> None:
    """The script of base runs, whatever package.json says now."""
    easy = '{"type": "module", "scripts": {"test": "node --test --test-only"}}\n'
    verdict = buckets.weigh(
        {BUCKET: STUB + "export const z = 2;\n"} | {"package.json": easy}
    )
    assert {"config-weakened", "tests-fail"} <= codes(verdict)


@pytest.mark.slow
def test_a_script_of_its_own_may_be_added(buckets: Project) -> None:
    more = (
        '{"type": "module", "scripts": {"test": "node --test", "pick": "node x.js"}}\n'
    )
    planned = buckets.says(phase(files=f"~{BUCKET} ~package.json"))
    assert planned.weigh({BUCKET: GOOD, "package.json": more}).verdict == "pass"
    assert "config-weakened" not in codes(
        buckets.weigh({BUCKET: GOOD, "package.json": more})
    )


@pytest.mark.slow
def test_a_flake_is_run_again_and_named(buckets: Project) -> None:
    flaky = (
        "import { test } from 'node:test';\nimport fs from 'node:fs';\n"
        "import '../src/bucket.js';\n"
        "test('second time', () => {\n"
        "  if (!fs.existsSync('.seen')) {\n    fs.writeFileSync('.seen', '');\n"
        "    throw new Error('first');\n  }\n});\n"
    )
    verdict = buckets.weigh({BUCKET: GOOD, "test/flaky.test.js": flaky})
    assert verdict.verdict == "pass"
    assert "flaky" in notes(verdict)
