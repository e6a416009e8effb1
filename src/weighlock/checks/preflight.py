"""Look at the machine and the project at base, before the first phase starts.

What fails here would fail every gate; what is red here is remembered as old.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from weighlock.checks import final
from weighlock.checks.commands import commands
from weighlock.checks.place.clean import Clean
from weighlock.checks.place.launch import Place
from weighlock.checks.reading import paths, shellwords
from weighlock.checks.runners import call as suite
from weighlock.checks.runners.compare import RED, counts
from weighlock.checks.subject import Snapshot, Subject, look_at
from weighlock.checks.suite import pair
from weighlock.config import GateSettings
from weighlock.config.sandbox import SandboxSettings
from weighlock.errors import UncheckableError
from weighlock.git import Git
from weighlock.plan.model import Phase, Plan
from weighlock.ports import Delivery, Store
from weighlock.run.evidence import Outcome

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at, as the event ``preflight-checked`` tells it."""

    name: str
    """tree, tools, tests, build, lint, types, format."""
    verdict: Outcome
    summary: str
    hint: str = ""
    evidence: str | None = None
    """Digest of the stored output."""


async def baseline(  # noqa: PLR0913 - what a baseline stands on, all named
    repository: Path,
    *,
    plan: Plan,
    base: str,
    selected: Sequence[str],
    store: Store,
    settings: GateSettings,
    scratch: Path,
    sandbox: SandboxSettings | None = None,
) -> tuple[Finding, ...]:
    """Look at tree, tools, tests, build, lint, types and format at ``base``.

    Old failures are recorded; what could not be run is an error.

    Args:
        repository: Root of the user's work tree.
        plan: The plan that is about to run.
        base: Commit id to start from.
        selected: Keys of the phases that are asked for.
        store: For what the programs print.
        settings: ``[gate]`` of the configuration.
        scratch: As for ``CheckGate``; the suite's run is kept there for the gates.
        sandbox: As for ``CheckGate``.
    """
    git = Git(repository)
    phases = [p for p in plan.phases if p.key in set(selected)]
    subject = await asyncio.to_thread(_subject, git, plan, base, settings)
    walls = sandbox or SandboxSettings()
    clean = await asyncio.to_thread(Clean, git, scratch, settings, walls)
    found: list[Finding] = []
    try:
        found.append(await asyncio.to_thread(tree, git))
        place = await clean.checkout(base, base)
        found.append(tools(phases, subject.old, place))
        found += await _suite(subject, clean, store)
        wanted = final.project_commands(subject.old, subject)
        found += [
            await _project(place, store, settings, *one) for one in wanted.items()
        ]
    except UncheckableError as error:
        told = {"summary": error.message, "hint": error.hint}
        found.append(Finding(name="setup", verdict="error", **told))
    finally:
        await asyncio.to_thread(clean.close)
    return tuple(found)


def _subject(git: Git, plan: Plan, base: str, settings: GateSettings) -> Subject:
    tree_id = git.text("rev-parse", f"{base}^{{tree}}")
    return look_at(
        git,
        plan=plan,
        phase=final.whole(plan),
        delivery=Delivery(phase="", attempt=0, base=base, head=base, tree=tree_id),
        settings=settings,
        plan_root=None,
    )


def tree(git: Git) -> Finding:
    """Say whether the work tree has changes that a run would not see."""
    lines = git.lines("status", "--porcelain", "-z", "--untracked-files=no")
    if not lines:
        return Finding(name="tree", verdict="pass", summary="nothing uncommitted")
    named = ", ".join(line[3:] for line in lines[:_SHOWN])
    return Finding(
        name="tree",
        verdict="error",
        summary=f"{len(lines)} uncommitted changes: {named}",
        hint="commit or stash them: git stash",
    )


def tools(phases: Iterable[Phase], files: Snapshot, place: Place) -> Finding:
    """Say whether every program that the plan's commands start is installed."""
    phases = list(phases)
    missing = sorted(set(_missing(phases, files, place)))
    if not missing:
        number = len({p for p, _ in _needed(phases)})
        return Finding(name="tools", verdict="pass", summary=f"{number} tools found")
    named = "; ".join(f"{tool} (phase {key})" for tool, key in missing[:_SHOWN])
    return Finding(
        name="tools",
        verdict="error",
        summary=f"not installed: {named}",
        hint="install them, or put them on PATH, then start again",
    )


def _needed(phases: Iterable[Phase]) -> Iterator[tuple[str, str]]:
    for phase in phases:
        for command in phase.commands:
            for program in shellwords.programs(command.text):
                yield program, phase.key


def _missing(
    phases: list[Phase], files: Snapshot, place: Place
) -> Iterator[tuple[str, str]]:
    made = [a.path for p in phases for a in p.files if a.action != "delete"]
    for program, key in _needed(phases):
        bare = program.removeprefix("./")
        brought = any(paths.covers(path, bare) for path in made)
        built = "/" in program and not program.startswith("/")
        if not (brought or built or bare in files.paths or place.find(program)):
            yield PurePosixPath(program).name, key


async def _suite(subject: Subject, clean: Clean, store: Store) -> list[Finding]:
    calls = suite.detect(subject.old, subject.settings.test)
    return [
        await _tests(subject, clean, store, call)
        for call in calls
        if subject.settings.test or suite.has_tests(call, subject.old)
    ]


async def _tests(
    subject: Subject, clean: Clean, store: Store, call: suite.Call
) -> Finding:
    done = await pair.before_run(subject, clean, call)
    evidence = await asyncio.to_thread(store.put, done.output or done.said.encode())
    number = counts(done.cases)
    if done.trouble:
        return Finding(
            name="tests",
            verdict="error",
            summary=f"{call.text}: {done.trouble}: {done.said[-200:]}",
            hint="make the suite run in a clean checkout: [gate] setup and test in "
            "weighlock.toml",
            evidence=evidence,
        )
    red = [c.id for c in done.cases.values() if c.result in RED]
    old = f"; old failures: {', '.join(red[:_SHOWN])}" if red else ""
    return Finding(
        name="tests",
        verdict="pass",
        summary=f"{call.text}: {number.passed} pass, {len(red)} fail, "
        f"{number.skipped} skipped{old}",
        evidence=evidence,
    )


async def _project(
    place: Place, store: Store, settings: GateSettings, name: str, text: str
) -> Finding:
    done = await commands.start(text, place, settings.command_s)
    output = done.stdout + b"\n" + done.stderr
    evidence = await asyncio.to_thread(store.put, output)
    told = "fine" if done.exit_code == 0 else f"fails at base ({done.exit_code})"
    return Finding(
        name=name, verdict="pass", summary=f"{text}: {told}", evidence=evidence
    )
