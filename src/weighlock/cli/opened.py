"""A run as its files tell it: journal, state, plan, evidence."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from weighlock.cli.site import Site
from weighlock.cli.snapshot import digest, kept, outlined
from weighlock.errors import NothingToDo, UsageError, WeighlockError
from weighlock.journal import BlobStore, FileJournal, run_dir, runs
from weighlock.plan.model import Phase, Plan
from weighlock.run.evidence import Verdict
from weighlock.run.state import RunState, fold
from weighlock.run.verdict import read_document

if TYPE_CHECKING:
    from weighlock.run.trace.weighed import Earlier


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One run, read from disk."""

    site: Site
    folder: Path
    journal: FileJournal
    state: RunState
    store: BlobStore

    def plan(self) -> Plan:
        """Return the plan as it was when the run began."""
        return kept(self.folder, self.state.plan_digest)

    def outline(self) -> Plan:
        """Return the plan's phases without their texts; enough for a status."""
        return outlined(self.folder, self.state.plan_digest)

    def verdict(self, digest: str) -> Verdict | None:
        """Return a stored verdict; None when it is gone or was changed."""
        try:
            return read_document(json.loads(self.store.get(digest)))
        except WeighlockError:
            return None

    def earlier(self, plan: Plan, phase: Phase) -> "Earlier":
        """Return what a phase last passed on, when the plan was another; else nothing.

        The journal is read each time, for a phase may have passed meanwhile; and beside
        the one that writes it, for a gate looks in a thread of its own.
        """
        from weighlock.run.trace.weighed import Earlier, newest_pass, texts

        now, state = digest(plan), self.state
        if now == state.plan_digest and not state.revisions:
            return Earlier()
        found = newest_pass(FileJournal(self.journal.path).read(), phase.key)
        if found is None or found.plan_digest == now:
            return Earlier()
        return Earlier(
            commit=found.commit,
            texts=texts(kept(self.folder, found.plan_digest)),
            accepted=frozenset(d for word in state.accepted for d in word.digests),
        )

    def log(self, phase: str, attempt: int) -> Path:
        """Return the log of an attempt, named after the key its phase had then."""
        tries = {a.number: a.phase for a in self.state.phase(phase).attempts}
        name = tries.get(attempt) or phase
        return self.folder / "logs" / f"{name}-{attempt}.log"

    @property
    def requests(self) -> Path:
        """Return the file that people's requests are appended to."""
        return self.folder / "requests.jsonl"

    @property
    def plan_root(self) -> str | None:
        """Return the plan's folder in the repository, None when it lies outside."""
        path = self.state.plan_path
        return None if Path(path).is_absolute() else path


def open_run(site: Site, run: str | None = None) -> Opened:
    """Open a run by its id or the start of it; the newest one when None.

    Raises:
        NothingToDo: There is no run at all.
        UsageError: No run, or more than one, begins with this id.
    """
    known = [entry.id for entry in runs(site.state)]
    if not known:
        raise NothingToDo("this repository has no run", hint="weighlock run PLAN")
    if run is None:
        return _open(site, known[0])
    fits = [one for one in known if one.startswith(run)]
    if len(fits) != 1 and run not in known:
        word = "no run" if not fits else f"{len(fits)} runs"
        raise UsageError(f"{word} begin with {run!r}", hint="see: weighlock runs")
    return _open(site, run if run in known else fits[0])


def all_runs(site: Site) -> Iterator[Opened]:
    """Return every run, newest first."""
    return (_open(site, entry.id) for entry in runs(site.state))


def newest_of(site: Site, plan: str) -> Opened | None:
    """Return the newest run of a plan by its name.

    Raises:
        UncheckableError: The journal of that run was changed, or is too new.
    """
    for entry in runs(site.state):
        try:
            found = _open(site, entry.id)
        except WeighlockError:
            if _begins_with(entry.folder, plan):
                raise
            continue
        if found.state.plan == plan:
            return found
    return None


def _begins_with(folder: Path, plan: str) -> bool:
    """Say whether a journal that cannot be read says in its first line whose it is."""
    try:
        with (folder / "journal.jsonl").open(encoding="utf-8") as file:
            first = json.loads(file.readline())
    except (OSError, ValueError):
        return False
    return isinstance(first, dict) and first.get("plan") == plan


def _open(site: Site, run: str) -> Opened:
    folder = run_dir(site.state, run)
    journal = FileJournal(folder / "journal.jsonl")
    return Opened(
        site=site,
        folder=folder,
        journal=journal,
        state=fold(journal.read()),
        store=BlobStore(site.evidence),
    )
