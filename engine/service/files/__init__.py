"""Requests that go in files: put in them, sent, answered, shown; and the runs that do it."""
