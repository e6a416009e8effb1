"""Repository → Ground: the facts that some rules of ``lint`` ask for."""

from pathlib import Path

from weighlock.git import Git, GitError
from weighlock.plan.lint.ground import Ground
from weighlock.plan.model import Plan


def look(repo: Path, plan: Plan) -> Ground:
    """Gather what the repository at ``repo`` holds of what a plan speaks of.

    Raises:
        GitError: There is no repository, or git cannot read it.
    """
    git = Git(repo)
    if not git.ok("rev-parse", "--verify", "--quiet", "HEAD^{commit}"):
        raise GitError(
            "there is no commit to look at",
            where=repo.as_posix(),
            hint="commit something first, or lint without --repo",
        )
    tracked = frozenset(git.lines("ls-tree", "-r", "-z", "--name-only", "HEAD"))
    return Ground(home=plan.root, tracked=tracked)
