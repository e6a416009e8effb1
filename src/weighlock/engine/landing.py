"""Bring a passed delivery onto the branch, with the plan's own records beside it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from weighlock.engine.judged import judged, store_verdict
from weighlock.engine.pages import Entry, newest, pages
from weighlock.engine.world import Report, World
from weighlock.plan.model import Phase, Plan, Source
from weighlock.ports import Delivery, Merged
from weighlock.run import events as ev
from weighlock.run.evidence import Verdict
from weighlock.run.policy import agentless
from weighlock.run.state import RunState
from weighlock.run.verdict import read_document


@dataclass(frozen=True, slots=True)
class Landing:
    """One passed delivery on its way to the branch.

    land
      combine         onto the branch's tip; a conflict is reported, not solved
      weigh again     when the tip is not what the gate saw
      pages           tracker row, marker, checkpoint: from evidence
      compare-and-swap; once more from the top when somebody was faster
    """

    world: World
    plan: Plan
    phase: Phase
    state: RunState
    report: Report
    number: int

    async def land(
        self, delivery: Delivery, digest: str, verdict: Verdict | None
    ) -> None:
        """Land a delivery whose verdict is stored under ``digest``."""
        verdict = verdict or read_document(json.loads(self.world.store.get(digest)))
        seen = delivery.base
        while True:
            tip = await self.world.workspace.tip()
            merged = await self._merged(delivery, tip)
            if merged.conflicts:
                await self._conflicted(merged, tip)
                return
            if tip != seen and not agentless(self.phase):
                verdict, digest = await self._again(merged, delivery)
                seen = tip
                if not self._may_land(verdict):
                    return
            commit = await self._commit(merged, verdict, digest)
            if commit is not None:
                return

    def _may_land(self, verdict: Verdict) -> bool:
        """Let a person's word settle a review; it never outweighs a fault."""
        accepted = bool(self._approved) and verdict.verdict == "review"
        return verdict.verdict == "pass" or accepted

    async def _merged(self, delivery: Delivery, tip: str) -> Merged:
        if agentless(self.phase):
            return Merged(commit=tip, tree=tip, base=tip)
        return await self.world.workspace.combine(delivery, tip)

    async def _again(self, merged: Merged, delivery: Delivery) -> tuple[Verdict, str]:
        """Weigh the merged result: two right changes can be wrong together."""
        base = self.state.phase(self.phase.key).began_on or merged.base
        result = replace(delivery, base=base, head=merged.commit, tree=merged.tree)
        verdict = await self.world.gate.weigh(self.plan, self.phase, result)
        digest = store_verdict(self.world.store, verdict)
        at = self.world.clock.now()
        await self.report(judged(verdict, digest, attempt=self.number, at=at))
        return verdict, digest

    async def _commit(
        self, merged: Merged, verdict: Verdict, digest: str
    ) -> str | None:
        at = self.world.clock.now()
        edits = await self._edits(merged, verdict, digest, at)
        commit = await self.world.workspace.land(merged, edits, self._message(digest))
        if commit is not None:
            await self.report(
                ev.PhasePassed(
                    at=at,
                    phase=self.phase.key,
                    attempt=self.number,
                    commit=commit,
                    tree=merged.tree,
                    evidence=digest,
                    approved_by=self._approved,
                )
            )
        return commit

    async def _edits(
        self, merged: Merged, verdict: Verdict, digest: str, at: float
    ) -> dict[str, bytes | None]:
        """Return the plan files to write: ours, whatever the agent made of them."""
        root = self.world.places.plan_root
        if root is None:
            return {}
        prefix = "" if root in {"", "."} else f"{root}/"
        sources, edits = await self._sources(merged.base, prefix)
        ours = {prefix + source.path: source.data for source in sources}
        claims = {p for p in merged.paths if self._claimed(p, prefix, ours)}
        work = [p for p in merged.paths if p not in claims]
        found = await self.world.workspace.read_all(merged.commit, work)
        entry = Entry(
            phase=self.phase,
            verdict=verdict,
            state=self.state.phase(self.phase.key),
            digest=digest,
            at=at,
            lines={p: found[p].count(b"\n") if p in found else -1 for p in work},
        )
        edits |= {p: ours.get(p) for p in claims}
        new = pages(self.plan, sources, entry)
        return edits | {prefix + path: data for path, data in new.items()}

    def _claimed(self, path: str, prefix: str, ours: Mapping[str, bytes]) -> bool:
        """Say whether a path is the agent's word on progress, and not its work."""
        planned = any(f.path == path and f.action != "keep" for f in self.phase.files)
        marker = path.startswith(f"{prefix}.completed/")
        return not planned and (path in ours or marker)

    async def _sources(
        self, commit: str, prefix: str
    ) -> tuple[tuple[Source, ...], dict[str, bytes | None]]:
        """Return the plan's files, and those that the branch has in an older form."""
        paths = [prefix + source.path for source in self.plan.sources]
        found = await self.world.workspace.read_all(commit, paths)
        there = {
            s.path: found[p]
            for s, p in zip(self.plan.sources, paths, strict=True)
            if p in found
        }
        if self.state.revisions:
            sources = newest(self.plan, there, self.state)
            return sources, {
                prefix + s.path: s.data for s in sources if there.get(s.path) != s.data
            }
        kept = (replace(s, data=there.get(s.path, s.data)) for s in self.plan.sources)
        return tuple(kept), {}

    async def _conflicted(self, merged: Merged, tip: str) -> None:
        await self.report(
            ev.MergeConflicted(
                at=self.world.clock.now(),
                phase=self.phase.key,
                attempt=self.number,
                paths=merged.conflicts,
                tip=tip,
            )
        )

    def _message(self, digest: str) -> str:
        plan, key = self.state.plan, self.phase.key
        trailers: Mapping[str, str] = {
            "Plan": plan,
            "Phase": key,
            "Run": self.state.run,
            "Evidence": digest,
        }
        title = f"{key} {self.phase.title}".strip()
        lines = [f"{plan}: {title}"[:72], ""]
        if self._approved:
            lines += [f"Approved by {self._approved}.", ""]
        return "\n".join(lines + [f"{k}: {v}" for k, v in trailers.items()]) + "\n"

    @property
    def _approved(self) -> str:
        now = self.state.phase(self.phase.key)
        return now.by if now.approved else ""
