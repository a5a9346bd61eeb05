"""A real S3 server: SeaweedFS, which checks signatures and takes objects in parts."""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from obstore.store import S3Store

from tests.support.processes import free_port
from tests.support.stores.bucket import AT_ONCE, CLIENT, FOLDER, NAME, Bucket, running, until

KEY, SECRET = "bailiwick", "a secret of the bucket's owner"
PROGRAM = str(Path(sys.executable).parent / "weed")
PARTS = ("master", "volume", "filer", "s3")


@contextmanager
def s3() -> Iterator[Bucket]:
    """An empty bucket, on a server of its own, for a block."""
    with tempfile.TemporaryDirectory(prefix="bailiwick-s3-", ignore_cleanup_errors=True) as folder:
        ports = {name: free_port() for name in PARTS}
        owner = {"name": "owner", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}
        (Path(folder) / "s3.json").write_text(json.dumps({"identities": [owner]}))
        with _server(Path(folder), ports):
            made = _made(f"http://127.0.0.1:{ports['s3']}")
            until(made.takes)
            yield made


@contextmanager
def _server(folder: Path, ports: dict[str, int]) -> Iterator[None]:
    inner = {name: free_port() for name in PARTS}
    try:
        with running([PROGRAM, "server", f"-dir={folder}", *_options(folder, ports, inner)], folder):
            yield
    finally:
        for name, port in inner.items():
            Path(f"/tmp/seaweedfs-{name}-grpc-{port}.sock").unlink(missing_ok=True)  # wherever TMPDIR is


def _options(folder: Path, ports: dict[str, int], inner: dict[str, int]) -> list[str]:
    """Everything of it listens where nothing else does, on this machine alone."""
    return [
        *(f"-{name}.port={port}" for name, port in ports.items()),
        *(f"-{name}.port.grpc={port}" for name, port in inner.items()),
        *(f"-{name}.localSocket={folder / name}.sock" for name in ("filer", "s3")),
        *("-s3", f"-s3.config={folder / 's3.json'}", "-s3.port.iceberg=0", "-s3.port.lance=0"),
        *("-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-volume.max=4"),
    ]


def _made(endpoint: str) -> Bucket:
    configured = {
        "AWS_ENDPOINT": endpoint,
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
    }
    owner = S3Store(
        NAME,
        endpoint=endpoint,
        region=configured["AWS_REGION"],
        access_key_id=KEY,
        secret_access_key=SECRET,
        client_options=CLIENT,
        retry_config=AT_ONCE,
    )
    return Bucket(f"s3://{NAME}/{FOLDER}", configured, owner)
