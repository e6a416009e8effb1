"""``new SPEC.md``: a plan from a specification; ``new NAME``: one to start from."""

import os
import sys
from pathlib import Path

import click

from weighlock.cli.context import Globals, verb

SKELETON = """\
# {title}

<!-- What is it for, in two or three sentences? Who can do what afterwards? -->

## Requirements

<!--
One heading for each requirement: an id, then what must be true. Scenarios are best.
Headings such as "## Parser" above some requirements make a component of them.
Headings "Integration", "Migration" and "Deprecation" get phases of that kind.
Delete these comments.
-->

### REQ-{prefix}-001:

- GIVEN:
- WHEN:
- THEN:
"""


@verb()
@click.argument("spec", metavar="SPEC.md|NAME")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    help="Folder of plans; default: project-plans.",
)
@click.option("--name", help="The plan's name; default: from the specification.")
@click.option(
    "--form",
    type=click.Choice(["directory", "single-file"]),
    default="directory",
    show_default=True,
)
@click.option(
    "--component",
    "claims",
    multiple=True,
    metavar="NAME=ID,FILE,…",
    help="A part with its requirements and files; may be given again.",
)
@click.option("--number", metavar="PREFIX", help="Write ids where there are none.")
@click.option("--agent", metavar="NAME", help="Let an agent fill it in; lint decides.")
@click.option("--yes", "-y", is_flag=True, help="Ask nothing.")
def new(globals_: Globals, **given: object) -> int:
    """Write a plan from a specification, or a specification to start from.

    SPEC.md needs ids such as REQ-1, at the start of headings or list items.  A NAME
    in its place writes a specification to fill in.
    """
    from weighlock.cli.writing.asked import Asked
    from weighlock.cli.writing.plant import plant, skeleton

    asked = Asked(**given)  # type: ignore[arg-type]
    path = Path(asked.spec)
    if not path.exists() and not path.suffix and path.name == asked.spec:
        return skeleton(globals_, asked, SKELETON)
    return plant(globals_, asked, interactive=_interactive(globals_) and not asked.yes)


def _interactive(globals_: Globals) -> bool:
    """Say whether somebody sits there who can be asked."""
    quiet = globals_.json or globals_.quiet or os.environ.get("CI")
    return not quiet and sys.stdin.isatty() and sys.stderr.isatty()
