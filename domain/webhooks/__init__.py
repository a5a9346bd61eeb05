"""Webhooks: where an organisation wants to hear of its tickets' events, and what became of each."""
