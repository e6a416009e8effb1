"""``verify``: weigh one phase of a plan; no agent, and nothing of yours is changed."""

import asyncio
import signal
import sys
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import click

from weighlock.cli.context import Globals, verb
from weighlock.cli.planned import phase_of, plan_at
from weighlock.cli.site import Site, cache_folder, site
from weighlock.errors import UsageError, WeighlockError
from weighlock.plan.model import Phase, Plan
from weighlock.ports import Cast, Delivery
from weighlock.run.evidence import Claim, Reason, Verdict
from weighlock.run.trace.weighed import Earlier
from weighlock.sandbox.scratch import temporary
from weighlock.workspace.frozen import Frozen

EXIT = {"pass": 0, "fail": 1, "review": 4, "error": 8}
"""Verdict → exit code (DESIGN 4.4)."""

_CLAIM_LIMIT = 64 * 1024
_NO_GRAPH = ("-c", "core.commitGraph=false")
"""Parents are read from commits: a cache of them lies where an agent may write."""
_DEFAULTS = ("origin/HEAD", "main", "master", "trunk", "develop")


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What is compared: two commits, and whether the older still lies below."""

    base: str
    head: str
    tree: str
    """What ``head`` holds."""
    told: str
    """The newest commit whose message somebody wrote."""
    ancestor: bool = True
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be weighed: revisions as a person gives them, a report."""

    base: str | None = None
    head: str | None = None
    worktree: bool = False
    claim: Path | None = None


