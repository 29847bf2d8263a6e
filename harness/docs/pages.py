"""What is written: pages as a whole, and parts of pages between markers."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import Any

import msgspec

from engine.adapters import ADAPTERS
from engine.domain.actions import GROUPS
from engine.domain.rules import ROWS
from engine.domain.states import FINAL, SUBSCRIPTION_STATES, State
from harness import capabilities, population, tables
from harness.docs import histories, lifecycles
from harness.docs.calls import calls
from harness.docs.commands import commands
from harness.docs.histories import Arrow
from harness.docs.lifecycles import Change
from harness.docs.markdown import code, codes, fenced, page, table
from harness.docs.verdicts import how_read, verdicts
from harness.docs.vocabulary import KINDS as STEP_KINDS
from harness.docs.vocabulary import Vocable, vocables
from simulators.kit import faults
from simulators.kit.control.routes import ROUTES

SEED, PEOPLE = 2026, 4
MARKS = (
    "[D] the platform's manual, [P] public integrations of it, [O] our decision, because no source says; [D, name O]: "
    "the manual says what can be asked for, its name is ours"
)
STATES = [state for state in State if state in SUBSCRIPTION_STATES]
IN_ORDER = {state: number for number, state in enumerate(State)}


@cache
def walked() -> lifecycles.Changes:
    """The life cycles, walked once."""
    return lifecycles.changes()


def platform(name: str) -> str:
    """A platform's request table, the groups of actions that it speaks of, and what its answers mean."""
    names, rows = tables.requests(name)
    groups = [(code(group), codes(sorted(members))) for group, members in GROUPS.items()]
    return page(
        f"{name.capitalize()}: requests and verdicts",
        "## Requests",
        f"Rows in the order of sending. `headend table {name}` prints the same rows. The mark "
        f"says where a request is from: {MARKS}.",
        table([name.replace("_", " ") for name in names], [[shown(row[name]) for name in names] for row in rows]),
        "## Groups of actions",
        table(("group", "actions"), groups),
        "## Verdicts",
        f"{how_read(name)} {follows(name)}",
        verdicts(name),
    )


def follows(name: str) -> str:
    """Where it is said what follows from an answer."""
    if ADAPTERS[name].takes_files:
        return f"What is believed then: [life of a request](../providers/{name}.md#life-of-a-request)."
    return "What follows from each meaning: [doubt](../architecture.md#doubt)."


def offered() -> str:
    """What each platform can be asked for."""
    rows = ([one["capability"], *(marked(one[name]) for name in ADAPTERS)] for one in capabilities.capabilities())
    return page(
        "Capabilities",
        "What each platform can be asked for, and by which of its requests. Behind each stands where that is from: "
        f"{MARKS}. An empty cell: it can't be asked for, and the engine says so before anything is sent. "
        "`headend table capabilities` prints the same.",
        table(("", *ADAPTERS), rows),
    )


def marked(offers: Iterable[str]) -> str:
    """What is offered, as code, each with its mark."""
    return ", ".join(f"{code(name)} {mark}" for name, _, mark in (one.partition(" ") for one in offers))


def shown(value: Any) -> str:
    """A cell of a request table: names as code, sentences as they are."""
    if isinstance(value, list):
        return codes(value)
    return value if " " in value or value in {"yes", "no"} else code(value)


def actions() -> str:
    """What is allowed where: actions against states."""
    head = ["action", "may be scheduled", "keeps the distributors' rules", "new", *(state.value for state in STATES)]
    rows = [
        [
            code(rule.action),
            "yes" if rule.schedulable else "",
            "yes" if rule.checked else "",
            *(outcome(rule.action, state) for state in (None, *STATES)),
        ]
        for rule in ROWS
    ]
    said = [
        [
            code(rule.action),
            codes(tables.detail(one) for one in dataclasses.fields(rule.details)),
            first_line(rule.details),
        ]
        for rule in ROWS
    ]
    return page(
        "Actions",
        "## Where each is allowed, and what becomes of the subscription",
        "A cell holds the state of the subscription after the action; `=`: it stays as it is. An empty cell: the "
        "action is refused, and nothing changes. What may be scheduled is executed by the maintenance run when it is "
        "due. What keeps the distributors' rules is refused if it would leave a subscription on that breaks one.",
        table(head, rows),
        "## Details",
        "What is said with each action. A detail in brackets can be left out. `headend act --list` prints the same.",
        table(("action", "details", ""), said),
    )


def outcome(action: str, before: State | None) -> str:
    """The states to which the action takes a subscription that is in this one."""
    after = {one.after for one in walked().subscriptions if (one.action, one.before) == (action, before)}
    return ", ".join("=" if state is before else state.value for state in sorted(after, key=IN_ORDER.__getitem__))


def first_line(thing: Any) -> str:
    """What a thing is, in the words of its docstring, as one line."""
    return " ".join((thing.__doc__ or "").split("\n\n")[0].split())


def states() -> str:
    """The life cycles of subscriptions and services, of actions and runs."""
    return page(
        "States",
        "The diagrams of subscriptions and services are found by walking the rules: every action, in every state that "
        "can be reached. Those of actions and runs are found by playing them on an engine. The signal is on in "
        "`EFFECTIVE` and `SHORT_TERM_EFFECTIVE`, and off in all others.",
        "## Subscription",
        "Actions that leave the subscription in its state are not drawn.",
        diagram({one for one in walked().subscriptions if one.before is not one.after}),
        "## Service",
        "A service follows its subscription, and a component its bundle. A component can be stopped and started by "
        "itself; it comes and goes by amending the bundle.",
        diagram(set(walked().services)),
        "## Action",
        "Most actions are carried out at once, and have no other state. One that is refused at once leaves no trace.",
        drawn(histories.of_actions()),
        "## Run",
        "A run that was left by an engine that was killed can be resumed, too.",
        drawn(histories.of_runs()),
    )


