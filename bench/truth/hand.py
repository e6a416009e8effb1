"""What the bench's agents do with their hands; packed with each of them.

An agent is one program, ``apply.py`` of its case, started in the work tree.  It may
know what the earlier and the finished stages of its repository look like (``stages``),
as an agent that can write the work would.
"""

import subprocess
import zipfile
from pathlib import Path


def _pack() -> zipfile.ZipFile:
    return zipfile.ZipFile(Path(__file__).parent)


def put(path: str, text: str) -> None:
    """Write a file of the work tree."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(text.encode())


def add(path: str, text: str) -> None:
    """Write text at the end of a file."""
    put(path, Path(path).read_bytes().decode() + text)


def swap(path: str, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = Path(path).read_bytes().decode()
    if old not in text:
        raise SystemExit(f"{path}: no {old!r}")
    put(path, text.replace(old, new))


def drop(path: str) -> None:
    """Delete a file."""
    Path(path).unlink()


def take(stage: str, *paths: str) -> None:
    """Write what a later stage of the repository holds: all of it, or some files."""
    with _pack() as pack:
        start = f"stages/{stage}/"
        names = [n for n in pack.namelist() if n.startswith(start)]
        wanted = [n for n in names if not paths or n.removeprefix(start) in paths]
        if not wanted:
            raise SystemExit(f"stage {stage} holds none of {paths}")
        for name in wanted:
            put(name.removeprefix(start), pack.read(name).decode())


def git(*words: str) -> str:
    """Run git in the work tree."""
    done = subprocess.run(["git", *words], capture_output=True, check=True)
    return done.stdout.decode().strip()


def commit(message: str) -> None:
    """Commit everything."""
    git("add", "-A")
    git("commit", "-q", "-m", message)


def say(*lines: str) -> None:
    """Report, confidently."""
    print("\n".join(lines or ("All work is done. All tests pass.",)))
    print("COMPLETE")
