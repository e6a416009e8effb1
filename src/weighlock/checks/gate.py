"""The gate: every check of a phase's kind, in order, on one frozen delivery."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from weighlock.checks import criteria, final, finding, markers, preflight
from weighlock.checks.accusers import leftovers, smells, weak
from weighlock.checks.changes import copies, effect, protected, scope, shadows
from weighlock.checks.claims import look as claims
from weighlock.checks.commands import commands
from weighlock.checks.history import look as history
from weighlock.checks.kinds import RULES, Rules
from weighlock.checks.oracle import probes
from weighlock.checks.place import supplies
from weighlock.checks.place.clean import Clean
from weighlock.checks.place.launch import at_once
from weighlock.checks.reach import idle, ran, wiring
from weighlock.checks.review import look as review
from weighlock.checks.runners.call import detect
from weighlock.checks.stated import artifacts, unchanged
from weighlock.checks.stated import look as stated
from weighlock.checks.strength import look as strength
from weighlock.checks.subject import Subject, look_at
from weighlock.checks.suite import tests
from weighlock.config import GateSettings
from weighlock.config.sandbox import SandboxSettings
from weighlock.git import Git
from weighlock.plan.model import Phase, Plan
from weighlock.ports import Cast, Delivery, Note, Store
from weighlock.run.evidence import Evidence, Reason, Verdict
from weighlock.run.trace.weighed import Earlier
from weighlock.run.verdict import judge
from weighlock.sandbox import kind

Look = Callable[[Subject, Rules], Evidence]

STATIC: tuple[Look, ...] = (
    history.look,
    effect.look,
    artifacts.look,
    copies.look,
    protected.look,
    shadows.look,
    scope.look,
    smells.look,
    weak.look,
    markers.look,
    leftovers.look,
    wiring.look,
    idle.look,
)
"""Checks that read the two snapshots and run nothing."""


_BARE = Reason(
    code="unsandboxed",
    check="gate",
    message="what ran here could read and change whatever you can: there is no sandbox "
    "on this machine, or the configuration wants none",
)


class CheckGate:
    """Implements ``ports.Gate`` over a repository, its git objects and real programs.

    Args:
        repository: The user's repository; only its objects and refs are read.
        store: Where outputs are kept as evidence.
        settings: ``[gate]`` of the configuration.
        scratch: A folder of ours outside every work tree; checkouts come and go
            there, set-up dependencies and runs on base are kept.
        plan_root: The folder that the plan's sources are relative to, relative to
            the repository; None when the plan lies outside it.
        sandbox: What programs run in.
        reviewer: Who reads what passed, where that is asked; nobody when None.
        earlier: What a phase passed on before, under other words of the plan.

    Raises:
        UncheckableError: A sandbox is asked for that does not work here.
    """

    def __init__(  # noqa: PLR0913 - what a gate works with, all named
        self,
        repository: Path,
        *,
        store: Store,
        settings: GateSettings,
        scratch: Path,
        plan_root: str | None = None,
        sandbox: SandboxSettings | None = None,
        reviewer: Cast | None = None,
        earlier: Callable[[Plan, Phase], Earlier] = lambda _plan, _phase: Earlier(),
    ) -> None:
        self._git = Git(repository)
        self._store = store
        self._settings = settings
        self._scratch = scratch
        self._plan_root = plan_root
        self._sandbox = sandbox or SandboxSettings()
        self._kind = kind(self._sandbox.use)
        self._reviewer = reviewer
        self._earlier = earlier

    async def weigh(
        self, plan: Plan, phase: Phase, delivery: Delivery, note: Note | None = None
    ) -> Verdict:
        """Gather evidence about a phase and judge it; stores the outputs.

        A verification phase is weighed by the gate of the phase that it verifies,
        over the range it is given, and then by its own commands.
        """
        began = time.monotonic()
        plan = criteria.as_commands(plan)
        phase = plan.phase(phase.key) or phase
        target = plan.phase(phase.verifies) if phase.verifies else None
        subject = await asyncio.to_thread(
            self._subject, plan, target or phase, delivery
        )
        found = await self._gather(subject, phase, note)
        verdict = judge(
            criteria.support(phase, found),
            plan=plan.id or plan.title or plan.path,
            phase=phase.key,
            base=delivery.base,
            head=delivery.head,
            tree=delivery.tree,
            claim=delivery.claim,
            duration_s=time.monotonic() - began,
        )
        return _claims_first(self._walled(verdict))

    async def weigh_plan(self, plan: Plan, base: str, head: str) -> Verdict:
        """Run the final gate: the whole plan, from the run's base to its end."""
        began = time.monotonic()
        tree = self._git.text("rev-parse", f"{head}^{{tree}}")
        delivery = Delivery(phase="", attempt=0, base=base, head=head, tree=tree)
        phase = final.whole(plan)
        subject = await asyncio.to_thread(self._subject, plan, phase, delivery)
        async with self._checkouts(subject) as clean:
            found = await final.look(subject, clean, self._store)
        verdict = judge(
            found,
            plan=plan.id or plan.title or plan.path,
            phase="",
            base=base,
            head=head,
            tree=tree,
            duration_s=time.monotonic() - began,
        )
        return self._walled(verdict)

    def _walled(self, verdict: Verdict) -> Verdict:
        """Say what programs ran in; without walls that is worth knowing."""
        ran = verdict.tests is not None or any(c.command for c in verdict.checks)
        bare = (_BARE,) if ran and self._kind == "none" else ()
        return replace(verdict, sandbox=self._kind, notes=(*verdict.notes, *bare))

    def _subject(self, plan: Plan, phase: Phase, delivery: Delivery) -> Subject:
        found = look_at(
            self._git,
            plan=plan,
            phase=phase,
            delivery=delivery,
            settings=self._settings,
            plan_root=self._plan_root,
        )
        earlier = self._earlier(plan, phase)
        return replace(found, earlier=earlier, scratch=self._scratch)

    @asynccontextmanager
    async def _checkouts(self, subject: Subject) -> AsyncIterator[Clean]:
        """Make a folder for checkouts that is gone afterwards, also when cancelled."""
        making = asyncio.ensure_future(asyncio.to_thread(self._clean, subject))
        try:
            yield await asyncio.shield(making)
        finally:
            clean = await making
            await asyncio.to_thread(clean.close)

    def _clean(self, subject: Subject) -> Clean:
        clean = Clean(self._git, self._scratch, self._settings, self._sandbox)
        clean.renew(subject.delivery.head, supplies.renewed(subject))
        clean.begin(subject.delivery.base, detect(subject.old, self._settings.test))
        return clean

    async def _gather(
        self, subject: Subject, phase: Phase, note: Note | None
    ) -> list[Evidence]:
        rules = RULES[subject.phase.kind]
        asking = review.Asking(reviewer=self._reviewer, store=self._store, note=note)
        mine = [subject.phase] if phase is subject.phase else [subject.phase, phase]
        async with self._checkouts(subject) as clean:
            found, (suite, said) = await at_once(
                asyncio.to_thread(_read, subject, rules),
                self._ran(subject, mine, rules, clean),
            )
            found.append(suite.evidence)
            if subject.phase.kind == "preflight":
                found.append(await _tools(subject, clean))
            found += await strength.look(subject, mine, rules, clean, suite)
            found += said
            probed, (answered, stays) = await at_once(
                probes.look(subject, [p.key for p in mine], clean, self._store),
                at_once(stated.look(subject, clean), unchanged.look(subject, clean)),
            )
            found += [*probed, *answered, *stays]
            found = await ran.look(subject, mine, found, clean)
            found.append(claims.look(subject, rules, found))
            found = _settle(found)
            found += await review.look(subject, mine, found, clean, asking)
        return found

    async def _ran(
        self, subject: Subject, mine: Sequence[Phase], rules: Rules, clean: Clean
    ) -> tuple[tests.Tests, list[Evidence]]:
        """Run the suite, and the commands of these phases while it runs."""
        testing = asyncio.ensure_future(tests.look(subject, rules, clean, self._store))
        return await at_once(testing, self._commands(subject, mine, clean, testing))

    async def _commands(
        self,
        subject: Subject,
        mine: Sequence[Phase],
        clean: Clean,
        testing: Awaitable[tests.Tests],
    ) -> list[Evidence]:
        found: list[Evidence] = []
        for phase in mine:
            found += await commands.look(subject, phase, clean, self._store, testing)
        return found


