"""What keeps the platform from starting, said in one line."""


class SetupError(Exception):
    """Something outside the program is missing or in the way; its text is all that the operator reads."""
