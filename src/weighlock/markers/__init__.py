"""Find the markers of a whole tree: which line names which phase or requirement.

``scan`` reads a work tree or a commit; ``rows`` reads one text.
"""

from weighlock.markers.scan import scan
from weighlock.markers.text import rows

__all__ = ["rows", "scan"]
