import pytest

from engine.store.database import Database


@pytest.fixture(params=[pytest.param("memory", marks=pytest.mark.sqlite("in memory")), "kept"])
def database(request, make_database):
    made = Database("sqlite://" if request.param == "memory" else make_database())
    yield made
    made.close()


@pytest.fixture
def kept(make_database):
    """A database that outlives whoever has opened it."""
    made = Database(make_database())
    yield made
    made.close()
