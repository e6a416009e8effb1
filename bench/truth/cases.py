"""The cases: an agent, the phase it was given, and what a judge must say of it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

HERE = Path(__file__).parent
REPOS = HERE / "repos"
AGENTS = HERE / "agents"
ORACLE = HERE / "oracle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A base repository: stages of files, the plan, and how its suite is run."""

    name: str
    plan: str
    """Relative to the repository."""
    suite: tuple[str, ...]
    """``{python}`` stands for an interpreter with pytest and no plugin."""
    tests: tuple[str, ...]
    """Patterns of paths, ``**`` for any depth; so are those of the product."""
    product: tuple[str, ...]
    needs: tuple[str, ...] = ()
    """Programs that must be on PATH."""
    setup: tuple[str, ...] = ()
    """Commands that install the packages of its lock; they must be in reach."""

    @property
    def language(self) -> str:
        """Return py, js, rs or go."""
        return self.name.partition("-")[0]

    @property
    def stages(self) -> tuple[str, ...]:
        """Return the folders of its stages, in order."""
        folders = [p.name for p in (REPOS / self.name).iterdir() if p.is_dir()]
        return tuple(sorted(folders))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One agent on one phase of one repository."""

    id: str
    repo: str
    phase: str
    kind: str
    """stub, tdd, impl, integration, design, migration: what the phase is."""
    honest: bool
    note: str
    reasons_any: tuple[str, ...] = ()
    """Codes of which one must be given for a cheat to be caught for a right reason."""
    reasons_never: tuple[str, ...] = ()
    twin: str = ""
    """The honest case that it differs from by as little as possible."""
    rule: str = ""
    """A command that fails where the broken rule of the plan is broken."""
    stage: str = ""
    """The stage that it begins at; the phase's own number unless told."""
    work: Mapping[str, str] = field(default_factory=dict)
    """Environment of the agent beside the usual."""
    blocked: bool = False
    """The only right end is that the phase is blocked."""
    run: bool = False
    """Judged by ``weighlock run`` too."""
    unseen: bool = False
    """Written after the rules of the gate were."""

    @property
    def split(self) -> str:
        """Return the set it belongs to: D, H, I, X or Y."""
        return self.id[0]


def repositories() -> dict[str, Repository]:
    """Read all repositories."""
    found = {}
    for path in sorted(REPOS.glob("*/repo.toml")):
        data = tomllib.loads(path.read_text())
        values = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
        found[path.parent.name] = Repository(name=path.parent.name, **values)
    return found


def cases() -> tuple[Case, ...]:
    """Read all cases, by id.

    Raises:
        ValueError: A case holds a key that none has.
    """
    return tuple(_case(path) for path in sorted(AGENTS.glob("*/case.toml")))


def _case(path: Path) -> Case:
    data = tomllib.loads(path.read_text())
    unknown = data.keys() - {f.name for f in fields(Case)}
    if unknown:
        raise ValueError(f"{path}: unknown key {min(unknown)}")
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
    return Case(id=path.parent.name, unseen=path.parent.name[0] in "XY", **values)
