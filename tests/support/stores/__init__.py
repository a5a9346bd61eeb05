"""Real object stores: a bucket on a server of its own, which a test may fill."""
