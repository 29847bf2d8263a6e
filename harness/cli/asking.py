"""What commands that ask something of a platform for one device have in common: where to ask, and what is told then."""

from collections.abc import Callable, Mapping
from typing import Any

import click

from harness.cli import reach
from harness.cli.requested import answer, requests_table
from harness.clients import EngineClient

CALLS = {"irdeto": "/irdeto/provisioning_requests", "conax": "/conax_sms_sas/provisioning_requests"}
USUAL = "irdeto"
"""Whose calls are made where nothing says more: they refuse what is not for them, and say why."""
PROCESSING, ERROR_HANDLING = "process_provisioning_requests", "error_handling"
WHICH = (
    click.option("--provider", metavar="CODE", help="At this provider, where several could be meant."),
    click.option("--express", is_flag=True, help="Before what is regular."),
    click.option("--later", is_flag=True, help="Leave it to the next processing run."),
)
TOLD = (reach.as_json, reach.engine_option, reach.plainly, reach.changing)


def by_hand(*more: Any) -> Callable[[Any], Any]:
    """A command with the options that all of these have, and more."""

    def furnished(command: Any) -> Any:
        for option in reversed((*WHICH, *more, *TOLD)):
            command = option(command)
        return command

    return furnished


def device(serial_number: str) -> dict[str, Any]:
    """What names a device in a call."""
    return {"installed_item_identifier": {"serial_number": serial_number}}


def protocol_of(client: EngineClient, provider: str | None, serial_number: str) -> str:
    """The protocol that is spoken about a device: that of the provider which is named, else of the one that has it."""
    providers = {one["code"]: one["protocol"] for one in client.look("/provisioning/providers/list")}
    spoken = {code: protocol for code, protocol in providers.items() if protocol in CALLS}
    if provider:
        return str(spoken.get(provider, USUAL))
    meant = set(spoken.values())
    if len(meant) > 1 and serial_number:
        meant = {protocol for code, protocol in spoken.items() if is_there(client, code, serial_number)}
    return meant.pop() if len(meant) == 1 else USUAL


def is_there(client: EngineClient, code: str, serial_number: str) -> bool:
    """Whether a device is used at a provider."""
    asked = {"provisioning_provider_identifier": code, "serial_number": serial_number}
    return bool(client.look("/provisioning/installed_items/show", **asked)["distributors"])


def body_of(said: Mapping[str, Any], *, provider: str | None, express: bool, **more: Any) -> dict[str, Any]:
    """What a call says, besides what is not said."""
    common = {
        "provisioning_provider_identifier": {"alternative_code": provider} if provider else None,
        "priority": "EXPRESS" if express else None,
    }
    return {name: value for name, value in {**said, **common, **more}.items() if value is not None}


def tell(client: EngineClient, made: list[Any], *, json_wanted: bool, hint: str = "") -> None:
    """Print what came of requests, as one where there is one, and leave with the status that they deserve."""
    text = "\n".join([outcome(made), *left(client, made, hint)])
    reach.say(made[0] if len(made) == 1 else made, json_wanted=json_wanted, text=lambda _made: text)
    if any(one["in_doubt"] for one in made):
        raise click.exceptions.Exit(reach.IN_DOUBT)
    if any(one["life_cycle_state"] == "REJECTED" for one in made):
        raise click.exceptions.Exit(reach.REFUSED)


def outcome(made: list[Any]) -> str:
    """Requests and their answers, for people."""
    if all(one["answer"] for one in made):
        return "\n".join(answer(one["answer"]) for one in made)
    return "\n".join([requests_table(made), *(one["error_description"] for one in made if one["error_description"])])


def left(client: EngineClient, made: list[Any], hint: str) -> list[str]:
    """What takes those that have not ended further, and where the answer is then; nothing, where all have ended."""
    pending = [one for one in made if one["life_cycle_state"] == "PENDING"]
    if not pending:
        return []
    first = pending[0]
    files = ", ".join(dict.fromkeys(one["file"] for one in pending if one["file"]))
    if files:
        said = f"Goes in {files}. The error-handling run takes the answer down"
        told = f"{said} ({runs(client, ERROR_HANDLING, first['provider'])})."
    else:
        after = f"the first processing run after {first['scheduled_date']}" if first["scheduled_date"] else ""
        told = f"Left to {after or 'the next processing run'} ({runs(client, PROCESSING, first['provider'])})."
    asked = f"headend requests --provider {first['provider']} --type {first['type']} {hint}"
    return [told, f"`{asked}` shows the answer then."] if hint else [told]


def runs(client: EngineClient, kind: str, provider: str) -> str:
    """The effective runs of a kind that are for this provider, with their schedules."""
    found = [
        f"{one['code']}, {one['schedule'] or 'when it is submitted'}"
        for one in client.look("/definitions/list")
        if one["kind"] == kind and one["effective"] and one["provider"] in {"", provider}
    ]
    return "; ".join(found) or "none is effective"
