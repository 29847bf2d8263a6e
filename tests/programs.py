"""Programs of this machine that tests drive things with."""

import shutil

import pytest


def program(name):
    """Where the program is; the test is skipped where it is not."""
    return shutil.which(name) or pytest.skip(f"{name} is wanted, and not on this machine.")
