"""The scalar of files that come with requests."""

from typing import Final

import strawberry
from strawberry.types.scalar import ScalarDefinition

from execution.upload import parse_upload

UPLOAD: Final[ScalarDefinition] = strawberry.scalar(
    name="Upload",
    description="A file that comes with the request, which is a multipart one then; it stands in the variables alone.",
    specified_by_url="https://github.com/jaydenseric/graphql-multipart-request-spec",
    parse_value=parse_upload,
)
