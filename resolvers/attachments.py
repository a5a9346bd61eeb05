"""Uploading files (A11, C14)."""

from typing import Annotated, Any

import strawberry

from authz.gate import Gate
from domain.base import new_id
from domain.tickets.files import Sent, add_file, announce_upload, new_key
from domain.tickets.uploads import scan_uploads
from execution.upload import Upload
from resolvers.arguments import INPUT
from resolvers.context import Info
from resolvers.mutations import Changed, MutationInput, mutate


@strawberry.input(description="Input of `attachmentUploadCreate`: a file that you are about to upload.")
class AttachmentUploadCreateInput(MutationInput):
    """A11."""

    file_name: str = strawberry.field(description="The bare file name, up to 255 characters.")
    media_type: str = strawberry.field(description="The media type, such as image/png.")
    size: int = strawberry.field(description="Bytes: 1 to 26,214,400. The upload has exactly as many.")


@strawberry.input(description="Input of `attachmentCreate`: a file that comes with the request.")
class AttachmentCreateInput(MutationInput):
    """A11."""

    file: Upload = strawberry.field(
        description="1 to 26,214,400 bytes, with a bare file name of up to 255 characters and a media type, which the "
        "content must bear out."
    )


async def attachment_upload_create(info: Info, input: Annotated[AttachmentUploadCreateInput, INPUT]) -> Any:
    """Announce a file and get the address to which it is uploaded."""

    async def command(gate: Gate) -> Changed:
        return {"attachment_id": await announce_upload(gate, input.file_name, input.media_type, input.size)}

    return await mutate(info, input, command)


async def attachment_create(info: Info, input: Annotated[AttachmentCreateInput, INPUT]) -> Any:
    """Keep a file that has come; of one that is refused, or has been kept already, nothing stays."""
    uploads, file, file_id = info.context.facilities.uploads, input.file, new_id()
    key = new_key(file_id)

    async def command(gate: Gate) -> Changed:
        sent = Sent(file.file_name, file.media_type, file.size, file.chunks())
        return {"attachment_id": await add_file(gate, uploads.store, file_id, key, sent)}

    kept = False
    try:
        payload = await mutate(info, input, command)
        kept = payload["attachment_id"] == file_id
    finally:
        if not kept:
            await uploads.store.delete(key)
    if kept:
        await scan_uploads(info.context.database, uploads, info.context.actor.now, [file_id])
    return payload
