"""Say how to undo each phase, and how to check that this report is true."""

from collections.abc import Iterable
from itertools import pairwise

from weighlock.views.report.blocks import (
    Block,
    Code,
    Heading,
    Items,
    Para,
    Span,
    Table,
    Words,
)
from weighlock.views.report.material import Material, phase_link
from weighlock.views.text import label

_STATE = "$(git rev-parse --git-common-dir)/weighlock"

_SAFE = (
    ". These commands move that branch only: no other branch and no work tree is "
    "touched, and git refuses while it is checked out. Keep what is there under "
    "another name first:"
)
_CHAIN = (
    "The journal holds {} events. Each line carries the digest of the line before it, "
    "so the digest of the last one pins them all: "
)
_TAMPERED = (
    "weighlock reads the journal only as long as every digest fits; a changed line or "
    "a changed evidence file ends with exit code 8."
)


def rollback(m: Material) -> Iterable[Block]:
    """Return, for each checkpoint, the commands that go back to before it."""
    s = m.state
    if not s.checkpoints:
        return
    yield Heading(level=2, text="Rollback", anchor="rollback")
    yield Para(("Each passed phase is one commit on ", Span(s.branch, "code"), _SAFE))
    yield Code(f"git branch kept/{s.plan or m.plan.id} {s.branch}")
    before = [("", s.base), *s.checkpoints]
    yield Table(
        columns=(
            "Undo from",
            "Commit",
            "In the run",
            "With git alone",
        ),
        rows=tuple(
            (
                (phase_link(phase),),
                (Span(commit[:12], "code"),),
                (Span(_restore(s.run, last), "code"),),
                (Span(f"git branch -f {s.branch} {back[:12]}", "code"),),
            )
            for (last, back), (phase, commit) in pairwise(before)
        ),
        label="How to go back to before each phase",
    )


def _restore(run: str, last: str) -> str:
    where = f" {label(last)}" if last else ""
    return f"weighlock restore{where} --run {run}"


def audit(m: Material) -> Iterable[Block]:
    """Return how a colleague checks this report against journal and evidence."""
    number = len(m.events)
    journal = f"{_STATE}/runs/{m.state.run}/journal.jsonl"
    yield Heading(level=2, text="How to check this report", anchor="audit")
    yield Items(tuple(_points(m, number)))
    yield Para(("In the repository of the run:",))
    yield Code(
        f"sed -n {number}p {journal} | tr -d '\\n' | sha256sum\n"
        "# an evidence digest names a file; its first characters find it\n"
        f"ls {_STATE}/evidence/\n"
        f"sha256sum {_STATE}/evidence/<digest>\n"
        f"git log --format='%h %s%n%b' {m.state.base[:12]}..{m.state.branch}"
    )


def _points(m: Material, number: int) -> Iterable[Words]:
    yield _CHAIN.format(number), Span(m.head or "not given", "code"), "."
    yield (_TAMPERED,)
    yield (
        "The plan that was run is pinned as ",
        Span(m.state.plan_digest or "not given", "code"),
        ".",
    )
    yield ("Any phase can be weighed again without an agent: ", Span(_again(m), "code"))


def _again(m: Material) -> str:
    path = m.state.plan_path or m.plan.path
    if not m.state.checkpoints:
        return f"weighlock verify {path} --phase KEY"
    phase, commit = m.state.checkpoints[-1]
    before = (
        m.state.checkpoints[-2][1] if len(m.state.checkpoints) > 1 else m.state.base
    )
    ends = f"--base {before[:12]} --head {commit[:12]}"
    return f"weighlock verify {path} --phase {phase} {ends}"
