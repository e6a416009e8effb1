"""An attestation proves whose word a verdict is, of what, or nothing at all."""

import base64
import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.attest import Signer, Trust, Weighed, opened, read, sealed, statements
from weighlock.errors import TamperedError, UncheckableError, UsageError
from weighlock.run.evidence import (
    Claim,
    Evidence,
    Reason,
    TestChange,
    TestCounts,
    Verdict,
)

CHECKS = (
    Evidence(check="git", kind="git", verdict="pass", summary="fine", decides=False),
    Evidence(
        check="command:1",
        kind="command",
        verdict="pass",
        summary="exit code 0",
        command="pytest -q",
        exit_code=0,
        evidence="sha256:" + "e" * 64,
        criteria=(0,),
    ),
)
VERDICT = Verdict(
    plan="PLAN-X",
    phase="05",
    base="b" * 40,
    head="a" * 40,
    tree="c" * 40,
    verdict="pass",
    notes=(Reason(code="flaky", message="twice", check="tests", path="t.py", line=3),),
    checks=CHECKS,
    tests=TestChange(
        runner="pytest",
        before=TestCounts(passed=1),
        after=TestCounts(passed=2),
        added=("t.py::test_new",),
    ),
    claim=Claim(text="Done – 2 tests pass\n", files=("a.py",), tests=2),
    duration_s=1.5,
)
WEIGHED = Weighed(
    verdict=VERDICT,
    plan="sha256:" + "d" * 64,
    run="r1",
    attempt=2,
    landed="f" * 40,
    version="0.1.0",
)


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Path:
    """Two keys of ssh, as a person would make them."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("mine", "other"):
        words = ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(folder / name)]
        subprocess.run(["ssh-keygen", *words], check=True, stdin=subprocess.DEVNULL)
    return folder


def changed(data: bytes, change) -> bytes:
    """Change the statements inside their envelopes, signatures as they were."""
    lines = []
    for line in data.splitlines():
        envelope = json.loads(line)
        statement = json.loads(base64.b64decode(envelope["payload"]))
        change(statement)
        payload = json.dumps(statement).encode()
        envelope["payload"] = base64.b64encode(payload).decode()
        lines.append(json.dumps(envelope).encode())
    return b"\n".join(lines)


def test_what_is_read_back_is_what_was_weighed():
    assert read(opened(sealed(statements(WEIGHED), None), None).statements) == WEIGHED


def test_both_statements_speak_of_the_commit_and_the_tree():
    for statement in statements(WEIGHED):
        assert statement["_type"] == "https://in-toto.io/Statement/v1"
        assert [s["digest"] for s in statement["subject"]] == [
            {"gitCommit": VERDICT.head},
            {"gitTree": VERDICT.tree},
        ]


def test_the_test_result_names_what_was_checked():
    found = statements(WEIGHED)[0]
    assert found["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    assert found["predicate"]["result"] == "PASSED"
    assert found["predicate"]["passedTests"] == ["git", "command:1: pytest -q"]
    assert found["predicate"]["failedTests"] == []


@pytest.mark.parametrize("verdict", ["fail", "review", "error"])
def test_a_test_result_has_passed_only_when_the_verdict_is_pass(verdict):
    weighed = replace(WEIGHED, verdict=replace(VERDICT, verdict=verdict))
    assert statements(weighed)[0]["predicate"]["result"] == "FAILED"


def test_a_signature_says_whose_word_it_is(keys):
    data = sealed(statements(WEIGHED), keys / "mine")
    found = opened(data, Trust(key=keys / "mine.pub"))
    assert read(found.statements) == WEIGHED
    assert found.signer is not None
    shown = subprocess.run(
        ["ssh-keygen", "-lf", keys / "mine.pub"], capture_output=True, check=True
    )
    assert found.signer.key in shown.stdout.decode()


def test_a_file_of_signers_gives_the_key_a_name(keys, tmp_path):
    who = tmp_path / "signers"
    mine = (keys / "mine.pub").read_text()
    who.write_text(f'ann@example.org namespaces="weighlock" {mine}')
    data = sealed(statements(WEIGHED), keys / "mine")
    signer = opened(data, Trust(signers=who)).signer
    assert signer == Signer(key=signer.key, name="ann@example.org")


def test_a_signer_for_other_things_is_no_signer_here(keys, tmp_path):
    who = tmp_path / "signers"
    who.write_text(f'ann namespaces="git" {(keys / "mine.pub").read_text()}')
    data = sealed(statements(WEIGHED), keys / "mine")
    with pytest.raises(TamperedError, match="no signature of it counts"):
        opened(data, Trust(signers=who))


def test_a_strangers_signature_does_not_count(keys):
    data = sealed(statements(WEIGHED), keys / "other")
    with pytest.raises(TamperedError, match="nobody that is trusted has the key SHA"):
        opened(data, Trust(key=keys / "mine.pub"))


def test_a_changed_statement_is_not_what_was_signed(keys):
    def lie(statement):
        statement["predicate"]["result"] = "PASSED"

    data = changed(sealed(statements(WEIGHED), keys / "mine"), lie)
    with pytest.raises(TamperedError, match="is not what stands there now"):
        opened(data, Trust(key=keys / "mine.pub"))


def test_a_statement_without_signature_does_not_pass_for_signed(keys):
    signed = sealed(statements(WEIGHED), keys / "mine").splitlines()
    plain = sealed(statements(WEIGHED), None).splitlines()
    with pytest.raises(TamperedError, match="it is not signed"):
        opened(b"\n".join([signed[0], plain[1]]), Trust(key=keys / "mine.pub"))
    envelope = json.loads(signed[0]) | {"signatures": []}
    with pytest.raises(TamperedError, match="no signature"):
        opened(json.dumps(envelope).encode(), Trust(key=keys / "mine.pub"))


@pytest.mark.parametrize(
    ("where", "change", "word"),
    [
        (0, lambda s: s["predicate"].update(result="FAILED"), "test result"),
        (0, lambda s: s["subject"][0]["digest"].update(gitCommit="0" * 40), "subject"),
        (1, lambda s: s["subject"].pop(), "subject"),
        (1, lambda s: s["predicate"]["verdict"].update(verdict="fail"), "fit"),
        (1, lambda s: s["predicate"]["verdict"].update(verdict="fine"), "read"),
        (1, lambda s: s["predicate"]["verdict"].pop("checks"), "read"),
        (1, lambda s: s["predicate"].update(more=1), "predicate"),
        (1, lambda s: s.update(predicateType="x"), "one is needed"),
        (0, lambda s: s.update(predicateType="x"), "not ours"),
        (1, lambda s: s.update(predicate=3), "read"),
    ],
)
def test_statements_that_contradict_each_other_prove_nothing(where, change, word):
    found = json.loads(json.dumps(statements(WEIGHED)))
    change(found[where])
    with pytest.raises(TamperedError, match=word):
        read(found)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"hello",
        b"[1]",
        b'{"a": 1, "a": 2}',
        b'{"payload": 7, "payloadType": "application/vnd.in-toto+json"}',
        b'{"payload": "", "payloadType": "text/plain"}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_what_is_no_attestation_is_said_to_be_none(data):
    with pytest.raises(TamperedError):
        opened(data, None)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_byte_that_changes_is_noticed_or_means_nothing(data):
    whole = bytearray(sealed(statements(WEIGHED), None))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] = data.draw(st.integers(0x20, 0x7E))
    try:
        found = read(opened(bytes(whole), None).statements)
    except TamperedError:
        return
    assert (
        statements(found)[0]["predicate"]
        == json.loads(bytes(whole).splitlines()[0])["predicate"]
    )
    assert found.verdict.head == VERDICT.head
    assert found.verdict.verdict == "pass"


@pytest.mark.parametrize("name", ["nothing.pub", "mine"])
def test_what_is_no_public_key_is_refused_with_a_hint(keys, name):
    data = sealed(statements(WEIGHED), keys / "mine")
    with pytest.raises(UsageError):
        opened(data, Trust(key=keys / name))


def test_what_is_no_key_signs_nothing(tmp_path):
    (tmp_path / "key").write_text("hello")
    with pytest.raises(UsageError, match="the key cannot sign"):
        sealed(statements(WEIGHED), tmp_path / "key")


def test_without_ssh_nothing_is_signed_and_nothing_believed(keys, monkeypatch):
    data = sealed(statements(WEIGHED), keys / "mine")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UncheckableError, match="ssh-keygen is not on PATH"):
        opened(data, Trust(key=keys / "mine.pub"))
