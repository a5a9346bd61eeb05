"""The command line: `bailiwick`."""

import sys

import typer
from pydantic import ValidationError

from app.cli import demo, documents, install, mail, migrate, plan, policy, reset, schema, serve, sla, token, worker
from app.errors import SetupError

cli = typer.Typer(
    name="bailiwick",
    help="Multi-tenant GraphQL platform for companies that look after other companies' online services.",
    epilog="Configured by environment variables: the README lists them all.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
cli.command()(serve.serve)
cli.command()(worker.worker)
cli.add_typer(mail.cli, name="mail")
cli.add_typer(migrate.cli, name="migrate")
cli.command()(install.install)
cli.command()(demo.demo)
cli.command()(token.token)
cli.command()(plan.plan)
cli.add_typer(schema.cli, name="schema")
cli.add_typer(documents.cli, name="documents")
cli.add_typer(policy.cli, name="policy")
cli.add_typer(sla.cli, name="sla")
cli.command()(reset.reset)


def main() -> None:
    """Run the command; what keeps it from working is one line on the standard error."""
    try:
        cli(prog_name="bailiwick")
    except SetupError as error:
        sys.exit(f"bailiwick: {error}")
    except ValidationError as error:
        sys.exit(f"bailiwick: {_first(error)}")
    except KeyboardInterrupt:
        sys.exit(130)


def _first(error: ValidationError) -> str:
    from app.settings import Settings, environment_name

    first = error.errors(include_url=False, include_input=False)[0]
    name = str(first["loc"][0]) if first["loc"] else "settings"
    return f"{environment_name(name) if name in Settings.model_fields else name}: {first['msg']}"
