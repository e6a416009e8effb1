"""The steps of ``new``: read the specification, draft the plan, check it, place it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from weighlock.cli.context import Globals
from weighlock.cli.writing.asked import Asked
from weighlock.cli.writing.place import place_file, place_folder
from weighlock.cli.writing.plans import folder_of
from weighlock.errors import PlanError, RefusedError, UsageError
from weighlock.plan.lint import lint
from weighlock.plan.model import Plan, Problem, Source
from weighlock.plan.read import read
from weighlock.plan.write.components import bare_title, components, read_claim
from weighlock.plan.write.course import Order
from weighlock.plan.write.layout import phase_directory, single_file
from weighlock.plan.write.numbering import candidates, numbered
from weighlock.plan.write.project import Project, kebab
from weighlock.plan.write.specification import Specification, read_specification

_USUAL = {"specification", "spec", "requirements", "readme", "design", "prd", "feature"}


SCHEMA = "weighlock/new/1"
_FEW = 8
"""Lines that a message lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Where a plan goes, and what it is made of."""

    target: Path
    """The plan's folder, or its file."""
    order: Order
    text: bytes
    """The specification, with ids."""
    inside: bool
    """Whether the specification lies in the plan's folder already."""


def skeleton(globals_: Globals, asked: Asked, template: str) -> int:
    """Write a specification to fill in, and say what comes next."""
    name = kebab(asked.name or asked.spec)
    if not name:
        raise UsageError(
            f"{asked.spec!r} has no letter that a file name can carry",
            hint="give a name such as word-count, or --name",
        )
    title = asked.spec.replace("-", " ").replace("_", " ")
    text = template.format(title=title[:1].upper() + title[1:], prefix=name.upper())
    target = folder_of(globals_, asked.into) / name
    place_folder(target, [("specification.md", text.encode())])
    path = target / "specification.md"
    if globals_.json:
        globals_.data({"schema": SCHEMA, "specification": str(path)})
    globals_.say(f"wrote {path}")
    globals_.say(f"next: fill it in, then: weighlock new {path}")
    return 0


def plant(globals_: Globals, asked: Asked, *, interactive: bool) -> int:
    """Write a plan from a specification; return the exit code."""
    plot = _plot(globals_, asked)
    _refuse_taken(plot)
    if interactive and not _agreed(plot):
        raise click.Abort
    files = files_of(plot, asked.form)
    if asked.agent is not None:
        from weighlock.cli.writing.fill import fill

        _refuse_single(asked)
        files = fill(globals_, asked.agent, plot.order.home, files)
    plan = read_back(plot, files, asked.form)
    found = lint(plan)
    _place(plot, files, asked.form)
    _tell(globals_, plot, plan, found)
    return 1 if any(p.severity == "error" for p in found) else 0


def _refuse_single(asked: Asked) -> None:
    if asked.form == "single-file":
        raise UsageError(
            "an agent fills in a folder, not a single file",
            hint="leave out --form single-file, or --agent",
        )


def files_of(plot: Plot, form: str) -> dict[str, bytes]:
    """Return the files of a plan, by their paths below its folder."""
    if form == "single-file":
        return {plot.target.name: single_file(plot.order)}
    return {"specification.md": plot.text, **dict(phase_directory(plot.order))}


def read_back(plot: Plot, files: Mapping[str, bytes], form: str) -> Plan:
    """Read what is going to be written, as everybody will read it."""
    root = plot.target.parent if form == "single-file" else plot.target
    sources = [Source(path=p, data=d) for p, d in sorted(files.items())]
    return read(sources, path=plot.target.as_posix(), root=root.as_posix())


def _plot(globals_: Globals, asked: Asked) -> Plot:
    path = Path(asked.spec)
    if globals_.repo is not None and not path.is_absolute():
        path = globals_.repo / path
    text = _text(path, asked.number)
    found = _specification(text, path)
    name = _name(asked, found, path)
    folder = folder_of(globals_, asked.into)
    single = asked.form == "single-file"
    target = folder / (f"{name}.md" if single else name)
    parts = components(found, [read_claim(c) for c in asked.claims], name=name)
    home = _inside(globals_, folder / name) or (folder / name).as_posix()
    return Plot(
        target=target,
        text=text,
        inside=path.resolve().parent == (folder / name).resolve(),
        order=Order(
            id=f"PLAN-{time.strftime('%Y%m%d')}-{name.upper()}",
            home=home,
            lies=_inside(globals_, path) if single else f"{home}/specification.md",
            specification=found,
            components=parts,
            project=_project(globals_),
        ),
    )