@verb()
@click.argument("plan", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--phase", metavar="KEY", required=True, help="In any spelling: 5, P05.")
@click.option("--base", metavar="REV", help="Default: where the branch left the main.")
@click.option("--head", metavar="REV", help="Default: HEAD.")
@click.option("--worktree", is_flag=True, help="Weigh the files as they are now.")
@click.option("--claim", type=click.Path(path_type=Path), help="The agent's report.")
@click.option(
    "--attest", type=click.Path(path_type=Path), help="Write in-toto statements there."
)
@click.option(
    "--key",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Sign them with a key of ssh.",
)
def verify(  # noqa: PLR0913 - the options of the command, all named
    globals_: Globals,
    *,
    plan: Path,
    phase: str,
    base: str | None,
    head: str | None,
    worktree: bool,
    claim: Path | None,
    attest: Path | None,
    key: Path | None,
) -> int:
    """Weigh one phase of a plan; no agent is needed and nothing is changed.

    PLAN is a file, the plan's root folder, or its plan/ folder.  It is read as it was
    at the base when it lies in the repository.
    """
    here = site(globals_)
    asked = Asked(base=base, head=head, worktree=worktree, claim=claim)
    if key is not None and attest is None:
        raise UsageError("--key signs what --attest FILE writes", hint="--attest FILE")
    # What was begun ends with it, whichever signal comes: asyncio knows this one.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    verdict = weigh(here, _given(globals_, plan), phase, asked)
    if attest is not None:
        read, _ = plan_at(here, _given(globals_, plan), verdict.base)
        _attest(read, verdict, attest, key)
        globals_.say(f"wrote {attest}")
    _show(globals_, verdict)
    return EXIT[verdict.verdict]


def weigh(here: Site, plan: Path, phase: str, asked: Asked) -> Verdict:
    """Weigh one phase of a plan over the range that is asked for.

    Raises:
        UsageError: The phase, a revision or the combination of options is unknown.
        RefusedError: There is no commit yet.
        PlanError: The plan cannot be read.
    """
    if asked.worktree and asked.head:
        raise UsageError("--head and --worktree exclude each other")
    with temporary(cache_folder() / "scratch") as folder:
        work = folder if asked.worktree else None
        looked = _range(here, asked.base, asked.head, work)
        read, root = plan_at(here, plan, looked.base, folder)
        verdict = _weigh(here, read, root, phase, looked, asked.claim)
        return verdict if work is None else _or_late(here, work, verdict)


def _or_late(here: Site, work: Path, verdict: Verdict) -> Verdict:
    """Say when the files changed while they were weighed: the verdict stands for then.

    Whoever writes into them late can profit from nothing: what was weighed is a tree.
    """
    from weighlock.workspace.frozen import holds
    from weighlock.workspace.gitdir import origin

    source = origin(here.git)
    if holds(here.root, verdict.tree, verdict.base, source=source, scratch=work):
        return verdict
    told = (
        "the files changed while they were weighed; the verdict is about tree "
        f"{verdict.tree[:10]}, as they were before"
    )
    note = Reason(code="late-write", check="freeze", message=told)
    return replace(verdict, notes=(*verdict.notes, note))


def _attest(plan: Plan, verdict: Verdict, into: Path, key: Path | None) -> None:
    from weighlock import __version__
    from weighlock.attest import Weighed, sealed, statements
    from weighlock.cli.snapshot import digest
    from weighlock.cli.writing.replace import replace_file

    weighed = Weighed(verdict=verdict, plan=digest(plan), version=__version__)
    replace_file(into, sealed(statements(weighed), key))


def _given(globals_: Globals, plan: Path) -> Path:
    return plan if globals_.repo is None or plan.is_absolute() else globals_.repo / plan


def _range(here: Site, base: str | None, head: str | None, work: Path | None) -> Range:
    """Find the two commits; with a folder to work in, freeze the user's files."""
    newest = here.head()
    tip = _commit(here, head) if head else newest
    start = _commit(here, base) if base else _fork(here, tip, frozen=work is not None)
    below = start == tip or here.git.ok(
        *_NO_GRAPH, "merge-base", "--is-ancestor", start, tip
    )
    if work is None:
        tree = here.git.text("rev-parse", f"{tip}^{{tree}}")
        return Range(base=start, head=tip, tree=tree, told=tip, ancestor=below)
    frozen = _frozen(here, start, work)
    return Range(
        base=start,
        head=frozen.commit,
        tree=frozen.tree,
        told=tip,
        ancestor=below,
        left_out=frozen.left_out,
    )


def _frozen(here: Site, base: str, work: Path) -> Frozen:
    from weighlock.workspace.frozen import freeze
    from weighlock.workspace.gitdir import origin

    told = "The work tree, frozen by weighlock verify\n"
    return freeze(here.root, base, told, source=origin(here.git), scratch=work)


def _commit(here: Site, revision: str) -> str:
    found = here.git.resolve(revision)
    if found is None:
        raise UsageError(
            f"there is no commit {revision!r} here", hint="see: git log --oneline --all"
        )
    return found


def _fork(here: Site, tip: str, *, frozen: bool) -> str:
    """Return where the work began: the merge base with the default branch.

    On the default branch itself that is the commit before, or, for the work tree,
    the commit it stands on.  A history that shares nothing with the default branch
    was rewritten from its first commit on: it is compared with that branch.
    """
    for name in _DEFAULTS:
        other = here.git.resolve(name)
        if other is None:
            continue
        found = here.git.call(*_NO_GRAPH, "merge-base", other, tip)
        fork = found.stdout.decode().strip() or other
        if fork != tip or frozen:
            return fork
        break
    parent = here.git.resolve(f"{tip}^")
    if parent is None:
        raise UsageError(
            "there is no commit to compare with", hint="name it: --base REV"
        )
    return parent


def _weigh(
    here: Site,
    plan: Plan,
    root: str | None,
    key: str,
    looked: Range,
    claim: Path | None,
) -> Verdict:
    from weighlock.checks.gate import CheckGate
    from weighlock.journal import BlobStore

    phase = phase_of(plan, key)
    gate = CheckGate(
        here.root,
        store=BlobStore(here.evidence),
        settings=here.settings.gate,
        scratch=cache_folder() / "scratch",
        plan_root=root,
        sandbox=here.settings.sandbox,
        reviewer=_reviewer(here),
        earlier=partial(_earlier, here),
    )
    delivery = Delivery(
        phase=phase.key,
        attempt=0,
        base=looked.base,
        head=looked.head,
        tree=looked.tree,
        claim=_claim(here, looked, claim),
        ancestor=looked.ancestor,
        left_out=looked.left_out,
    )
    return asyncio.run(gate.weigh(plan, phase, delivery))


def _reviewer(here: Site) -> Cast | None:
    """Make the reviewer; without one nothing of what makes agents is loaded."""
    if here.settings.gate.reviewer is None:
        return None
    from weighlock.cli.casting import reviewer

    return reviewer(here.settings, hides=(here.state,))


def _earlier(here: Site, plan: Plan, phase: Phase) -> Earlier:
    """Ask the newest run of the plan, if there is one that can be read."""
    if not plan.requirements or not (here.state / "runs").is_dir():
        return Earlier()
    from weighlock.cli.driving.start import slug
    from weighlock.cli.opened import newest_of

    try:
        opened = newest_of(here, slug(plan))
        return opened.earlier(plan, phase) if opened else Earlier()
    except WeighlockError:  # nothing here rests on a run: it can only accuse
        return Earlier()


def _claim(here: Site, looked: Range, given: Path | None) -> Claim | None:
    """Return the agent's report: the given file, or what the commits say."""
    from weighlock.checks.claims.words import read_claim

    if given is not None:
        try:
            return read_claim(given.read_bytes()[:_CLAIM_LIMIT])
        except OSError as error:
            raise UsageError(
                f"the claim cannot be read: {error.strerror}", hint=str(given)
            ) from error
    said = here.git.run("log", "--format=%B", f"{looked.base}..{looked.told}")
    return read_claim(said[:_CLAIM_LIMIT]) if said.strip() else None


def _show(globals_: Globals, verdict: Verdict) -> None:
    from weighlock.views.text import Style
    from weighlock.views.verdict import as_json, as_text

    if globals_.json:
        globals_.data(as_json(verdict))
    else:
        sys.stdout.write(as_text(verdict, Style(color=globals_.colored(), width=100)))
