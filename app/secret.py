"""The installation's secret key: given outside demo mode, made once and kept in demo mode."""

import os
import secrets
from contextlib import suppress

from app.errors import SetupError
from app.settings import Settings


def secret_key(settings: Settings) -> str:
    """The key; raises `SetupError` where none is given and none may be made."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    if not settings.demo:
        raise SetupError(
            "BAILIWICK_SECRET_KEY is needed outside demo mode: "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(48))'` makes one"
        )
    path = settings.data_folder / "secret-key"
    path.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        partial = path.with_name(f"secret-key.{os.getpid()}")
        partial.touch(mode=0o600)
        partial.write_text(secrets.token_urlsafe(48))
        if path.exists():
            partial.unlink()
        else:
            partial.rename(path)
    return path.read_text()
