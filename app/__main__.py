"""`python -m app` is `bailiwick`."""

from app.cli import main

main()
