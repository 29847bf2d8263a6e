"""The story as it is told on a terminal."""

import re

import click

from harness.demo.play import Played

DECLARATION = re.compile(r"<\?xml[^>]*\?>\s*")
PALE = {"PENDING": "yellow", "COMPLETED": "green", "REJECTED": "red"}


def tell(played: Played, number: int) -> str:
    """One step: what was done, what crossed the wire, what changed, what is held now, and whether that is right."""
    parts = [
        click.style(f"{number}. {played.step.title}", bold=True)
        + f"   ({played.step.action} {played.step.subscription})",
        *(requests_of(played) or ["   no requests"]),
        *(wire(one["request"], one["response"]) for one in played.exchanges),
        f"   effects       {', '.join(played.effects) or 'none'}",
        *holdings(played),
        f"   in sync       {'yes' if played.in_sync else click.style('NO', fg='red')}",
        verdict(played),
    ]
    return "\n".join(parts) + "\n"


def requests_of(played: Played) -> list[str]:
    """The requests, and how they ended."""
    return [
        f"   {one['command']:<16} {click.style(one['life_cycle_state'], fg=PALE[one['life_cycle_state']])}"
        f" {one['error_code']}".rstrip()
        for one in played.requests
    ]


def wire(request: str, response: str) -> str:
    """What went out and what came back."""
    out, back = (DECLARATION.sub("", text).strip() for text in (request, response))
    return click.style(f"     > {out}\n     < {back}", dim=True)


def holdings(played: Played) -> list[str]:
    """What the platform holds, account by account."""
    held = [f"{account}: {', '.join(lines[1:])}" for account, lines in sorted(played.holdings.items())]
    return [f"   {'holds now' if not index else '':<13} {one}" for index, one in enumerate(held)]


def verdict(played: Played) -> str:
    """Whether the step went as the manual says."""
    if not played.problems:
        return "   " + click.style("as the manual says", fg="green")
    head = click.style("   NOT as the manual says", fg="red")
    return "\n".join([head, *(f"   {problem}" for problem in played.problems)])
