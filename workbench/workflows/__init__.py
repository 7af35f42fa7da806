"""What people do, one verb per file.

Each workflow asks `authorize` first, changes the workspace in one transaction with its audit row,
and raises `Refused` with a sentence for a person when it cannot. Screens, routes, forms, commands
and the worker call workflows and nothing below them.
"""