def diagram(found: set[Change]) -> str:
    """Changes as a diagram, its arrows in the order of states and of actions."""
    order = {rule.action: number for number, rule in enumerate(ROWS)}
    in_order = sorted(found, key=lambda one: (place(one.before), place(one.after), order[one.action]))
    ends = [state for state in State if state in FINAL and any(state is one.after for one in found)]
    arrows = [Arrow(one.before, one.after, one.action.value) for one in in_order]
    return drawn([*arrows, *(Arrow(state, None, "") for state in ends)])


def drawn(arrows: Iterable[Arrow]) -> str:
    """A Mermaid state diagram: one arrow per pair of states, with all that leads from one to the other."""
    by_pair: dict[tuple[str, str], list[str]] = {}
    for before, after, by in arrows:
        by_pair.setdefault((before or "[*]", after or "[*]"), []).append(by)
    lines = [f"    {before} --> {after}: {', '.join(by)}".removesuffix(": ") for (before, after), by in by_pair.items()]
    return fenced("mermaid", "\n".join(["stateDiagram-v2", *lines]))


def place(state: State | None) -> int:
    """The state's place in the order of states; what is new comes first."""
    return -1 if state is None else IN_ORDER[state]


def fault_kinds() -> str:
    """The kinds of faults."""
    rows = [
        (
            code(name),
            kind.does,
            codes(kind.channels),
            codes(kind.steps),
            codes(kind.whens),
            codes(kind.needs),
            codes(kind.takes),
            code(kind.outcome) if kind.whens else "",
        )
        for name, kind in faults.KINDS.items()
    ]
    return page(
        "Faults",
        "`when`: where two are named, the first is what happens unless the fault says otherwise. `outcome` is what the "
        "journal says of the request. An outage leaves no trace there: nothing reaches the platform.",
        "Over FTP, a kind with `operations` of the line's hits these; any other hits what is done about a file.",
        table(("kind", "on the wire", "over", "operations", "when", "needs", "may carry", "outcome"), rows),
        f"Every kind may carry {codes(faults.ANY_KIND)}. Every kind but `outage` may also carry "
        f"{codes(faults.EACH_CALL)}. What the fields mean: [faults](../control-port.md#faults).",
    )


def control() -> str:
    """The routes of the control port, and what they take and answer."""
    models = dict.fromkeys(
        model for route in ROUTES for model in (route.query, route.body, route.reply) if isinstance(model, type)
    )
    described = [
        (code(model.__name__), codes(field(one) for one in msgspec.structs.fields(model)), first_line(model))
        for model in models
    ]
    return page(
        "Control port: routes and models",
        routes(),
        "## Models",
        "A field in brackets can be left out. `GET /openapi.json` describes them in full.",
        table(("model", "fields", ""), described),
    )


def routes() -> str:
    """The routes."""
    rows = [
        (
            code(route.method),
            code(route.path),
            route.summary,
            name_of(route.query or route.body),
            f"{route.status} {name_of(route.reply)}".strip(),
        )
        for route in ROUTES
    ]
    return table(("method", "path", "what for", "takes", "answers"), rows)


def routes_in_short() -> str:
    """The routes, and what they are for."""
    return table(("call", "what for"), [(code(f"{route.method} {route.path}"), route.summary) for route in ROUTES])


def name_of(model: type | str | None) -> str:
    """A model's name, or a content type."""
    return code(model.__name__ if isinstance(model, type) else model or "")


def field(one: msgspec.structs.FieldInfo) -> str:
    """A field's name, in brackets if it can be left out."""
    return one.encode_name if one.required else f"[{one.encode_name}]"


def steps() -> str:
    """The step vocabulary."""
    known = vocables()
    parts = [
        part
        for kind in STEP_KINDS
        for part in (f"## {kind.capitalize()}", step_table([one for one in known if one.kind == kind]))
    ]
    return page(
        "Steps",
        f"{len(known)} steps. `<name>` is to be filled in, `[…]` can be left out, `(a|b)` is one or the other. A step "
        'that ends in a colon is followed by a table, or by text between lines of `"""`. A step with two tenses, as '
        "in `(is|was)`, is a Given in the past and a When in the present.",
        *parts,
    )


def step_table(known: list[Vocable]) -> str:
    """Steps of one kind, each with the words that a place takes."""
    rows = [
        (code(one.text), one.meaning, "; ".join(f"{place_}: {codes(words)}" for place_, words in one.choices))
        for one in known
    ]
    return table(("step", "what it means", "words"), rows)


def people() -> str:
    """The demo operator's subscribers."""
    return population.as_toml(SEED, PEOPLE)


PAGES: Mapping[str, Callable[[], str]] = {
    **{f"docs/tables/{name}.md": partial(platform, name) for name in ADAPTERS},
    "docs/tables/capabilities.md": offered,
    "docs/tables/actions.md": actions,
    "docs/tables/states.md": states,
    "docs/tables/faults.md": fault_kinds,
    "docs/tables/control.md": control,
    "docs/tables/steps.md": steps,
    "harness/operator/subscribers/people.toml": people,
}
PARTS: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "docs/operating.md": {"commands": commands},
    "docs/control-port.md": {"routes": routes_in_short},
    "docs/web-api.md": {"calls": calls},
}
