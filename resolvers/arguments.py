"""Arguments that many root fields share, with their descriptions."""

from typing import Annotated

import strawberry

First = Annotated[int | None, strawberry.argument(description="How many to return from the start, 1-100.")]
After = Annotated[str | None, strawberry.argument(description="Return those after this cursor.")]
Last = Annotated[int | None, strawberry.argument(description="How many to return from the end, 1-100.")]
Before = Annotated[str | None, strawberry.argument(description="Return those before this cursor.")]
Id = Annotated[strawberry.ID, strawberry.argument(description="A global id.")]
INPUT = strawberry.argument(description="What is to be done.")
Version = Annotated[
    int | None,
    strawberry.argument(description="The `version` that you have read: CONFLICT if it is another one by now."),
]
ExpectedVersion = Annotated[
    int, strawberry.argument(description="The `version` that you have read; CONFLICT if it is another one by now.")
]
