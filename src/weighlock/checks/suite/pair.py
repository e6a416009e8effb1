"""One call of the suite, on base and on what was delivered, at the same time."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from weighlock.checks.changes import protected
from weighlock.checks.finding import Found
from weighlock.checks.kinds import Rules
from weighlock.checks.old_tests import doctests, hooks, weakened
from weighlock.checks.place import running
from weighlock.checks.place.checkout import restore
from weighlock.checks.place.clean import Clean
from weighlock.checks.place.launch import Place, at_once
from weighlock.checks.place.running import Run
from weighlock.checks.reading import paths
from weighlock.checks.runners import compare
from weighlock.checks.runners.call import Call, has_tests
from weighlock.checks.subject import Snapshot, Subject
from weighlock.checks.suite import doubt

RERUN_LIMIT = 50
"""More failures than this are no flakes; they are not run again."""
RERUNS = 5
RERUN_S = 2.0
"""Seconds after which no rerun is begun any more."""

_Files = tuple[tuple[str, bytes | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One call, run on base and on what was delivered."""

    call: Call
    before: Run
    after: Run
    flaky: tuple[str, ...] = ()
    more: tuple[Found, ...] = ()
    """What running base's tests on the delivered product showed."""


async def both(subject: Subject, rules: Rules, clean: Clean, call: Call) -> Pair:
    """Run a call on base, unless its run is known, and on what was delivered."""
    protect = await asyncio.to_thread(protected.to_restore, subject, rules)
    work = _Work(subject=subject, rules=rules, clean=clean, call=call, protect=protect)
    (before, wager), (place, pair) = await at_once(work.known(), work.delivered())
    pair = replace(pair, before=before)
    if rules.tests != "red":
        after, flaky = await again(subject, clean, place, call, before, pair.after)
        pair = replace(pair, after=after, flaky=flaky)
    told, (more, hooked) = await at_once(
        work.doubted(pair, place, wager),
        at_once(
            weakened.look(subject, rules, clean, call, pair.after),
            hooks.look(subject, rules, clean, call, pair.after),
        ),
    )
    said = await asyncio.to_thread(doctests.look, subject, before.cases)
    return replace(pair, more=(*pair.more, *more, *told, *hooked, *said))


async def again(
    subject: Subject, clean: Clean, place: Place, call: Call, before: Run, after: Run
) -> tuple[Run, tuple[str, ...]]:
    """Run what fails again on the same tree; return the run and the flakes in it."""
    seen = compare.compare(before.cases, after.cases)
    new = [i for i in seen.added if after.cases[i].result in compare.RED]
    left = [*seen.newly_failing, *new]
    if not left or len(left) > RERUN_LIMIT or after.trouble:
        return after, ()
    cases, flaky, end = dict(after.cases), list[str](), time.monotonic() + RERUN_S
    for _ in range(RERUNS):
        more = await running.run(call, place, clean, files=subject.new, ids=left)
        fine = [i for i in left if i in more.cases and more.cases[i].result == "passed"]
        cases |= {i: more.cases[i] for i in fine}
        flaky += fine
        left = [i for i in left if i not in fine]
        if not left or time.monotonic() > end:
            break
    return replace(after, cases=cases), tuple(flaky)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What the runs of one call share."""

    subject: Subject
    rules: Rules
    clean: Clean
    call: Call
    protect: _Files

    async def known(self) -> tuple[Run, doubt.Wager | None]:
        """Run base, and begin to doubt while the delivery's own run goes on."""
        before = await before_run(self.subject, self.clean, self.call)
        builds = self.call.runner is None or self.call.runner.builds
        if self.rules.tests != "green" or builds:
            return before, None
        names = await asyncio.to_thread(doubt.foreseen, self.subject, before)
        if not names:
            return before, None
        asking = self.asking(await self.place())
        return before, await doubt.ahead(asking, before, names)

    async def delivered(self) -> tuple[Place, Pair]:
        """Run what was delivered, and see whether it rewrites its tests meanwhile."""
        place = await self.place()
        held = await asyncio.to_thread(protected.held, self.subject, place.tree)
        files, changed = self.subject.new, self.subject.work()
        product = [
            c.path
            for c in changed
            if c.status != "D" and paths.role(c.path) == "product"
        ]
        after = await running.run(
            self.call, place, self.clean, files=files, product=product
        )
        rewritten = await asyncio.to_thread(protected.rewritten, place.tree, held)
        if not self.protect and not after.trouble and after.sign in {"failed", "none"}:
            # What passes becomes the next phase's base: its run is known already.
            path = await asyncio.to_thread(
                _kept_at, self.subject, files, self.clean, self.call
            )
            await asyncio.to_thread(running.remember, path, after)
        pair = Pair(call=self.call, before=after, after=after, more=tuple(rewritten))
        return place, pair

    async def doubted(
        self, pair: Pair, place: Place, wager: doubt.Wager | None
    ) -> list[Found]:
        """Make tests fail that pass; not again where that was done ahead."""
        after = pair.after
        if self.rules.tests == "red" or after.trouble or after.sign == "passed":
            return []
        sure = replace(after, cases=_without(after.cases, pair.flaky))
        if wager is not None and doubt.holds(self.subject, wager, pair.before, sure):
            return await doubt.settle(self.subject, wager, pair.before, sure)
        if not (self.call.runner and self.call.runner.builds):
            place = await self.place()
        return await doubt.look(self.asking(place), pair.before, sure)

    def asking(self, place: Place) -> doubt.Asking:
        """Return the suite, to be asked in a place whose tests are changed."""
        return doubt.Asking(
            call=self.call, place=place, clean=self.clean, subject=self.subject
        )

    async def place(self) -> Place:
        """Check out what was delivered, with base's version of what is protected."""
        delivery = self.subject.delivery
        place = await self.clean.checkout(delivery.head, delivery.base)
        await asyncio.to_thread(restore, place.tree, self.protect)
        return place


def _without(cases: compare.Cases, ids: Sequence[str]) -> compare.Cases:
    return {name: case for name, case in cases.items() if name not in ids}


def _kept_at(subject: Subject, files: Snapshot, clean: Clean, call: Call) -> Path:
    """Return where a run is kept; writing a status into the plan changes no test."""
    digest = files.digest(lambda p: paths.is_claim(p) or subject.is_plan(p))
    return running.kept_at(clean.scratch, digest, call, clean.settings.setup)


async def before_run(subject: Subject, clean: Clean, call: Call) -> Run:
    """Return the suite's run on base; done once per base tree and command."""
    path = await asyncio.to_thread(_kept_at, subject, subject.old, clean, call)
    known = await asyncio.to_thread(running.remembered, path)
    if known is not None:
        return known
    if not has_tests(call, subject.old):
        name = call.runner.name if call.runner else "custom"
        return Run(command=call.text, runner=name, cases={})
    place = await clean.checkout(subject.delivery.base, subject.delivery.base)
    done = await running.run(call, place, clean, files=subject.old)
    await asyncio.to_thread(running.remember, path, done)
    return done
