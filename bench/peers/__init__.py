"""What the platform is compared with: a package each; its `CONTENDER` says how it is started and asked.

Each answers `bench.questions` on the same database with row-level security on, and looks the session of the same access
token up at every request. What they share is beside them: `tokens.py` verifies, `sessions.sql` looks up, and
`invitation.py` has the rules of an invitation that need no database.
"""
