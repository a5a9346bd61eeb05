"""A real server of Azure's blobs: Azurite, its maker's own, which checks signatures and takes blobs in blocks."""

import hmac
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path

import httpx
from obstore.store import AzureStore

from tests.support.node import WHEEL, install
from tests.support.processes import free_port
from tests.support.stores.bucket import AT_ONCE, CLIENT, FOLDER, NAME, Bucket, running, until

HERE = Path(__file__).parent
PROGRAM = HERE / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
OPTIONS = ("--inMemoryPersistence", "--disableTelemetry", "--blobHost", "127.0.0.1", "--blobPort")
ACCOUNT, SECRET = "bailiwick", b"a secret of the account's owner"
KEY = b64encode(SECRET).decode()
VERSION = "2023-11-03"


@contextmanager
def azure() -> Iterator[Bucket]:
    """An empty container, on a server of its own, for a block."""
    install(HERE)
    port = free_port()
    command: list[str | Path] = [WHEEL / "bin" / "node", PROGRAM, *OPTIONS, str(port)]
    with (
        tempfile.TemporaryDirectory(prefix="bailiwick-azure-") as folder,
        running(command, Path(folder), AZURITE_ACCOUNTS=f"{ACCOUNT}:{KEY}"),
    ):
        endpoint = f"http://127.0.0.1:{port}/{ACCOUNT}"
        until(lambda: _has_container(endpoint))
        yield _made(endpoint)


def _has_container(endpoint: str) -> bool:
    """Make it, as its owner does before anything is stored: once the server runs, it is there."""
    sent = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": VERSION}
    signed = "".join(f"{name}:{value}\n" for name, value in sent.items())
    text = "PUT" + "\n" * 12 + signed + f"/{ACCOUNT}/{ACCOUNT}/{NAME}\nrestype:container"
    signature = b64encode(hmac.digest(SECRET, text.encode(), "sha256")).decode()
    headers = {**sent, "authorization": f"SharedKey {ACCOUNT}:{signature}"}
    try:
        answer = httpx.put(f"{endpoint}/{NAME}", params={"restype": "container"}, headers=headers)
    except httpx.TransportError:
        return False
    assert answer.status_code == 201, answer.text
    return True


def _made(endpoint: str) -> Bucket:
    configured = {
        "AZURE_STORAGE_ACCOUNT_NAME": ACCOUNT,
        "AZURE_STORAGE_ACCOUNT_KEY": KEY,
        "AZURE_ENDPOINT": endpoint,
        "AZURE_ALLOW_HTTP": "true",
    }
    owner = AzureStore(
        NAME, account_name=ACCOUNT, account_key=KEY, endpoint=endpoint, client_options=CLIENT, retry_config=AT_ONCE
    )
    return Bucket(f"az://{NAME}/{FOLDER}", configured, owner)