def _read(subject: Subject, rules: Rules) -> list[Evidence]:
    return [looked(look, subject, rules) for look in STATIC]


async def _tools(subject: Subject, clean: Clean) -> Evidence:
    """Say whether the machine has what the plan's commands need."""
    place = await clean.checkout(subject.delivery.head, subject.delivery.base)
    seen = preflight.tools(subject.plan.phases, subject.new, place)
    reasons = []
    if seen.verdict != "pass":
        reasons.append(finding.found("error", "tool-missing", seen.summary))
    return finding.weigh("tools", "command", reasons, fine=seen.summary, decides=True)


def looked(look: Look, subject: Subject, rules: Rules) -> Evidence:
    """Look; what goes wrong in a check is its own error, not the end of the run."""
    try:
        return look(subject, rules)
    except Exception as error:  # noqa: BLE001 - the tree under the check is hostile
        name = getattr(look, "__module__", "check").rpartition(".")[2]
        told = f"the check could not read what it found: {error!r}"
        reason = finding.found("error", "unreadable", told)
        return finding.weigh(name, name, [reason], fine="", decides=False)


def _settle(found: list[Evidence]) -> list[Evidence]:
    """Send a phase to a person when only words nobody can compute would decide it."""
    if any(e.decides or e.verdict != "pass" for e in found):
        return found
    return [
        replace(e, verdict="review", reasons=e.notes) if _unread(e) else e
        for e in found
    ]


def _unread(evidence: Evidence) -> bool:
    return evidence.kind == "command" and any(
        "a person must read" in note.message for note in evidence.notes
    )


def _claims_first(verdict: Verdict) -> Verdict:
    """Show first where the agent's report and the evidence disagree."""

    def place(note: Reason) -> bool:
        return note.code != "claim-contradicted"

    return replace(verdict, notes=tuple(sorted(verdict.notes, key=place)))
