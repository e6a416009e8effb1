"""Keep a program among its own: the machine's tools, its tree, and nothing else.

Used for every program of the gate and for every agent.  What cannot be seen cannot be
read back: no home, no secret, no state, no expected answer lies inside the walls.
"""

from weighlock.sandbox.confine import Kind, confined, kind
from weighlock.sandbox.walls import Walls

__all__ = ["Kind", "Walls", "confined", "kind"]
