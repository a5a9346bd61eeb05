"""What the platform is compared with; a module each, whose `create` makes an ASGI application from the environment.

A peer is served as the platform is, on the same database (`bench.targets.running`), and its workloads stand in
`bench.workloads` beside the platform's, with answers that are checked in the same way.
"""
