"""What a plan puts off: fragments that are deferred, and the rest of lists."""

from dataclasses import dataclass

from graphql import Node

from execution.planning.plan import ObjectPlan


@dataclass(frozen=True, slots=True, eq=False)
class Deferred:
    """A fragment that comes later: the plan of all that it selects, for the rows of the object that it stands in.

    `node` is where the document says so: at one object that counts once. `root` tells that the object is the root.
    """

    node: Node
    label: str | None
    plan: ObjectPlan
    root: bool


@dataclass(frozen=True, slots=True)
class Stream:
    """A list of which all but the first `count` items come later."""

    label: str | None
    count: int
