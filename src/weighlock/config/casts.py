"""TOML values → fields: every key is known, every type is right, or one clear error."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from weighlock.errors import SettingsError

T = TypeVar("T")


def one_of(value: str, known: tuple[str, ...], name: str, where: str) -> None:
    """Refuse a word that is not one of those known, with the one that was meant.

    Raises:
        SettingsError: It is not.
    """
    if value not in known:
        near = difflib.get_close_matches(value, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(known)}"
        raise SettingsError(f"{name} is {value!r}", hint=hint, where=where)


def place(path: Path | None, source: Path) -> Path | None:
    """Return a path relative to the folder of a file; ``~`` is the user's home."""
    return None if path is None else (source.parent / path.expanduser()).resolve()


def fill(cls: type[T], values: Mapping[str, Any], name: str, where: str) -> T:
    """Make a dataclass from a TOML table.

    Raises:
        SettingsError: An unknown key, or a value of the wrong type.
    """
    types = get_type_hints(cls)
    known = [f.name for f in fields(cls) if f.name not in _NOT_KEYS]  # type: ignore[arg-type]
    given: dict[str, Any] = {}
    for key, value in values.items():
        full = f"{name}.{key}" if name else key
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = (
                f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
            )
            raise SettingsError(f"unknown key {full}", hint=hint, where=where)
        given[key] = _cast(value, types[key], full, where)
    return cls(**given)


def _cast(value: object, wanted: object, name: str, where: str) -> object:
    for accepts, convert, types in _CASTS:
        if wanted in types and accepts(value):
            return convert(value)
    raise SettingsError(f"{name} has the wrong type: {value!r}", where=where)


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) for v in value)


def _env(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(v, str) for v in value.values())


def _lists(value: object) -> bool:
    return isinstance(value, dict) and all(map(_texts, value.values()))


def _tuples(value: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(texts) for key, texts in value.items()}


_NOT_KEYS = frozenset({"name", "source"})
_CASTS: tuple[tuple[Callable[[Any], bool], Callable[[Any], object], list[object]], ...]
_CASTS = (
    (lambda v: isinstance(v, str), str, [str, str | None]),
    (lambda v: isinstance(v, str), Path, [Path | None]),
    (lambda v: type(v) is bool, bool, [bool]),
    (lambda v: type(v) is int, int, [int, int | None]),
    (lambda v: type(v) in {int, float} and v > 0, float, [float, float | None]),
    (lambda v: type(v) in {int, float} and v >= 0, float, [float | str]),
    (lambda v: isinstance(v, str), str, [float | str]),
    (_texts, tuple, [tuple[str, ...]]),
    (_env, dict, [Mapping[str, str]]),
    (_lists, _tuples, [Mapping[str, tuple[str, ...]]]),
)
