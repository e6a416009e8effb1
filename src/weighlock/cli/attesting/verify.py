"""``verify-attestation FILE``: whose word it is, what it says, and of what."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from weighlock.attest import Signer, Trust, Weighed
from weighlock.cli.context import Globals, verb
from weighlock.errors import TamperedError, UsageError
from weighlock.git import Git


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """What is left when everything that can be held against a file was."""

    weighed: Weighed
    signer: Signer | None
    here: bool
    """Whether the repository has the commit, and it holds the tree."""


@verb("verify-attestation")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--key", type=click.Path(path_type=Path), help="The public key that must sign it."
)
@click.option(
    "--signers",
    type=click.Path(path_type=Path),
    help="Who may sign it: a file as ssh's allowed_signers.",
)
@click.option("--unsigned", is_flag=True, help="Believe whoever wrote the file.")
@click.option("--commit", metavar="REV", help="The commit that it must speak of.")
def verify_attestation(
    globals_: Globals,
    *,
    file: Path,
    key: Path | None,
    signers: Path | None,
    unsigned: bool,
    commit: str | None,
) -> int:
    """Check an attestation and end with the exit code of the verdict in it.

    What was changed, is signed by nobody you trust, or speaks of another commit, ends
    with 8.
    """
    from weighlock.attest import opened, read
    from weighlock.cli.verify import EXIT

    trust = _trust(key, signers, unsigned=unsigned)
    try:
        found = opened(_bytes(file), trust)
        weighed = read(found.statements)
        here = _held_against(globals_, weighed, commit)
    except TamperedError as error:
        error.where = error.where or str(file)
        raise
    _show(globals_, Proven(weighed=weighed, signer=found.signer, here=here))
    return EXIT[weighed.verdict.verdict]


def _trust(key: Path | None, signers: Path | None, *, unsigned: bool) -> Trust | None:
    if [key is not None, signers is not None, unsigned].count(True) != 1:
        raise UsageError(
            "say whom you believe: one of --key, --signers and --unsigned",
            hint="--key FILE.pub: the public key of whoever attests",
        )
    return None if unsigned else Trust(key=key, signers=signers)


def _bytes(file: Path) -> bytes:
    from weighlock.attest.bundle import LIMIT

    try:
        with file.open("rb") as data:
            return data.read(LIMIT + 1)
    except OSError as error:
        raise UsageError(
            f"the attestation cannot be read: {error.strerror}", where=str(file)
        ) from error


def _held_against(globals_: Globals, weighed: Weighed, commit: str | None) -> bool:
    """Compare with the repository; return whether it has the commit at all.

    Raises:
        TamperedError: The commit holds another tree, or another one was asked for.
        UsageError: There is no such revision here.
    """
    git, verdict = Git(globals_.folder()), weighed.verdict
    found = git.call("rev-parse", "--verify", "-q", f"{verdict.head}^{{tree}}")
    tree = found.stdout.decode(errors="replace").strip()
    if found.returncode == 0 and tree != verdict.tree:
        raise TamperedError(
            f"commit {verdict.head[:10]} holds tree {tree[:10]}, and the attestation "
            f"speaks of {verdict.tree[:10]}"
        )
    if commit is not None:
        _asked(git, weighed, commit)
    return found.returncode == 0


def _asked(git: Git, weighed: Weighed, revision: str) -> None:
    wanted = git.resolve(revision)
    if wanted is None:
        raise UsageError(f"there is no commit {revision!r} here")
    verdict = weighed.verdict
    if wanted in {verdict.head, weighed.landed}:
        return
    if git.text("rev-parse", f"{wanted}^{{tree}}") == verdict.tree:
        return
    landed = f", landed as {weighed.landed[:10]}" if weighed.landed else ""
    raise TamperedError(
        f"it speaks of commit {verdict.head[:10]}{landed}, not of {wanted[:10]}",
        hint="weigh what you have: weighlock verify PLAN --phase KEY --attest FILE",
    )


def _show(globals_: Globals, proven: Proven) -> None:
    from weighlock.views.text import Style
    from weighlock.views.verdict import as_text

    if globals_.json:
        globals_.data(_document(proven))
        return
    style = Style(color=globals_.colored(), width=100)
    sys.stdout.write(as_text(proven.weighed.verdict, style))
    sys.stdout.write("\n" + "".join(f"{line}\n" for line in _words(proven)))


def _words(proven: Proven) -> list[str]:
    weighed, signer = proven.weighed, proven.signer
    lines = ["Unsigned: whoever could write the file could write this."]
    if signer is not None:
        who = f"{signer.name}, " if signer.name else ""
        lines = [f"Signed by {who}{signer.key}."]
    if not proven.here:
        lines.append("The commit is not in this repository.")
    for said, who in (
        ("A person accepted the work: ", weighed.approved_by),
        ("A person let later phases go on without it: ", weighed.waived_by),
        ("Landed as ", weighed.landed),
    ):
        lines += [f"{said}{who}."] if who else []
    return lines


def _document(proven: Proven) -> dict[str, Any]:
    weighed, signer = proven.weighed, proven.signer
    verdict = weighed.verdict
    return {
        "schema": "weighlock/attestation/1",
        "verdict": verdict.verdict,
        "plan": verdict.plan,
        "plan_digest": weighed.plan,
        "phase": verdict.phase,
        "commit": verdict.head,
        "tree": verdict.tree,
        "landed": weighed.landed or None,
        "run": weighed.run or None,
        "approved_by": weighed.approved_by or None,
        "waived_by": weighed.waived_by or None,
        "signer": signer and {"key": signer.key, "name": signer.name or None},
        "here": proven.here,
    }
