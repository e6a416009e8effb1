"""``lint --run``: the plan's commands on the tree as it is before any work."""

import asyncio
from dataclasses import replace

from weighlock.checks.place.clean import Clean
from weighlock.checks.rehearsal import rehearse
from weighlock.cli.linting.home import Home
from weighlock.cli.site import cache_folder
from weighlock.errors import UsageError
from weighlock.git import Git
from weighlock.plan.lint.ground import Ground
from weighlock.plan.model import Plan


def rehearsed(home: Home, plan: Plan, ground: Ground | None) -> Ground:
    """Add what the plan's commands do at HEAD, in a throw-away checkout.

    Raises:
        UsageError: The plan lies in no repository that has a commit.
        UncheckableError: The checkout cannot be set up.
    """
    if ground is None:
        raise UsageError(
            "--run needs a repository with a commit", hint="leave out --run"
        )
    git = Git(home.top)

    async def run() -> Ground:
        head = git.text("rev-parse", "HEAD")
        place = await clean.checkout(head, head)
        return replace(
            ground,
            trials=await rehearse(plan, place, limit_s=home.settings.gate.command_s),
        )

    settings = home.settings
    clean = Clean(git, cache_folder() / "scratch", settings.gate, settings.sandbox)
    try:
        return asyncio.run(run())
    finally:
        clean.close()
