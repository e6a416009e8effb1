"""A scripted upstream, four dialects and a client: importable as ``gateway_tests``."""

import importlib.util
import sys
from pathlib import Path

for _name in ("gateway_dialects", "gateway_tests"):
    _spec = importlib.util.spec_from_file_location(
        _name, Path(__file__).with_name(f"{_name}.py")
    )
    assert _spec is not None
    assert _spec.loader is not None
    _module = importlib.util.module_from_spec(_spec)
    sys.modules[_name] = _module
    _spec.loader.exec_module(_module)
