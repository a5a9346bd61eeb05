"""Webhooks, sent to real receivers."""
