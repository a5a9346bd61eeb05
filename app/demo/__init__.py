"""Demo data: the same organisations, people and tickets at every load, at times around the load's own."""

from app.demo.loading import Loaded, load

__all__ = ["Loaded", "load"]
