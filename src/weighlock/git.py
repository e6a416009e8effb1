"""Call git so that nothing in the user's set-up changes what it answers.

No hooks, no pager, no prompts, no system or user configuration, no replace refs and
no grafts.
Every call is one short process; callers in the event loop use a thread.
"""

import functools
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from weighlock.errors import WeighlockError

_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "core.quotePath=false",
    "core.autocrlf=false",
    "core.attributesFile=/dev/null",
    "advice.detachedHead=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "commit.gpgSign=false",
    "protocol.file.allow=always",
)


class GitError(WeighlockError):
    """Git answered no: carries the arguments and its last words."""

    exit_code = 8
    said: str = ""
    """Everything that git wrote to stderr."""


@dataclass(frozen=True, slots=True)
class Git:
    """Git in one place: a repository, or a work tree with a chosen git directory."""

    cwd: Path
    env: Mapping[str, str] = field(default_factory=dict)
    """Added to the written-out environment: GIT_DIR, GIT_INDEX_FILE, ..."""
    timeout_s: float | None = None
    """For git directories that an agent could write to: a pipe there never ends."""

    def run(
        self,
        *args: str,
        stdin: bytes | BinaryIO = b"",
        codes: tuple[int, ...] = (0,),
    ) -> bytes:
        """Return stdout; a code outside ``codes`` is a GitError."""
        done = self.call(*args, stdin=stdin)
        if done.returncode not in codes:
            raise self._error(args, done)
        return done.stdout

    def call(
        self, *args: str, stdin: bytes | BinaryIO = b""
    ) -> subprocess.CompletedProcess[bytes]:
        """Run git whatever it answers; ``stdin`` is bytes or an open file."""
        done = self._start(args, stdin, _SETTINGS)
        if done.returncode and b"dubious ownership" in done.stderr and _trusted():
            done = self._start(args, stdin, (*_SETTINGS, *_trusted()))
        return done

    def _start(
        self, args: tuple[str, ...], stdin: bytes | BinaryIO, settings: tuple[str, ...]
    ) -> subprocess.CompletedProcess[bytes]:
        options = [part for setting in settings for part in ("-c", setting)]
        try:
            return subprocess.run(
                ["git", "--no-pager", *options, *args],
                cwd=self.cwd,
                env=self._environment(),
                capture_output=True,
                check=False,
                timeout=self.timeout_s,
                # Ctrl-C is for weighlock: a git that is cut short would be an error.
                process_group=0,
                input=stdin if isinstance(stdin, bytes) else None,
                stdin=None if isinstance(stdin, bytes) else stdin,
            )
        except subprocess.TimeoutExpired as error:
            raise GitError(
                f"git {_verb(args)} did not answer in {self.timeout_s} s",
                where=str(self.cwd),
            ) from error
        except OSError as error:
            raise self._unstarted(error) from error

    def text(self, *args: str, codes: tuple[int, ...] = (0,)) -> str:
        """Return stdout as text without the last line break."""
        return (
            self.run(*args, codes=codes).decode(errors="surrogateescape").rstrip("\n")
        )

    def lines(self, *args: str) -> list[str]:
        """Return stdout split at NUL bytes; for commands called with ``-z``."""
        out = self.run(*args).decode(errors="surrogateescape")
        return [part for part in out.split("\0") if part]

    def ok(self, *args: str) -> bool:
        """Say whether git exits with 0."""
        return self.call(*args).returncode == 0

    def resolve(self, revision: str) -> str | None:
        """Return the commit id of a revision, or None."""
        if "\0" in revision:
            return None
        found = self.call(
            *("rev-parse", "--verify", "--quiet"),
            f"{revision}^{{commit}}",
        )
        return found.stdout.decode().strip() or None

    def show(self, commit: str, path: str) -> bytes | None:
        """Return a file's bytes at a commit, or None."""
        done = self.call("cat-file", "blob", f"{commit}:{path}")
        return done.stdout if done.returncode == 0 else None

    def common_dir(self) -> Path:
        """Return the repository's common git directory, absolute."""
        return (self.cwd / self.text("rev-parse", "--git-common-dir")).resolve()

    def store(self) -> tuple[Path, str]:
        """Return the common git directory, and the name of the hash function."""
        said = self.text("rev-parse", "--git-common-dir", "--show-object-format")
        named, _, form = said.rpartition("\n")
        return (self.cwd / named).resolve(), form

    def _error(
        self, args: tuple[str, ...], done: subprocess.CompletedProcess[bytes]
    ) -> GitError:
        said = done.stderr.decode(errors="replace").strip()
        lines = said.splitlines()
        fatal = [line for line in lines if line.startswith("fatal: ")] or lines[-1:]
        why = fatal[-1].removeprefix("fatal: ") if fatal else f"exit {done.returncode}"
        error = GitError(f"git {_verb(args)}: {why}", where=str(self.cwd))
        error.said = said
        return error

    def _unstarted(self, error: OSError) -> GitError:
        if not self.cwd.is_dir():
            return GitError("there is no such folder", where=str(self.cwd))
        if isinstance(error, FileNotFoundError):
            return GitError("git is not on PATH", hint="install git 2.38 or newer")
        return GitError(f"git cannot be started: {error.strerror}")

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": "/nonexistent",
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_GRAFT_FILE": "/dev/null",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_AUTHOR_NAME": "weighlock",
            "GIT_AUTHOR_EMAIL": "weighlock@localhost",
            "GIT_COMMITTER_NAME": "weighlock",
            "GIT_COMMITTER_EMAIL": "weighlock@localhost",
            **self.env,
        }


def object_stores(common: Path) -> Iterator[Path]:
    """Return a repository's object store and all that it borrows from, each once."""
    seen: set[Path] = set()
    waiting = [common / "objects"]
    while waiting:
        store = waiting.pop(0).resolve()
        if store in seen or not store.is_dir():
            continue
        seen.add(store)
        yield store
        waiting += [store / name for name in _borrowed(store / "info" / "alternates")]


def _borrowed(alternates: Path) -> Iterator[str]:
    """Read a list of stores; git may have written a path in C quotes."""
    try:
        text = alternates.read_text(encoding="utf-8", errors="surrogateescape")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return
    for line in text.splitlines():
        if line.startswith('"'):
            inner = line[1:-1].encode("utf-8", "surrogateescape")
            raw = inner.decode("unicode_escape").encode("latin-1")
            yield raw.decode("utf-8", "surrogateescape")
        elif line and not line.startswith("#"):
            yield line


@functools.cache
def _trusted() -> tuple[str, ...]:
    """Return the user's own word on repositories that belong to somebody else.

    It is the one thing of the user's set-up that git must hear: containers and build
    machines depend on it.
    """
    asked = ("git", "config", "--null", "--get-all", "safe.directory")
    done = subprocess.run(asked, cwd="/", capture_output=True, check=False)
    places = done.stdout.decode(errors="surrogateescape").split("\0")
    return tuple(f"safe.directory={place}" for place in places if place)


def _verb(args: tuple[str, ...]) -> str:
    """Return what was asked of git, without the settings in front of it."""
    rest = list(args)
    while len(rest) > 1 and rest[0] == "-c":
        del rest[:2]
    return " ".join(rest[:2])
