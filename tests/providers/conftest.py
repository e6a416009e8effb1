"""An upstream in memory, importable by name from these tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "tools"))
