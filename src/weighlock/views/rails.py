"""The order of phases as lines of text, with rails beside it as ``git log`` has."""

from collections.abc import Mapping

from weighlock.plan import order
from weighlock.plan.model import Plan
from weighlock.views.signs import sign

_JOINTS = {
    # (up, down, left, right) → how it looks
    (True, True, False, False): "│",
    (False, False, True, True): "─",
    (True, True, False, True): "├",
    (True, True, True, False): "┤",
    (True, True, True, True): "┼",
    (True, False, True, False): "╯",
    (True, False, False, True): "╰",
    (False, True, True, False): "╮",
    (False, True, False, True): "╭",
    (True, False, True, True): "┴",
    (False, True, True, True): "┬",
}
_ASCII = str.maketrans("│─├┤┼╯╰╮╭┴┬", "|-++++++" + "+++")


def draw(
    plan: Plan, states: Mapping[str, str] | None = None, *, glyphs: bool = True
) -> str:
    """Draw one line per phase in an order that works, needs first.

    Rails on the left lead from a phase down to those that need it.
    """
    states = states or {}
    needs = order.needs_of(plan.phases)
    cycles = order.cycles(needs)
    rails = _Rails(order.reduced(needs))
    phases = {p.key: p for p in plan.phases}
    rows: list[tuple[str, str]] = []
    for key in order.topological(order.acyclic(needs)[0]):
        joints = rails.lead_to(key)
        if joints is not None:
            rows.append((joints, ""))
        state = states.get(key)
        mark = (sign(state).glyph if glyphs else sign(state).plain) if state else "o"
        word = f"  [{sign(state).word}]" if state else ""
        phase = phases[key]
        group = f"  (group {phase.group})" if phase.group else ""
        rows.append((rails.row(mark), f"{key:<4} {phase.title}{group}{word}"))
    wide = max((len(left) for left, _ in rows), default=0)
    lines = [f"{left:<{wide}}  {right}".rstrip() for left, right in rows]
    lines += [f"cycle: {' needs '.join(cycle)}" for cycle in cycles]
    drawn = "\n".join(lines) + "\n" if lines else "no phases\n"
    return drawn if glyphs else drawn.translate(_ASCII)


class _Rails:
    """The open rails while phases are drawn one after the other."""

    def __init__(self, needs: Mapping[str, tuple[str, ...]]) -> None:
        self._needs = needs
        self._left = {k: len(v) for k, v in order.successors(needs).items()}
        self._rails: list[str | None] = []
        self._at = 0
        """Where the phase that was just led to stands."""
        self._width = 0
        """How many rails the last row had."""

    def lead_to(self, key: str) -> str | None:
        """Bend the rails that a phase needs to its place.

        Returns the line that this takes, None when it takes none.
        """
        before = list(self._rails)
        coming = [i for i, rail in enumerate(before) if rail in self._needs[key]]
        for i in coming:
            self._left[before[i] or ""] -= 1
        ended = [i for i in coming if not self._left[before[i] or ""]]
        free = [i for i, rail in enumerate(before) if rail is None]
        self._at = (ended or free or [len(before)])[0]
        for i in ended:
            self._rails[i] = None
        if self._at == len(self._rails):
            self._rails.append(None)
        # A phase that needs nothing must not stand right below another one.
        straight = coming == [self._at] or (not coming and self._at >= self._width)
        line = None if straight else self._joints(before, coming)
        self._rails[self._at] = key
        return line

    def row(self, mark: str) -> str:
        """Return the rails beside a phase, with its mark among them."""
        cells = [
            mark if i == self._at else "│" if rail else " "
            for i, rail in enumerate(self._rails)
        ]
        self._width = len(cells)
        key = self._rails[self._at]
        if key is not None and not self._left[key]:
            self._rails[self._at] = None
        while self._rails and self._rails[-1] is None:
            self._rails.pop()
        return " ".join(cells)

    def _joints(self, before: list[str | None], coming: list[int]) -> str:
        """Draw what bends; above a phase that needs nothing, only what passes by."""
        ends = [*coming, self._at] if coming else []
        low, high = min(ends, default=0), max(ends, default=-1)
        out = []
        for i in range(max(len(before), self._at + 1)):
            up = i < len(before) and before[i] is not None
            down = i == self._at or self._rails[i] is not None
            if i in ends:
                out.append(_JOINTS[up, down, i > low, i < high])
            else:
                out.append("│" if up else "─" if low < i < high else " ")
            out.append("─" if low <= i < high else " ")
        return "".join(out).rstrip()
