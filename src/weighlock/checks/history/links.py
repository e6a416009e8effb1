"""Where symbolic links lead, as a file system would follow them, in a tree of git's.

Reading the target alone is not enough: ``d/../../x`` stays inside by its letters and
leaves by its way, when ``d`` is a link to the top.
"""

import posixpath
from collections.abc import Mapping

_HOPS = 40
"""As many as Linux follows."""


def leads(path: str, links: Mapping[str, str]) -> str | None:
    """Say where a link leads that may not be there, in words; None: it is fine.

    Args:
        path: The link.
        links: Every link of the tree, path → target.
    """
    target = links[path]
    if posixpath.isabs(target):
        return f"a symlink to the absolute path {target}"
    at, hops = [*path.split("/")[:-1]], 0
    waiting = target.split("/")[::-1]
    while waiting:
        step = waiting.pop()
        if step == "..":
            if not at:
                return f"a symlink out of the tree, to {target}"
            at.pop()
            continue
        at += [] if step in {"", "."} else [step]
        if step.lower() == ".git":
            return f"a symlink into the git directory, to {target}"
        further = links.get("/".join(at))
        if further is None or step in {"", "."}:
            continue
        hops += 1
        if hops > _HOPS or posixpath.isabs(further):
            return f"a symlink that leads out of the tree or in a circle, to {target}"
        at.pop()
        waiting += further.split("/")[::-1]
    return None
