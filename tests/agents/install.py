"""Install the real agents' pinned packages under ``.agents/``, each in its folder.

The pins are those of the profiles, so what is tried is what users are told to install.
npm finds its registry in its own settings; no address is written anywhere.
"""

import subprocess
import sys
from pathlib import Path

from weighlock.agents.profiles import PROFILES

NAMES = ("claude", "codex", "opencode", "gemini")
ROOT = Path(__file__).resolve().parents[2] / ".agents"
OPTIONS = ("--no-save", "--no-audit", "--no-fund", "--no-package-lock", "--silent")


def installed(name: str) -> bool:
    """Say whether the pinned version of an agent is there."""
    pin = ROOT / name / "pin"
    return pin.is_file() and pin.read_text() == PROFILES[name].package


def install(name: str) -> None:
    """Install one agent; the pin is written when all of it is there."""
    package = PROFILES[name].package
    folder = ROOT / name
    folder.mkdir(parents=True, exist_ok=True)
    sys.stderr.write(f"{name}: npm install {package}\n")
    subprocess.run(
        ["npm", "install", "--prefix", str(folder), *OPTIONS, package], check=True
    )
    (folder / "pin").write_text(package)


def main() -> int:
    """Install what is missing; return an exit code."""
    try:
        for name in NAMES:
            if not installed(name):
                install(name)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"cannot install the agents: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
