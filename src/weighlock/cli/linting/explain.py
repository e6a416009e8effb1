"""``weighlock explain``: what a code means, why it matters, and the cure."""

import textwrap
from collections.abc import Iterator

import click

from weighlock.cli.context import Globals, verb
from weighlock.errors import UsageError
from weighlock.plan.lint.fixes import FIXABLE
from weighlock.plan.lint.names import named, near
from weighlock.plan.lint.rules import RULES, Rule
from weighlock.views.reasons import MEANINGS
from weighlock.views.text import Style

SCHEMA = "weighlock/explain/1"
_WIDTH = 80
_LABEL = 7


@verb()
@click.argument("codes", metavar="[CODE]...", nargs=-1)
def explain(globals_: Globals, codes: tuple[str, ...]) -> int:
    """Say what a code means, why it matters, and the cure.

    CODE is a rule of lint (WL405) or a reason in a verdict (not-red). Without one, all
    are listed.
    """
    found = [_find(code) for code in codes]
    if globals_.json:
        everything = found or [*RULES, *MEANINGS]
        globals_.data({"schema": SCHEMA, "codes": [_data(one) for one in everything]})
        return 0
    style = Style(color=globals_.colored())
    told = [_told(one, style) for one in found] or [_listed(style)]
    click.echo("\n\n".join(told))
    return 0


def _find(code: str) -> Rule | str:
    """Return a rule, or a reason as it is spelt.

    Raises:
        UsageError: There is no such code.
    """
    reason = code.lower()
    found = named(code) or (reason if reason in MEANINGS else None)
    if found is None:
        from difflib import get_close_matches

        like = near(code) or next(iter(get_close_matches(reason, MEANINGS, n=1)), "")
        hint = f"did you mean {like}?" if like else "weighlock explain lists them all"
        raise UsageError(f"there is no code {code!r}", hint=hint)
    return found


def _data(one: Rule | str) -> dict[str, object]:
    if isinstance(one, str):
        return {"code": one, "kind": "reason", "means": MEANINGS[one]}
    return {
        "code": one.code,
        "kind": "rule",
        "means": one.title,
        "severity": one.severity,
        "family": one.family,
        "why": one.why,
        "cure": one.cure,
        "bad": one.bad,
        "good": one.good,
        "fixable": one.code in FIXABLE,
    }


def _told(one: Rule | str, style: Style) -> str:
    if isinstance(one, str):
        head = f"{style.paint(one, 'strong')} · reason in a verdict"
        return f"{head}\n\n{_wrapped(MEANINGS[one])}"
    return "\n".join(_rule(one, style))


def _rule(rule: Rule, style: Style) -> Iterator[str]:
    yield f"{style.paint(rule.code, 'strong')} · {rule.severity} · {rule.family}"
    yield ""
    yield _wrapped(f"{rule.title[0].upper()}{rule.title[1:]}. {rule.why}")
    yield ""
    yield _labelled("Cure", rule.cure)
    for head, example in (("Wrong", rule.bad), ("Right", rule.good)):
        if example:
            yield f"\n{style.paint(head, 'strong')}\n"
            yield textwrap.indent(example.rstrip("\n"), "    ")
    number = rule.code.partition("-")[0]
    yield ""
    if rule.code in FIXABLE:
        yield _labelled("Fix", "weighlock lint --fix, where it is certain")
    yield _labelled("Hide", f"<!-- weighlock: ignore {number} --> on the line before")
    yield _labelled("or", f'[lint] ignore = ["{number}"] in weighlock.toml')


def _labelled(label: str, text: str) -> str:
    after = " " * _LABEL
    return textwrap.fill(f"{label:{_LABEL}}{text}", _WIDTH, subsequent_indent=after)


def _wrapped(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_on_hyphens=False)


def _listed(style: Style) -> str:
    parts = []
    wide = max(len(rule.code) for rule in RULES)
    for family in dict.fromkeys(rule.family for rule in RULES):
        rows = [f"{r.code:{wide}}  {r.title}" for r in RULES if r.family == family]
        parts.append("\n".join([style.paint(f"lint · {family}", "strong"), *rows]))
    rows = [f"{code:{wide}}  {means}" for code, means in MEANINGS.items()]
    parts.append("\n".join([style.paint("reasons in a verdict", "strong"), *rows]))
    return "\n\n".join(parts)
