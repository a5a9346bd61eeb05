"""The embedded PostgreSQL."""

from app.postgres.server import EmbeddedServer

__all__ = ["EmbeddedServer"]
