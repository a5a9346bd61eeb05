"""PostGraphile 5 on the Node.js of the environment's own wheel, started as a Python module: `python -m` this package.

`schema.sql` makes the views that it shows, `server.mjs` is the server, `documents.py` has the workloads in its words.
"""
