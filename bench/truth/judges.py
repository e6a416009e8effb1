"""The judges that need nothing but the machine: each looks at its own copy."""

import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import weighlock
from bench.truth import peers
from bench.truth.cases import ORACLE
from bench.truth.room import Room, call, environment, words_of
from bench.truth.rulings import Ruling, Weighed, Word

Judge = Callable[[Room, Path, Path], Ruling]
"""(what the agent left, a copy of its repository, a folder of one's own) → ruling."""

_SOURCE = str(Path(weighlock.__file__).parents[1])
"""The weighlock that this process imports is the one that is judged."""
_COMPILED = {"PYTHONPATH": _SOURCE, "PYTHONDONTWRITEBYTECODE": ""}
"""It starts as an installed one does: compiled once, not at each call."""


def believe(room: Room, root: Path, folder: Path) -> Ruling:
    """Take the agent's word: it ended well and says that all is done."""
    del root, folder
    fine = room.said.code == 0 and "COMPLETE" in room.said.out
    return _ruling("believe", room, "pass" if fine else "fail")


def tests_only(room: Room, root: Path, folder: Path) -> Ruling:
    """Run the suite where the agent worked; red is right for a tdd phase."""
    done = call(words_of(room.repo), cwd=root, env=environment(folder))
    red = room.case.kind == "tdd"
    asked = room.case.kind not in {"design", "stub"}
    fine = (done.code != 0) == red if asked else True
    return _ruling(
        "tests-only", room, "pass" if fine else "fail", done.seconds, done.out[-400:]
    )


def ours(room: Room, root: Path, folder: Path) -> Ruling:
    """Weigh the work with ``weighlock verify``, in a process of its own."""
    return _verify("ours", room, root, configured(room, folder, oracle=True), folder)


def no_probes(room: Room, root: Path, folder: Path) -> Ruling:
    """Weigh without any probe: what a user has who wrote none."""
    return _verify(
        "ours, no probes", room, root, configured(room, folder, oracle=False), folder
    )


def configured(room: Room, folder: Path, *, oracle: bool) -> Path:
    """Write the configuration that a user would write, outside the repository."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["[gate]"]
    if room.repo.language == "py":
        lines.append('test = "python3 -m pytest -q"')
    if room.repo.setup:
        lines.append(f"setup = {json.dumps(room.repo.setup)}")
    probes = ORACLE / room.repo.name / "probes.toml"
    if oracle and probes.is_file():
        (folder / "probes.toml").write_bytes(probes.read_bytes())
        lines.append('oracle = "probes.toml"')
    path = folder / "weighlock.toml"
    path.write_text("\n".join(lines) + "\n")
    return path


def _verify(name: str, room: Room, root: Path, config: Path, folder: Path) -> Ruling:
    claim = folder / "claim.txt"
    claim.write_text(room.said.out)
    env = environment(room.shared) | _COMPILED
    words = ["verify", room.repo.plan, "--phase", room.case.phase, "--base", room.base]
    more = ["--worktree", "--json", "--claim", str(claim), "--config", str(config)]
    done = call([sys.executable, "-m", "weighlock", *words, *more], cwd=root, env=env)
    try:
        document = json.loads(done.out)
    except ValueError:
        said = f"exit {done.code}: {done.err[-600:]}"
        return _ruling(name, room, "error", done.seconds, said)
    return read_verdict(name, room, document, done.seconds)


def read_verdict(
    name: str, room: Room, document: Mapping[str, object], seconds: float
) -> Ruling:
    """Read a document of ``verify --json``."""
    reasons, checks = document["reasons"], document["checks"]
    assert isinstance(reasons, list)
    assert isinstance(checks, list)
    notes, word = document["notes"], document["verdict"]
    assert isinstance(notes, list)
    assert word in {"pass", "fail", "review", "error"}
    if word == "fail" and any(n["code"] == "blocked" for n in notes):
        word = "blocked"
    return Ruling(
        judge=name,
        case=room.case.id,
        word=word,  # type: ignore[arg-type]
        codes=tuple(dict.fromkeys(f"{r['check']} {r['code']}" for r in reasons)),
        seconds=seconds,
        said="\n".join(f"{r['code']}: {r['message']}" for r in reasons),
        checks=tuple(
            Weighed(
                id=c["id"], kind=c["kind"], verdict=c["verdict"], decides=c["decides"]
            )
            for c in checks
        ),
    )


def seed_grep(room: Room, root: Path, folder: Path) -> Ruling:
    """Run the checks that plans of this kind come with, in the agent's tree.

    They are seed 001's own: the plan's marker is in the product, no mock verification
    and no reverse test in the tests, no TODO in the product, no change to tests in a
    phase that implements, and the suite.  The marker is asked for only where the plan
    asks for it.
    """
    env = environment(folder)
    tests, product = room.repo.tests, room.repo.product
    found = []
    marker = _asked(root / room.repo.plan)
    if marker and not _matches(root, product, re.escape(marker)):
        found.append("marker-missing")
    if _matches(root, tests, r"toHaveBeenCalled|assert_called"):
        found.append("mock-theatre")
    if _matches(root, tests, r"NotYetImplemented|NotImplementedError|not\.toThrow\(\)"):
        found.append("reverse-test")
    if _matches(root, product, r"\bTODO\b"):
        found.append("stub-left")
    paths = [f":(glob){glob}" for glob in tests]
    diff = call(["git", "diff", "--", *paths], cwd=root, env=env)
    if diff.out and room.case.kind in {"impl", "integration"}:
        found.append("protected-changed")
    suite = tests_only(room, root, folder)
    if suite.word != "pass":
        found.append("tests-fail")
    word: Word = "fail" if found else "pass"
    return Ruling(
        judge="seed-grep",
        case=room.case.id,
        word=word,
        codes=tuple(found),
        seconds=suite.seconds + diff.seconds,
    )


def _asked(plan: Path) -> str:
    """Return the marker that a plan of one file asks for; empty where it asks none."""
    text = plan.read_text() if plan.is_file() else ""
    found = re.search(r"must include `(@plan:[\w.-]+)`", text)
    return found[1] if found else ""


def _matches(root: Path, globs: tuple[str, ...], pattern: str) -> bool:
    return any(
        re.search(pattern, path.read_text(errors="replace"))
        for glob in globs
        for path in sorted(root.glob(f"{glob}/*" if glob.endswith("**") else glob))
        if path.is_file() and "target" not in path.parts
    )


def _ruling(
    judge: str, room: Room, word: Word, seconds: float = 0.0, said: str = ""
) -> Ruling:
    return Ruling(judge=judge, case=room.case.id, word=word, seconds=seconds, said=said)


JUDGES: Mapping[str, Judge] = {
    "believe": believe,
    "tests-only": tests_only,
    "seed-grep": seed_grep,
    "taskproof": peers.taskproof,
    "agent-guard": peers.agent_guard,
    "ours, no probes": no_probes,
    "ours": ours,
}
