"""Plan → JSON of schema ``weighlock/plan/1``, and a page of text for people."""

from collections.abc import Iterator

from weighlock.plan.model import Command, Phase, Plan, Problem, Requirement, Span

SCHEMA = "weighlock/plan/1"
Json = dict[str, object]


def as_json(plan: Plan) -> Json:
    """Return the document of ``show --json``."""
    return {
        "schema": SCHEMA,
        "plan": {
            "id": plan.id,
            "title": plan.title,
            "dialect": plan.dialect,
            "path": plan.path,
            "status": plan.status,
            "files": [source.path for source in plan.sources],
        },
        "phases": [_phase(phase) for phase in plan.phases],
        "requirements": [_requirement(r) for r in plan.requirements],
        "tracker": [
            {
                "key": row.key,
                "status": row.status,
                "status_text": row.status_text,
                "source": _place(row.source),
            }
            for row in plan.tracker
        ],
        "problems": [problem_json(problem) for problem in plan.problems],
        "understood": {"lines": plan.understood.lines, "read": plan.understood.read},
    }


def problem_json(problem: Problem) -> Json:
    """Return one problem, as ``show`` and ``lint`` print it."""
    source = problem.source
    return {
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "hint": problem.hint,
        "source": {"file": source.file, "line": source.line, "column": source.column}
        if source
        else None,
    }


def _phase(phase: Phase) -> Json:
    source = phase.source
    return {
        "key": phase.key,
        "title": phase.title,
        "kind": phase.kind,
        "verifies": phase.verifies,
        "needs": list(phase.needs),
        "needs_from": phase.needs_from,
        "group": phase.group,
        "owner": phase.owner,
        "skills": list(phase.skills),
        "estimate": phase.estimate,
        "status": phase.status,
        "status_text": phase.status_text,
        "blast_radius": phase.blast_radius,
        "requirements": list(phase.requirements),
        "files": [
            {"path": f.path, "action": f.action, "line": f.source.line}
            for f in phase.files
        ],
        "commands": [_command(command) for command in phase.commands],
        "criteria": [
            {"text": c.text, "done": c.done, "line": c.source.line}
            for c in phase.criteria
        ],
        "source": {
            "file": source.file,
            "line": source.line,
            "end_line": source.end_line or source.line,
        },
    }


def _command(command: Command) -> Json:
    value = command.expect.value
    return {
        "text": command.text,
        "file": command.source.file,
        "line": command.source.line,
        "expect": {
            "form": command.expect.form,
            "value": list(value) if isinstance(value, tuple) else _whole(value),
        },
    }


def _whole(value: float | str | None) -> float | str | None:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _requirement(requirement: Requirement) -> Json:
    return {
        "id": requirement.id,
        "text": requirement.text,
        "phases": list(requirement.phases),
        "clauses": [{"kind": c.kind, "text": c.text} for c in requirement.clauses],
        "source": _place(requirement.source) if requirement.source else None,
    }


def _place(source: Span) -> Json:
    return {"file": source.file, "line": source.line}


def as_text(plan: Plan) -> str:
    """Return the page that ``show`` prints: one line per phase, problems at the end."""
    return "\n".join(_lines(plan)) + "\n"


def _lines(plan: Plan) -> Iterator[str]:
    share = 100 * plan.understood.read // max(plan.understood.lines, 1)
    yield plan.title or plan.path
    yield f"{plan.dialect} · {plan.id or plan.path} · {_count(plan.phases, 'phase')}"
    yield ""
    wide = max((len(p.key) for p in plan.phases), default=0)
    kind = max((len(p.kind) for p in plan.phases), default=0)
    for phase in plan.phases:
        facts = " · ".join(_facts(phase))
        yield f"  {phase.key:<{wide}}  {phase.kind:<{kind}}  {phase.title}"
        if facts:
            yield f"  {'':<{wide}}  {'':<{kind}}  {facts}"
    yield ""
    if plan.requirements:
        open_ = sum(not r.phases for r in plan.requirements)
        text = _count(plan.requirements, "requirement")
        yield text + (f", {open_} in no phase" if open_ else "")
    for problem in plan.problems:
        place = f"{problem.source}: " if problem.source else ""
        yield f"{problem.severity}: {place}{problem.message}"
    yield f"{share} % of {plan.understood.lines} lines ended up in a field"


def _facts(phase: Phase) -> Iterator[str]:
    if phase.verifies:
        yield f"verifies {phase.verifies}"
    if phase.needs:
        yield f"needs {', '.join(phase.needs)}"
    if phase.status != "pending":
        yield phase.status.replace("_", " ")
    if phase.owner:
        yield phase.owner
    if phase.files:
        yield _count(phase.files, "file")
    if phase.commands:
        yield _count(phase.commands, "command")


def _count(items: tuple[object, ...], name: str) -> str:
    return f"{len(items)} {name}{'' if len(items) == 1 else 's'}"


def as_lines(plan: Plan) -> str:
    """Return the page of ``show --lines``: place by place, what was read there."""
    found = [one for phase in plan.phases for one in _read(phase)]
    found += [(r.source, f"requirement {r.id}") for r in plan.requirements if r.source]
    found += [(row.source, f"row {row.key} {row.status}") for row in plan.tracker]
    found.sort(key=lambda one: (one[0].file, one[0].line))
    return "".join(
        f"{span.file}:{span.line}  {' '.join(text.split())}\n" for span, text in found
    )


def _read(phase: Phase) -> Iterator[tuple[Span, str]]:
    facts = " · ".join(_facts(phase))
    head = f"phase {phase.key} {phase.kind} {phase.title}"
    yield phase.source, f"{head} · {facts}" if facts else head
    for file in phase.files:
        yield file.source, f"{file.action} {file.path}"
    for command in phase.commands:
        value = command.expect.value
        whole = value if isinstance(value, tuple) else _whole(value)
        told = "" if whole is None else f" {whole}"
        yield command.source, f"run {command.text} → {command.expect.form}{told}"
    for box in phase.criteria:
        yield box.source, f"criterion {box.text}"
    for part in phase.deliverables:
        yield part.source, f"deliverable {part.text}"
