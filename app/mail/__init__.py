"""Mail: what is said, how it is sent, and how it is taken in."""