def _text(path: Path, number: str | None) -> bytes:
    if not path.is_file():
        raise UsageError(
            "there is no such specification",
            where=str(path),
            hint=f"to start one: weighlock new {kebab(path.stem) or 'NAME'}",
        )
    data = path.read_bytes()
    return data if number is None else numbered(data, number, str(path))


def _specification(text: bytes, path: Path) -> Specification:
    found = read_specification(text, path.as_posix())
    if found.requirements:
        return found
    lines = candidates(text)
    if not lines:
        raise PlanError(
            "no requirement was found: no id such as REQ-1, and nothing that reads "
            "like one",
            where=str(path),
            hint="write requirements as: - REQ-1: what must be true",
        )
    shown = ", ".join([*map(str, lines[:_FEW]), *(["…"] if lines[_FEW:] else [])])
    raise PlanError(
        f"the requirements have no ids, so no phase could say which it meets; "
        f"{len(lines)} lines read like requirements: {shown}",
        where=str(path),
        hint=f"let them be numbered: weighlock new {path} --number REQ",
    )


def _name(asked: Asked, found: Specification, path: Path) -> str:
    stem = "" if path.stem.lower() in _USUAL else path.stem
    folder = path.resolve().parent.name if not stem and _nested(path) else ""
    tried = (asked.name, stem, folder, bare_title(found.title), "plan")
    return next(k for text in tried if text and (k := kebab(text)))[:60].strip("-")


def _nested(path: Path) -> bool:
    """Say whether the folder of a specification is named after what it is about."""
    folder = path.resolve().parent
    return not (folder / ".git").exists() and folder.name.lower() not in {
        "docs",
        "doc",
        "spec",
        "specs",
        "src",
    }


def _project(globals_: Globals) -> Project:
    """Look at the repository, if there is one."""
    from weighlock.cli.site import site
    from weighlock.cli.writing.survey import survey

    try:
        here = site(globals_)
    except RefusedError:
        return Project()
    return survey(here.root, here.settings.gate)


def _inside(globals_: Globals, path: Path) -> str:
    """Return a path relative to the repository, as commands need it; else nothing."""
    from weighlock.cli.site import site

    try:
        return site(globals_).inside(path) or ""
    except RefusedError:
        return ""


def _refuse_taken(plot: Plot) -> None:
    target = plot.target
    taken = target.exists()
    if taken and plot.inside and target.is_dir():
        taken = (target / "plan").exists()
        target /= "plan"
    if taken:
        raise RefusedError(
            "this is there already, and nothing is overwritten",
            where=str(target),
            hint="give another one: --name NAME or --into DIR",
        )


def _agreed(plot: Plot) -> bool:
    """Show name and components on one screen, and ask once."""
    click.echo(f"{plot.order.id} goes to {plot.target}", err=True)
    for part in plot.order.components:
        ids = ", ".join(r.id for r in part.requirements)
        click.echo(f"  {part.name} ({part.course}): {ids}", err=True)
    return click.confirm("Write it?", default=True, err=True)


def _place(plot: Plot, files: Mapping[str, bytes], form: str) -> None:
    if form == "single-file":
        place_file(plot.target, files[plot.target.name])
    elif plot.inside:
        below = {p: d for p, d in files.items() if p.startswith("plan/")}
        plan = [(p.removeprefix("plan/"), d) for p, d in below.items()]
        place_folder(plot.target / "plan", plan)
    else:
        place_folder(plot.target, files.items())


def _tell(
    globals_: Globals, plot: Plot, plan: Plan, found: tuple[Problem, ...]
) -> None:
    if globals_.json:
        globals_.data(
            {
                "schema": SCHEMA,
                "plan": plan.id,
                "path": plot.target.as_posix(),
                "phases": [p.key for p in plan.phases],
                "components": [
                    {
                        "name": c.name,
                        "course": c.course,
                        "requirements": [r.id for r in c.requirements],
                    }
                    for c in plot.order.components
                ],
                "problems": len(found),
            }
        )
    if found:
        from weighlock.views.problems import lines_of
        from weighlock.views.problems import text as problems_text

        globals_.say(problems_text(found, lines_of(plan)))
    globals_.say(f"wrote {plot.target}: {len(plan.phases)} phases, {plan.id}")
    if not plot.order.project.suite:
        globals_.say("no test runner was found; name it: [gate] test in weighlock.toml")
    globals_.say(
        f"next: read it, commit it, then: weighlock run {plot.target} --dry-run"
    )
