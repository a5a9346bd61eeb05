"""Webhooks, without a database."""
