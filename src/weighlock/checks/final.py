"""Layer 10, the final gate: the whole plan against its base."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from weighlock.checks.accusers.leftovers import TEMPLATE
from weighlock.checks.changes import effect
from weighlock.checks.commands import commands
from weighlock.checks.finding import Found, found, weigh
from weighlock.checks.history import look as history
from weighlock.checks.kinds import Rules
from weighlock.checks.markers import numbered
from weighlock.checks.place.clean import Clean
from weighlock.checks.reading import language, paths
from weighlock.checks.runners.call import scripts
from weighlock.checks.subject import Snapshot, Subject
from weighlock.checks.suite import tests
from weighlock.errors import UncheckableError
from weighlock.plan.model import Phase, Plan, Span
from weighlock.ports import Store
from weighlock.run.evidence import Evidence

_DEFERRED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|\btodo!\(|\bunimplemented!\(")
_SCRIPTS: Mapping[str, tuple[str, ...]] = {
    "build": ("build",),
    "lint": ("lint", "lint:ci"),
    "types": ("typecheck", "type-check", "types", "check:types"),
    "format": ("format:check", "fmt:check", "check:format", "prettier:check"),
}
_CARGO = {
    "build": "cargo build --workspace",
    "lint": "cargo clippy --workspace -- -D warnings",
    "format": "cargo fmt --check --all",
}


def whole(plan: Plan) -> Phase:
    """Return one phase that stands for the whole plan."""
    return Phase(
        key="",
        title=plan.title,
        files=tuple(a for p in plan.phases for a in p.files),
        criteria=tuple(c for p in plan.phases for c in p.criteria),
        requirements=tuple(r.id for r in plan.requirements),
        source=Span(file=plan.path, line=1),
    )


def project_commands(files: Snapshot, subject: Subject) -> dict[str, str]:
    """Return build, lint, types and format, as configured or as the project says."""
    return {**_found(files), **_configured(subject)}


def _configured(subject: Subject) -> dict[str, str]:
    given = subject.settings
    known = {
        "build": given.build,
        "lint": given.lint,
        "types": given.types,
        "format": given.format,
    }
    return {name: text for name, text in known.items() if text}


def _found(files: Snapshot) -> dict[str, str]:
    told = files.text("pyproject.toml")
    own = scripts(files)
    rust = "Cargo.toml" in files.paths
    table: dict[str, str] = dict(_CARGO) if rust else {}
    if "[tool.ruff" in told or {"ruff.toml", ".ruff.toml"} & files.paths:
        table["lint"] = "ruff check ."
    if "[tool.ruff.format" in told:
        table["format"] = "ruff format --check ."
    if "[tool.mypy" in told or {"mypy.ini", ".mypy.ini"} & files.paths:
        table["types"] = "mypy" if "\nfiles" in told or "packages" in told else "mypy ."
    for name, names in _SCRIPTS.items():
        known = next((n for n in names if n in own), None)
        if known:
            table[name] = f"npm run {known}"
    return table


async def look(subject: Subject, clean: Clean, store: Store) -> list[Evidence]:
    """Look at everything the plan was to deliver."""
    rules = Rules(tests="same", effect_decides=True)
    checks = await asyncio.to_thread(
        lambda: [history.look(subject, rules), _covered(subject), _deferred(subject)]
    )
    if any(a.action != "keep" for a in subject.planned):
        checks.append(await asyncio.to_thread(_files, subject, rules))
    suite = await tests.look(subject, rules, clean, store)
    checks.append(suite.evidence)
    wanted = await asyncio.to_thread(project_commands, subject.new, subject)
    for name, text in wanted.items():
        checks.append(await _project(subject, clean, store, name, text))
    return [replace(c, layer=10) for c in checks]


def _files(subject: Subject, rules: Rules) -> Evidence:
    """Ask only for files that no later phase takes away again."""
    gone = {a.path for a in subject.planned if a.action == "delete"}
    kept = tuple(
        a for a in subject.planned if a.action == "delete" or a.path not in gone
    )
    return effect.look(replace(subject, planned=kept), rules)


async def _project(
    subject: Subject, clean: Clean, store: Store, name: str, text: str
) -> Evidence:
    """Run one of the project's own checks; what failed at base is not held against."""
    try:
        place = await clean.checkout(subject.delivery.head, subject.delivery.base)
        done = await commands.start(text, place, clean.settings.command_s)
        seen = list(await _broken(subject, clean, name, text, done.exit_code))
    except UncheckableError as error:
        return weigh(
            name,
            "final",
            [found("error", "dependency-missing", str(error))],
            fine="",
            decides=False,
        )
    evidence = weigh(name, "final", seen, fine=f"{text}: fine", decides=False)
    output = await asyncio.to_thread(store.put, done.stdout + b"\n" + done.stderr)
    return replace(
        evidence,
        command=text,
        exit_code=done.exit_code,
        duration_s=done.duration_s,
        evidence=output,
    )


async def _broken(
    subject: Subject, clean: Clean, name: str, text: str, code: int | None
) -> Iterator[Found]:
    if code == 0:
        return iter(())
    place = await clean.checkout(subject.delivery.base, subject.delivery.base)
    before = await commands.start(text, place, clean.settings.command_s)
    if code in {126, 127}:
        return iter([found("error", "tool-missing", f"{name}: {text} cannot be run")])
    if before.exit_code != 0:
        return iter(
            [found("note", "old-failure", f"{name} failed at base too: {text}")]
        )
    return iter([found("fail", "command-failed", f"{name} fails ({code}): {text}")])


def _covered(subject: Subject) -> Evidence:
    """Say whether every requirement is cited by a phase."""
    seen: list[Found] = [
        found(
            "fail",
            "requirement-uncovered",
            f"no phase of the plan covers {r.id}",
            path=r.source.file if r.source else None,
            line=r.source.line if r.source else None,
        )
        for r in subject.plan.requirements
        if not r.phases and not any(r.id in p.requirements for p in subject.plan.phases)
    ]
    number = len(subject.plan.requirements)
    return weigh(
        "requirements",
        "final",
        seen,
        fine=f"{number} requirements, each cited by a phase",
        decides=False,
    )


def _deferred(subject: Subject) -> Evidence:
    """Accuse lines the plan added that put work off, or were never filled in."""
    seen: list[Found] = []
    for change in subject.work():
        if change.status == "D" or not _is_work(change.path):
            continue
        for line, text in numbered(subject, change.path):
            if _DEFERRED.search(text) or TEMPLATE.search(text):
                message = f"work put off: {text.strip()[:80]}"
                seen.append(
                    found("review", "partial", message, path=change.path, line=line)
                )
    return weigh("deferred", "final", seen, fine="no work was put off", decides=False)


def _is_work(path: str) -> bool:
    return language.is_program(path) and paths.role(path) in {"product", "test"}
