"""Operations that schemathesis makes from the schema, valid ones and invalid ones, sent as one person."""

from pathlib import Path

from tests.support.platform import Platform
from tests.support.tools import tool

CHECKS = ("answers_or_refuses", "content_type_conformance", "negative_data_rejection", "response_schema_conformance")
SEED = "20260901"


def faults(platform: Platform, email: str, seconds: int) -> str:
    """What schemathesis tells of faults; nothing where it found none."""
    run = tool(
        "schemathesis",
        "run",
        f"{platform.url}/graphql",
        f"--header=Authorization: Bearer {platform.token(email)}",
        f"--checks={','.join(CHECKS)}",
        f"--max-time={seconds}",
        f"--seed={SEED}",
        "--generation-database=none",
        "--suppress-health-check=all",
        "--continue-on-failure",
        "--warnings=off",
        "--no-color",
        SCHEMATHESIS_HOOKS=str(Path(__file__).with_name("hooks.py")),
    )
    return "" if run.returncode == 0 else run.stdout + run.stderr
