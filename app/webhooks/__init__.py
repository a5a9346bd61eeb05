"""Sending webhooks over HTTP, to no address that was not looked at."""
