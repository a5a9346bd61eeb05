"""GraphQL over HTTP: one Starlette application around an injected executor."""
