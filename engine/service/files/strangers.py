"""What else there is among the answers of a platform that takes files."""

from collections.abc import Iterator
from contextlib import closing

from engine.service.configured import refresh
from engine.service.context import Context
from engine.service.files.found import plainly
from engine.service.files.told import line
from engine.service.files.visit import Visit
from engine.service.jobs import Deed, Task
from engine.store import files

AT_ONCE = 1_000  # names that are looked up together


def visit_to(context: Context, task: Task) -> Visit:
    """A visit to the run's provider. Raises NotAllowedError where that is not effective."""
    refresh(context)
    (provider,) = context.configuration.sent_to(task.definition.provider)
    return Visit(context, provider)


def strangers(context: Context, task: Task) -> Iterator[Deed]:
    """Tell of what else there is among the answers; what is one of ours that has come again is removed."""
    with closing(visit_to(context, task)) as visit:
        places = visit.places
        for folder in (places.accepted, places.refused):
            there = set(plainly(visit, lambda folders, folder=folder: folders.names(folder)))  # type: ignore[misc]
            names = sorted(there - {places.errors.rpartition("/")[2]})
            for start in range(0, len(names), AT_ONCE):
                yield from passed_over(visit, folder, names[start : start + AT_ONCE])


def passed_over(visit: Visit, folder: str, names: list[str]) -> Iterator[Deed]:
    """The same of some names in one folder. What belongs to a file that has not ended is for the next run."""
    ours = {name: name.removesuffix(visit.places.ready) for name in names if name.endswith(visit.places.ready)}
    with visit.context.database.reading() as connection:
        newest = files.newest(connection, visit.provider.code, ours.values())
    for name in names:
        known = newest.get(ours.get(name, ""))
        path = f"{folder}/{name}"
        if known is None:
            yield line(visit, f"{path} is none of ours; it is left alone")
        elif known.cleared:
            plainly(visit, lambda folders, path=path: folders.remove(path))  # type: ignore[misc]
            yield line(visit, f"{path} has come again, after it had been {known.state.lower()}; it is removed")
