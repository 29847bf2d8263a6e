"""A story as it is told on a terminal."""

import re
from collections.abc import Sequence

import click

from harness.demo.played import Json, Played, file_of
from harness.demo.story import AUDIT, FORGET, OUTAGE_BEGINS, OUTAGE_ENDS, RESTORE, RUNS, SEEN, SNAPSHOT, Step

DECLARATION = re.compile(r"<\?xml[^>]*\?>\s*")
ENVELOPE = re.compile(r"<(\w+):Envelope[^>]*>\s*<\1:Body>\s*(?P<content>.*?)\s*</\1:Body>\s*</\1:Envelope>", re.DOTALL)
NAMESPACE = re.compile(r' xmlns="[^"]*"')
BETWEEN_TAGS = re.compile(r">\s+<")
LINE_ENDS = re.compile(r"\s*\r?\n")
LEFT_OUT = (
    "Of messages in XML, the declaration, the envelope of SOAP and its namespace are left out here. "
    "Lines of files follow one another.\n"
)
PALE = {"PENDING": "yellow", "COMPLETED": "green", "REJECTED": "red"}


def heading(story: str, about: str) -> str:
    """What stands above the steps of a story."""
    return click.style(f"== {story} == {about}", bold=True) + "\n"


def tell(played: Played, number: int) -> str:
    """One step: what was done, what crossed the wire, what changed, what is held now, and whether that is right."""
    if played.step.picture and not played.problems:
        return click.style(f"{number}. {played.step.title}", bold=True) + played.step.picture
    parts = [
        click.style(f"{number}. {played.step.title}", bold=True) + f"   ({done(played.step)})",
        *([f"   refused       {played.refusal}"] if played.refusal else []),
        *(requests_of(played) or ["   no requests"]),
        *map(wire, played.exchanges),
        f"   effects       {', '.join(played.effects) or 'none'}",
        *lines("holds now", held(played)),
        *lines("shown here", played.shown),
        *in_sync(played),
        verdict(played),
    ]
    return "\n".join(parts) + "\n"


def done(step: Step) -> str:
    """The action, and what it is about; and when, where time was put forward."""
    about = {
        **dict.fromkeys((OUTAGE_BEGINS, OUTAGE_ENDS, SEEN, AUDIT), ""),
        **dict.fromkeys((SNAPSHOT, RESTORE, FORGET), step.platform),
        RUNS: ", ".join(step.details.get("definitions", ())),
    }
    said = f"{step.action} {about.get(step.action, step.subscription)}".strip()
    return f"{said}, {step.at:%Y-%m-%d %H:%M}" if step.at else said


def requests_of(played: Played) -> list[str]:
    """The requests, and how they ended."""
    width = max((len(one["command"]) for one in played.requests), default=0)
    return [
        f"   {one['command']:<{width}} {click.style(one['life_cycle_state'], fg=PALE[one['life_cycle_state']])}"
        f"{one['error_code'] and ' '}{one['error_code']}{one['file'] and ' in '}{one['file']}"
        for one in played.requests
    ]


def wire(exchange: Json) -> str:
    """What went out and what came back; of a file, its name before what is in it."""
    sent = " ".join(filter(None, (file_of(exchange), in_a_line(exchange["request"]))))
    return click.style(f"     > {sent}\n     < {in_a_line(exchange['response'])}", dim=True)


def in_a_line(text: str) -> str:
    """A message without the declaration of XML, the envelope of SOAP and its namespace, which are the same in all.

    The lines of a file follow one another.
    """
    bare = DECLARATION.sub("", text).strip()
    enveloped = ENVELOPE.fullmatch(bare)
    tight = BETWEEN_TAGS.sub("><", NAMESPACE.sub("", enveloped["content"]) if enveloped else bare)
    return tight if tight.startswith("<") else LINE_ENDS.sub(" ", tight)


def held(played: Played) -> list[str]:
    """What the platform holds, account by account, or device by device."""
    return [
        f"{subject}: {', '.join(of_subject(line, subject) for line in lines if line != f'account {subject}')}"
        for subject, lines in sorted(played.holdings.items())
    ]


def lines(name: str, found: Sequence[str]) -> list[str]:
    """What was found under a name, one a line."""
    return [f"   {'' if index else name:<13} {one}" for index, one in enumerate(found)]


def of_subject(line: str, subject: str) -> str:
    """A line of what is held, without the name of whose it is."""
    return line.removeprefix(f"client {subject} ")


def in_sync(played: Played) -> list[str]:
    """Whether the engine believes that the platform holds what it should; nothing, where nobody subscribes yet."""
    if played.in_sync is None:
        return []
    return [f"   in sync       {'yes' if played.in_sync else click.style('NO', fg='red')}"]


def verdict(played: Played) -> str:
    """Whether the step went as the manual says."""
    if not played.problems:
        return "   " + click.style("as the manual says", fg="green")
    head = click.style("   NOT as the manual says", fg="red")
    return "\n".join([head, *(f"   {problem}" for problem in played.problems)])
