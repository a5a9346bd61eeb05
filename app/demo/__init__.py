"""Demo data: the same organisations, people and tickets at every load, at times around the load's own."""

from app.demo.load import Loaded, generate, load

__all__ = ["Loaded", "generate", "load"]
