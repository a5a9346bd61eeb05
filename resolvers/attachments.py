"""Uploading files (A11, C14)."""

from typing import Annotated, Any

import strawberry

from authz.gate import Gate
from domain.tickets.uploads import announce_upload
from resolvers.arguments import INPUT
from resolvers.context import Info
from resolvers.mutations import Changed, MutationInput, mutate


@strawberry.input(description="Input of `attachmentUploadCreate`: a file that you are about to upload.")
class AttachmentUploadCreateInput(MutationInput):
    """A11."""

    file_name: str = strawberry.field(description="The bare file name, up to 255 characters.")
    media_type: str = strawberry.field(description="The media type, such as image/png.")
    size: int = strawberry.field(description="Bytes: 1 to 26,214,400. The upload may not be larger.")


async def attachment_upload_create(info: Info, input: Annotated[AttachmentUploadCreateInput, INPUT]) -> Any:
    """Announce a file and get the address to which it is uploaded."""

    async def command(gate: Gate) -> Changed:
        return {"attachment_id": await announce_upload(gate, input.file_name, input.media_type, input.size)}

    return await mutate(info, input, command)
