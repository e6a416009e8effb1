"""Write the reference pages that follow from the code: ``make docs``.

``python docs/generate.py`` writes them, ``--check`` says which are out of date.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import meanings  # noqa: E402 - these lie beside this file
from from_codes import lint_rules, reason_codes  # noqa: E402
from from_commands import commands, exit_codes  # noqa: E402
from from_fields import configuration, journal  # noqa: E402

__all__ = ["meanings", "stale"]

PAGES = {
    "commands.md": commands,
    "configuration.md": configuration,
    "exit-codes.md": exit_codes,
    "reason-codes.md": reason_codes,
    "lint-rules.md": lint_rules,
    "journal.md": journal,
}


def stale() -> dict[Path, str]:
    """Return the pages that are not as they should be, with their right text."""
    wanted = {HERE / "reference" / name: make() for name, make in PAGES.items()}
    return {
        path: text
        for path, text in wanted.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    }


def main() -> int:
    """Write what is out of date; with ``--check`` only name it."""
    found = stale()
    for path, text in found.items():
        print(path.relative_to(HERE.parent))
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
    return int(bool(found) and "--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
