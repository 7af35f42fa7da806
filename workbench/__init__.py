"""Alliance Workbench: coding of recorded therapy sessions, rater agreement and the working alliance.

The packages form one downward line; ARCHITECTURE.md shows it and import-linter holds it.
"""

__version__ = "0.1.0"
