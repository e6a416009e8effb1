"""The loop: the only part of weighlock that both awaits and decides."""

from weighlock.engine.loop import Engine
from weighlock.engine.world import Bounds, Places, World

__all__ = ["Bounds", "Engine", "Places", "World"]
