"""Whoever has called wrongly is told so in one sentence."""

import sqlite3
import sys
from collections.abc import Callable

from sqlalchemy.exc import DBAPIError

from engine.domain.errors import DomainError

CALLED_WRONGLY = 2


def plainly(command: Callable[[], None]) -> int:
    """Do what is wanted. Gives the exit status: 0, or 2 with one sentence of what must be put right."""
    try:
        command()
    except (DomainError, OSError, ValueError) as error:
        return wrongly(str(error))
    except DBAPIError as error:
        return wrongly(f"The database can't be used: {error.orig}.")
    except sqlite3.Error as error:  # from transactions, which begin beside SQLAlchemy
        return wrongly(f"The database can't be used: {error}.")
    return 0


def wrongly(why: str) -> int:
    """Say what must be put right; gives the exit status."""
    sys.stderr.write(f"engine: {why}\n")
    return CALLED_WRONGLY
