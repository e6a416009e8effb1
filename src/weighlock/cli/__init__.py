"""The command line: one module per verb; parse, call, render, exit.

Only click is imported here. A verb's module is imported when the verb is called, so
``--help`` stays fast however heavy a verb is.
"""

import importlib
import keyword
import sys
from typing import Any

import click

from weighlock import __version__
from weighlock.cli.context import Globals, global_options

VERBS: dict[str, tuple[str, str]] = {
    "run": ("run", "Execute a plan, phase by phase, on evidence."),
    "resume": ("resume", "Go on with a run where its journal stopped."),
    "stop": ("requests", "Ask a run to stop; it stays resumable."),
    "status": ("status", "Show where a run stands, what needs you first."),
    "why": ("why", "Say why a phase is not done, and what to do."),
    "logs": ("logs", "Show what an agent said and did."),
    "diff": ("diff", "Show what a phase changed."),
    "approve": ("requests", "Accept work that a gate sent to review."),
    "reject": ("requests", "Send work back with a reason."),
    "answer": ("requests", "Answer a question a running phase asked."),
    "retry": ("requests", "Give a phase fresh attempts."),
    "waive": ("requests", "Let later phases go on without this one."),
    "restore": ("restore", "Take the branch back to a checkpoint."),
    "verify": ("verify", "Weigh one phase of a plan; no agent needed."),
    "attest": ("attesting.attest", "Write a verdict down for whoever was not there."),
    "verify-attestation": ("attesting.verify", "Say what an attestation proves."),
    "lint": ("lint", "Find a plan's faults before an agent is spent."),
    "explain": ("linting.explain", "Say what a code means, and the cure."),
    "show": ("show", "Show what a plan was understood to say."),
    "graph": ("graph", "Draw the order of a plan's phases."),
    "new": ("writing.new", "Write a plan from a specification."),
    "import": ("writing.import_", "Write a plan of any dialect as a folder of phases."),
    "trace": ("trace", "Say which requirement which line of code serves."),
    "tracker": ("tracker", "Write the status table of a plan from evidence."),
    "report": ("report", "Write a report that a colleague can audit."),
    "runs": ("runs", "List the runs of this repository."),
    "demo": ("demo", "Watch a lying agent being caught; no key needed."),
    "bucket": ("buckets.verbs", "Add, show, try and log in to buckets."),
    "gateway": ("gateway", "Serve the model calls of agents; real keys stay here."),
    "doctor": ("doctor", "Check tools, agents and the repository."),
    "init": ("init", "Write a weighlock.toml with the defaults."),
    "config": ("config", "Show the configuration and where it came from."),
}
"""Verb → (module in this folder, one line of help)."""


class Verbs(click.Group):
    """A group that imports a verb's module only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every verb in the order of the table."""
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a verb's module and return its command of that name."""
        del ctx
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"weighlock.cli.{VERBS[cmd_name][0]}")
        name = cmd_name.replace("-", "_")
        name += "_" if keyword.iskeyword(name) else ""  # import
        command: click.Command = getattr(module, name)
        return command

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write the verbs from the table, without importing one of them."""
        del ctx
        with formatter.section("Verbs"):
            formatter.write_dl([(name, line) for name, (_, line) in VERBS.items()])


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="weighlock")
@global_options
def cli(**given: Any) -> None:  # noqa: ANN401 - click hands over mixed options
    """Execute multi-phase plans with coding agents, on evidence.

    A phase passes only when weighlock itself has seen that it is done.
    """
    del given


def main() -> None:
    """Run the command line and exit; the one place where errors become codes."""
    from weighlock.cli.boundary import guarded

    sys.exit(guarded(cli, Globals()))
