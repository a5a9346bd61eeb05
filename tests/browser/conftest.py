"""What mail needs, from the tests of mail."""

from tests.mail.conftest import _box, post

__all__ = ["_box", "post"]
