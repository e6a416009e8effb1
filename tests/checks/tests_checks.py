"""Small real projects, and deliveries made in them as an agent would leave them."""

import asyncio
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from weighlock.checks.gate import CheckGate
from weighlock.checks.kinds import RULES
from weighlock.checks.subject import Snapshot, Subject, look_at
from weighlock.config import GateSettings
from weighlock.config.sandbox import SandboxSettings
from weighlock.fakes import MemoryStore
from weighlock.git import Git
from weighlock.plan.model import (
    Command,
    Criterion,
    Expectation,
    FileAction,
    Form,
    Phase,
    Plan,
    Source,
    Span,
)
from weighlock.ports import Delivery
from weighlock.run.evidence import Evidence, Verdict
from weighlock.tree import REGULAR, Change, Status

Files = Mapping[str, str | None]
SPAN = Span(file="plan.md", line=1)
PYTEST = f"PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 {sys.executable} -m pytest -q"


def command(text: str, form: Form = "default", value: object = None) -> Command:
    """Make a command of a plan with its expectation."""
    assert value is None or isinstance(value, str | int | float | tuple)
    return Command(
        text=text, expect=Expectation(form=form, value=value, text=""), source=SPAN
    )


def phase(key: str = "05", *, files: str = "", **given: object) -> Phase:
    """Make a phase; ``files`` is a list such as ``+new.py ~changed.py -gone.py``."""
    signs = {"+": "create", "~": "modify", "-": "delete", "=": "keep"}
    actions = tuple(
        FileAction(path=word[1:], action=signs[word[0]], source=SPAN)  # type: ignore[arg-type]
        for word in files.split()
    )
    values: dict[str, object] = {"title": "Do the work", "kind": "impl", **given}
    return Phase(key=key, files=actions, source=SPAN, **values)  # type: ignore[arg-type]


def criterion(text: str) -> Criterion:
    """Make an acceptance criterion."""
    return Criterion(text=text, done=False, source=SPAN)


@dataclass
class Project:
    """A git repository at base, a plan, and what an agent delivers."""

    root: Path
    scratch: Path
    phases: tuple[Phase, ...]
    settings: GateSettings = field(default_factory=GateSettings)
    plan_root: str | None = None
    sources: tuple[Source, ...] = ()
    store: MemoryStore = field(default_factory=MemoryStore)
    base: str = ""
    sandbox: SandboxSettings = field(default_factory=SandboxSettings)

    @property
    def git(self) -> Git:
        return Git(self.root)

    @property
    def plan(self) -> Plan:
        return Plan(
            id="PLAN-X",
            title="A plan",
            dialect="free",
            path="plan.md",
            phases=self.phases,
            sources=self.sources,
        )

    def deliver(
        self, work: Files | Callable[[Path], None], **given: object
    ) -> Delivery:
        """Change the work tree, and freeze it as weighlock would."""
        self.git.run("checkout", "-q", "--detach", self.base)
        if callable(work):
            work(self.root)
        else:
            put(self.root, work)
        head = commit(self.root)
        tree = self.git.text("rev-parse", f"{head}^{{tree}}")
        values = {"phase": self.phases[-1].key, "attempt": 1, **given}
        return Delivery(base=self.base, head=head, tree=tree, **values)  # type: ignore[arg-type]

    def subject(self, work: Files, **given: object) -> Subject:
        """Return what a static check looks at."""
        return look_at(
            self.git,
            plan=self.plan,
            phase=self.phases[-1],
            delivery=self.deliver(work, **given),
            settings=self.settings,
            plan_root=self.plan_root,
        )

    def look(self, check: Callable[..., Evidence], work: Files, **given: object):
        """Run one static check of the gate."""
        subject = self.subject(work, **given)
        return check(subject, RULES[subject.phase.kind])

    def gate(self) -> CheckGate:
        return CheckGate(
            self.root,
            store=self.store,
            settings=self.settings,
            scratch=self.scratch,
            plan_root=self.plan_root,
            sandbox=self.sandbox,
        )

    def weigh(self, work: Files | Callable[[Path], None], **given: object) -> Verdict:
        """Weigh the last phase of the plan."""
        delivery = self.deliver(work, **given)
        return asyncio.run(self.gate().weigh(self.plan, self.phases[-1], delivery))

    def says(self, *phases: Phase, **settings: object) -> "Project":
        """Return the same project under another plan or configuration."""
        changed = replace(self.settings, **settings)  # type: ignore[arg-type]
        return replace(self, phases=phases or self.phases, settings=changed)


class Held(Snapshot):
    """Files of a commit that was never made: nothing here asks git."""

    def __init__(self, files: Mapping[str, str]) -> None:
        super().__init__(Git(Path()), "held")
        self._files = files

    @cached_property
    def paths(self) -> frozenset[str]:
        return frozenset(self._files)

    def read(self, path: str) -> bytes | None:
        return self._files[path].encode() if path in self._files else None

    def fetch(self, wanted: Iterable[str]) -> None:
        """Have it all already."""


def held(work_on: Phase, base: Files, work: Files, **given: object) -> Subject:
    """Return what a static check looks at, without a repository behind it."""
    before = {path: text for path, text in base.items() if text is not None}
    after = {p: t for p, t in {**base, **work}.items() if t is not None}
    changed = (_change(p, before, after) for p in sorted({**before, **after}))
    delivery: dict[str, object] = {"phase": work_on.key, "attempt": 1, **given}
    return Subject(
        git=Git(Path()),
        plan=Plan(id="X", title="", dialect="free", path="plan.md", phases=(work_on,)),
        phase=work_on,
        delivery=Delivery(base="b", head="h", tree="t", **delivery),  # type: ignore[arg-type]
        settings=GateSettings(),
        plan_root=None,
        changes=tuple(c for c in changed if c is not None),
        old=Held(before),
        new=Held(after),
        planned=work_on.files,
    )


def _change(
    path: str, before: Mapping[str, str], after: Mapping[str, str]
) -> Change | None:
    if before.get(path) == after.get(path):
        return None
    status: Status = "M" if path in before and path in after else "A"
    return Change(
        path=path,
        status="D" if path not in after else status,
        old_mode=REGULAR if path in before else 0,
        new_mode=REGULAR if path in after else 0,
        old_blob="",
        new_blob="",
    )


def put(root: Path, files: Files) -> None:
    """Write files; None deletes."""
    for name, text in files.items():
        path = root / name
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


def commit(root: Path) -> str:
    """Commit everything there is, ignored or not under no rule of the user's."""
    git = Git(root)
    git.run("add", "-A")
    git.run("commit", "-q", "--allow-empty", "-m", "work")
    return git.text("rev-parse", "HEAD")


def codes(verdict: Verdict | Evidence) -> set[str]:
    """Return the reason codes."""
    return {reason.code for reason in verdict.reasons}


def notes(verdict: Verdict | Evidence) -> set[str]:
    """Return the codes of the notes."""
    return {note.code for note in verdict.notes}


def make(
    root: Path,
    scratch: Path,
    files: Files,
    phases: tuple[Phase, ...],
    settings: Mapping[str, object],
) -> Project:
    """Make a repository with one commit."""
    root.mkdir()
    Git(root).run("init", "-q", "-b", "main")
    put(root, files)
    made = Project(
        root=root,
        scratch=scratch,
        phases=phases or (phase(),),
        settings=GateSettings(**settings),  # type: ignore[arg-type]
    )
    made.base = commit(root)
    return made
