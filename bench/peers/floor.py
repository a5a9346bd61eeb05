"""The platform with graphql-core in the place of its planner, and DataLoaders: what the tests hold the planner to."""

from starlette.applications import Starlette

from app.main import application
from app.settings import settings
from tests.oracle.operations import OracleOperations


def create() -> Starlette:
    """The application, with all else that the platform has on."""
    return application(settings(), operations=OracleOperations)
