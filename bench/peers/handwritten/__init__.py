"""The limit: a Starlette route for each workload, with the SQL and the answer written by hand for exactly this answer.

Nothing of the platform's own machinery is in it but pure functions: how a global id is written, how text is checked,
how working time is counted. It answers partners' administrators, and customers' owners who invite support.
"""

from bench.peers.handwritten.app import create

__all__ = ["create"]
