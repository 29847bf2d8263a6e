"""`headend run`: what is set up, what goes on, what was done."""

import sys

import click

from harness.cli import reach
from harness.cli.text import columns
from harness.clients import EngineClient, Json

DEFINITION_COLUMNS = ("code", "name", "kind", "schedule", "effective")
RUN_COLUMNS = (
    "id",
    "definition",
    "state",
    "start_date",
    "total",
    "examined",
    "changed",
    "requests",
    "rejected",
    "errors",
)
LOG_COLUMNS = ("at", "subscription", "message")
PREVIEW_COLUMNS = ("subscription", "moment", "action", "scheduled")
FAILED = frozenset({"FAILED", "COMPLETED_WITH_ERRORS"})


@click.command()
@click.argument("definition", required=False)
@click.option("--preview", is_flag=True, help="Show what the run would do, and change nothing.")
@click.option("--runs", "list_wanted", is_flag=True, help="List runs: those of DEFINITION, or all.")
@click.option("--log", "log_of", type=click.IntRange(1), metavar="RUN", help="Show what a run did.")
@click.option("--interrupt", "interrupted", type=click.IntRange(1), metavar="RUN", help="End a run that goes on.")
@click.option("--resume", "resumed", type=click.IntRange(1), metavar="RUN", help="Go on with a run that was ended.")
@click.option("--delete", "deleted", type=click.IntRange(1), metavar="RUN", help="Delete a run that was never begun.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="How many, at most.")
@click.option("--offset", type=click.IntRange(0), default=0, help="How many to pass over.")
@reach.as_json
@reach.engine_option
@reach.plainly
def run(
    definition: str | None,
    *,
    preview: bool,
    list_wanted: bool,
    log_of: int | None,
    interrupted: int | None,
    resumed: int | None,
    deleted: int | None,
    limit: int,
    offset: int,
    json_wanted: bool,
    engine_url: str | None,
) -> None:
    """Run DEFINITION now, and stay until it is over. Without one: list what is set up.

    \b
    headend run MAINTENANCE --preview
    headend run MAINTENANCE
    headend run --log 1

    Exit status: 0 done, 1 refused, failed or with errors, 2 called wrongly.
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    client = reach.engine(engine_url)
    page = {"number_of_results": limit, "offset": offset}
    if log_of:
        found = client.look("/runs/log", id=log_of, **page)
        reach.say(found, json_wanted=json_wanted, text=lambda one: columns(one["results"], LOG_COLUMNS))
    elif interrupted:
        report(client.change("/runs/interrupt", of(interrupted)), json_wanted=json_wanted)
    elif deleted:
        reach.say(client.change("/runs/delete", of(deleted)), json_wanted=json_wanted, text=lambda _: "Deleted.")
    elif resumed:
        report(followed(client, client.change("/runs/resume", of(resumed))), json_wanted=json_wanted)
    elif list_wanted:
        found = client.look("/runs/list", definition=definition, **page)
        reach.say(found, json_wanted=json_wanted, text=lambda one: runs_table(one["results"]))
    elif definition is None:
        found = client.look("/definitions/list")
        reach.say(found, json_wanted=json_wanted, text=lambda one: columns(one, DEFINITION_COLUMNS))
    elif preview:
        found = client.look("/definitions/preview", alternative_code=definition, **page)
        reach.say(found, json_wanted=json_wanted, text=foreseen)
    else:
        submitted = client.change("/definitions/submit", {"definition_identifier": {"alternative_code": definition}})
        report(followed(client, submitted), json_wanted=json_wanted)


def of(run_id: int) -> Json:
    """What names a run."""
    return {"run_identifier": {"id": run_id}}


def followed(client: EngineClient, submitted: Json) -> Json:
    """The run when it is over; until then, how far it is, where somebody looks on."""
    now = submitted
    with click.progressbar(range(now["total"]), label=now["definition"], file=sys.stderr) as bar:
        while now["state"] == "IN_PROGRESS":
            now = client.look("/runs/show", id=submitted["id"], within_s=1)
            bar.length = now["total"]
            bar.update(now["counts"]["examined"] - bar.pos)
    return now


def report(found: Json, *, json_wanted: bool) -> None:
    """Print what became of a run, and leave with the status that it deserves."""
    reach.say(found, json_wanted=json_wanted, text=outcome)
    if found["state"] in FAILED:
        raise click.exceptions.Exit(reach.REFUSED)


def outcome(found: Json) -> str:
    """A run, for people."""
    hint = f"\n{found['reason']}" if found["reason"] else ""
    errors = f"\n`headend run --log {found['id']}` says what went wrong." if found["counts"]["errors"] else ""
    return f"{runs_table([found])}{hint}{errors}"


def runs_table(found: list[Json]) -> str:
    """Runs, one a line."""
    return columns([{**one, **one["counts"]} for one in found], RUN_COLUMNS) if found else "No runs."


def foreseen(found: Json) -> str:
    """What a run would do, for people."""
    if not found["results"]:
        return "Nothing is due."
    return f"{columns(found['results'], PREVIEW_COLUMNS)}\n{found['total']} subscriptions in all; nothing was changed."
