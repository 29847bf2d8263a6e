"""What users, operators and platforms see when all is over, without the moments of it: however it came about."""

import re
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import asdict

from sqlalchemy import select

from engine.store import audits, schema
from simulators.kit.faults import STEPS

ACCOUNT = re.compile(r"\b(T\d{6}|2\d{5})\b")  # given in the order in which accounts are made
ALL = 10_000
FOLDERS = [f"/contego/autreq/{folder}" for folder in ("req", "ok", "err")]


def facts(engine, stage):
    """By name, so that who compares them can say what differs. All of it can be compared."""
    found = {
        "requests": requests(engine),
        "standing": standing(engine),
        "actions": Counter(
            (one.subscription, one.action.value, one.state.value) for one in engine.actions(ALL).results
        ),
        "entries": Counter((one.subscription, one.text, one.state.value) for one in engine.entries(ALL).results),
        "files": Counter(
            (one.provider, one.type, one.ca_id, one.records, one.state.value, one.code)
            for one in engine.files(ALL).results
        ),
        "differences": rows(engine, audits.TABLE, "provider", "difference", "thing", "believed", "found"),
        "notes": rows(engine, schema.out_of_sync, "provider"),
        "unsound": unsound(stage),
    }
    for name, workspace in stage.workspaces.items():
        journal = workspace.journal
        effects = Counter(undated(line) for entry in journal.find() for line in entry.difference)
        found[f"holdings at {name}"] = Counter(undated(line) for held in workspace.holdings().values() for line in held)
        found[f"effects at {name}"] = effects
        found[f"files at {name}"] = files(workspace)
        found[f"violations at {name}"] = [str(one.violations) for one in journal.violations()]
    return found


def requests(engine):
    """Every request, with whose it is and how it has ended; one that waits says whether it is in a file."""
    return Counter(
        (*whose(one), one.type, one.process_name, one.life_cycle_state.value, one.error_code, bool(one.file))
        for one in engine.requests(ALL)
    )


def whose(request):
    return request.subscription, request.provider


def files(workspace):
    """What a platform was told in files, whether that changed anything there or not; and what lies there now."""
    if not hasattr(workspace, "tree"):
        return Counter()
    taken = (one for one in workspace.journal.find() if one.operation not in STEPS)  # a line that broke may be told of
    told = Counter((one.operation, *one.parameters.get("cards", ())) for one in taken)
    suffixes = ((path, name.rpartition(".")[2]) for path in FOLDERS for name in workspace.tree.names(path))
    return told + Counter(suffixes)


def rows(engine, table, *columns):
    """What a table says of each subscription."""
    query = select(schema.subscriptions.c.number, *(table.c[column] for column in columns)).select_from(
        table.join(schema.subscriptions)
    )
    with engine.context.database.reading() as connection:
        return Counter((*row[:-1], undated(str(row[-1]))) for row in connection.execute(query))


def standing(engine):
    """How each subscription stands at each provider."""
    return {
        (one.number, code): (each.in_sync, each.pending, each.unfiled, len(each.awaiting), tuple(each.differences))
        for one in engine.subscriptions(ALL)
        for code, each in engine.show(one.number).providers.items()
    }


def unsound(stage):
    """What SQLite itself has against its file."""
    if stage.database.shared:
        return []
    with closing(sqlite3.connect(stage.url.removeprefix("sqlite:///"))) as raw:
        broken = raw.execute("PRAGMA quick_check").fetchall() + raw.execute("PRAGMA foreign_key_check").fetchall()
    return [one for one in broken if one != ("ok",)]


def undated(line):
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z?|\d{12}", "AT", ACCOUNT.sub("T", line))


def told(engine):
    """What the newest run has counted, and what the logs of all runs say: of whom, and what."""
    runs = engine.runs(limit=ALL).results
    lines = [line for run in runs for line in engine.run_log(run.id, ALL).results]
    counted = {"state": runs[0].state.value, "total": runs[0].total, **asdict(runs[0].counts)} if runs else {}
    return counted, Counter((line.subscription, line.message) for line in lines)
