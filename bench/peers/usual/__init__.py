"""The usual way: Strawberry, DataLoaders and SQLModel as their documentation teaches them, served as the platform is.

Every relation has a DataLoader, so there are no N + 1 statements; a request has one session and one transaction, in
whose scope row-level security works; documents are parsed and validated once; answers are written by orjson.
"""

from bench.contender import asgi, graphql

CONTENDER = asgi("usual", "bench.peers.usual.app:create", graphql)
