"""Start the command line: ``python -m weighlock``.

Python puts the working folder first on the path of ``-m``.  That folder is the project
that is weighed: a ``json.py`` in it would be loaded in place of the library's.
"""

import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    del sys.path[0]

from weighlock.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
