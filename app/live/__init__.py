"""GraphQL over WebSocket: the protocol graphql-transport-ws, as its PROTOCOL.md has it."""
