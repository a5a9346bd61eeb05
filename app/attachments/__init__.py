"""The routes by which files come in and go out, each at a signed address (A11; spec 3, 12)."""
