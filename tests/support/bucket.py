"""A real S3 server: SeaweedFS, which checks signatures and takes objects in parts."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from tests.support.processes import WAIT_SECONDS, environment, free_port

KEY, SECRET = "bailiwick", "a secret of the bucket's owner"
NAME = "files"
PROGRAM = str(Path(sys.executable).parent / "weed")
PARTS = ("master", "volume", "filer", "s3")


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket; `environment` is what S3's clients read their credentials and its address from."""

    url: str
    environment: dict[str, str]

    def found(self) -> list[str]:
        """What is in it, as its owner sees it."""
        return sorted(each["path"] for found in obstore.list(self._store()) for each in found)

    def await_ready(self) -> None:
        """Wait until it takes objects."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                obstore.put(self._store(), "ready", b"ready")
                obstore.delete(self._store(), "ready")
            except BaseError:
                assert time.monotonic() < deadline, "the S3 server does not answer"
                time.sleep(0.2)
            else:
                return

    def _store(self) -> S3Store:
        given = self.environment
        return S3Store(
            NAME,
            endpoint=given["AWS_ENDPOINT"],
            region=given["AWS_REGION"],
            access_key_id=KEY,
            secret_access_key=SECRET,
            client_options={"allow_http": True},
            retry_config={"max_retries": 0, "retry_timeout": timedelta(seconds=5)},
        )


@contextmanager
def bucket() -> Iterator[Bucket]:
    """An empty one, on a server of its own, for a block."""
    with tempfile.TemporaryDirectory(prefix="bailiwick-s3-", ignore_cleanup_errors=True) as folder:
        ports = {name: free_port() for name in PARTS}
        owner = {"name": "owner", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}
        (Path(folder) / "s3.json").write_text(json.dumps({"identities": [owner]}))
        with _server(Path(folder), ports):
            made = _made(f"http://127.0.0.1:{ports['s3']}")
            made.await_ready()
            yield made


@contextmanager
def _server(folder: Path, ports: dict[str, int]) -> Iterator[None]:
    """The server, killed at the end: it takes its time to stop, and nothing of it is kept."""
    inner = {name: free_port() for name in PARTS}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [PROGRAM, "server", f"-dir={folder}", *_options(folder, ports, inner)],
            cwd=folder,
            env=environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            yield
        finally:
            process.kill()
            process.wait()
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
    return Bucket(f"s3://{NAME}/ours", configured)
