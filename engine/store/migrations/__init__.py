"""The forms that the tables have had, and the ways between them.

Alembic is not imported here: a database that has today's form needs none of it, and the start is watched.
"""

# Oldest first; each stands for a file in `versions`. The first is release 0.1.0, which wrote no revision down.
REVISIONS = ("0001", "0002")
FIRST, HEAD = REVISIONS[0], REVISIONS[-1]
