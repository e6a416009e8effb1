import json
import sys

import pytest

from weighlock.cli import cli
from weighlock.cli.boundary import guarded
from weighlock.cli.context import Globals
from weighlock.plan.lint.rules import RULES
from weighlock.views.reasons import MEANINGS


@pytest.fixture
def explain(monkeypatch, capsys):
    def call(*words: str):
        monkeypatch.setattr(sys, "argv", ["weighlock", "explain", *words])
        code = guarded(cli, Globals())
        return code, *capsys.readouterr()

    return call


@pytest.mark.parametrize("word", ["WL405", "wl405", "WL405-grep-self-match"])
def test_a_rule_is_explained_by_any_of_its_names(explain, word):
    code, out, _ = explain(word)
    assert code == 0
    assert out.startswith("WL405-grep-self-match · warning · commands\n")
    assert "Cure" in out


def test_a_reason_of_a_verdict_is_explained(explain):
    assert explain("not-red")[1].splitlines()[2] == MEANINGS["not-red"]


def test_without_a_code_all_are_listed(explain):
    out = explain()[1]
    assert [r.code for r in RULES if r.code not in out] == []
    assert [m for m in MEANINGS if m not in out] == []


def test_an_unknown_code_is_refused_with_the_one_that_was_meant(explain):
    assert explain("WL405-grep-self-mtach")[0] == 2
    assert "did you mean WL405-grep-self-match?" in explain("WL405-grep-self-mtach")[2]
    assert "did you mean not-red?" in explain("notred")[2]
    assert "weighlock explain" in explain("quux")[2]


def test_as_data_every_code_has_a_kind_and_a_meaning(explain):
    document = json.loads(explain("WL405", "not-red", "--json")[1])
    assert document["schema"] == "weighlock/explain/1"
    assert [(c["code"], c["kind"]) for c in document["codes"]] == [
        ("WL405-grep-self-match", "rule"),
        ("not-red", "reason"),
    ]
    everything = json.loads(explain("--json")[1])["codes"]
    assert len(everything) == len(RULES) + len(MEANINGS)
