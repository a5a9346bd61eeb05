"""The floor: the platform with graphql-core in the place of its planner, as the tests' oracle has it."""

import logging

from starlette.applications import Starlette

from app.http.logs import configure_logs
from app.main import application
from app.settings import settings as configuration
from tests.oracle.operations import OracleOperations


def create() -> Starlette:
    """The application, from the environment."""
    configure_logs(logging.INFO)
    return application(configuration(), operations=OracleOperations)
