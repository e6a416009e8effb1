"""Files by their git object ids: many at once, in few processes."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from weighlock.git import Git


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One path that a commit changed; an id is empty where there was no file."""

    path: str
    old: str
    new: str


def edits(git: Git, commits: Iterable[str]) -> dict[str, list[Edit]]:
    """Return what each commit changed against its first parent."""
    listed = "".join(f"{commit}\n" for commit in commits)
    if not listed:
        return {}
    out = git.run(
        *("diff-tree", "--stdin", "-r", "-z", "--raw", "--root", "--no-abbrev"),
        *("--no-renames", "--no-ext-diff", "-m", "--first-parent"),
        stdin=listed.encode(),
    )
    found: dict[str, list[Edit]] = {}
    commit = ""
    parts = iter(out.decode(errors="surrogateescape").split("\0"))
    for part in parts:
        if part.startswith(":"):
            _, _, old, new, _ = part.split(" ")
            edit = Edit(path=next(parts), old=_there(old), new=_there(new))
            found[commit].append(edit)
        elif part.strip():
            commit = part.strip().split()[0]
            found.setdefault(commit, [])
    return found


def _there(blob: str) -> str:
    return blob if blob.strip("0") else ""


def ids(git: Git, commit: str, paths: Collection[str]) -> dict[str, str]:
    """Return the blob ids of those paths that are files at a commit."""
    names = [f"{commit}:{path}".encode(errors="surrogateescape") for path in paths]
    if not names:
        return {}
    out = git.run("cat-file", "--batch-check", "-z", stdin=b"\0".join(names) + b"\0")
    found: dict[str, str] = {}
    at = 0
    for path, name in zip(paths, names, strict=True):
        missing = name + b" missing\n"
        if out.startswith(missing, at):
            at += len(missing)
            continue
        end = out.index(b"\n", at)
        blob, kind, _ = out[at:end].decode().split(" ")
        at = end + 1
        if kind == "blob":
            found[path] = blob
    return found


def ids_on_disk(git: Git, paths: Iterable[str]) -> dict[str, str]:
    """Return the blob ids that files of the work tree would have."""
    plain = [p for p in paths if "\n" not in p and (git.cwd / p).is_file()]
    if not plain:
        return {}
    listed = "".join(f"{path}\n" for path in plain)
    out = git.run(
        "hash-object", "--stdin-paths", stdin=listed.encode(errors="surrogateescape")
    )
    return dict(zip(plain, out.decode().split(), strict=True))


def contents(git: Git, blobs: Iterable[str]) -> dict[str, bytes]:
    """Return the bytes of blobs."""
    return dict(_contents(git, list(dict.fromkeys(b for b in blobs if b))))


def _contents(git: Git, blobs: list[str]) -> Iterator[tuple[str, bytes]]:
    if not blobs:
        return
    out = git.run(
        "cat-file", "--batch", stdin="".join(f"{b}\n" for b in blobs).encode()
    )
    at = 0
    for blob in blobs:
        end = out.index(b"\n", at)
        size = int(out[at:end].split(b" ")[2])
        yield blob, out[end + 1 : end + 1 + size]
        at = end + 2 + size


def renamed(git: Git, old: str, new: str | None) -> dict[str, str]:
    """Return where files were before, by where they are now.

    Args:
        git: The repository.
        old: The older commit.
        new: The newer one; None for the work tree.
    """
    later = [new] if new else []
    out = git.lines(
        *("diff", "-M50%", "-z", "--name-status", "--diff-filter=R", "--no-ext-diff"),
        *(old, *later, "--"),
    )
    return {out[n + 2]: out[n + 1] for n in range(0, len(out) - 2, 3)}
