"""What the control port says of itself."""

from collections import Counter

from simulators.kit.control.models import Status
from simulators.kit.control.reply import Text
from simulators.kit.control.scene import Scene

Labels = tuple[str, str, str, str]


def health(scene: Scene) -> Status:
    """That it lives."""
    return Status("ok", scene.platforms)


def ready(scene: Scene) -> Status:
    """That it serves: a port that answers has its platforms."""
    return Status("ready", scene.platforms)


def metrics(scene: Scene) -> Text:
    """Counters of all workspaces, in Prometheus' text format."""
    requests: Counter[Labels] = Counter()
    workspaces, truncated, faults = Counter[str](), Counter[str](), Counter[str]()
    for simulator in scene.simulators():
        name = simulator.platform.name
        for workspace in simulator.workspaces():
            workspaces[name] += 1
            truncated[name] += workspace.journal.truncated
            faults[name] += len(workspace.faults.names())
            requests.update({(name, *labels): n for labels, n in workspace.journal.tallied().items()})
    lines = [
        "# HELP simulator_requests_total Requests since the last reset.",
        "# TYPE simulator_requests_total counter",
    ]
    for labels, number in sorted(requests.items()):
        named = zip(("platform", "operation", "outcome", "effect"), labels, strict=True)
        said = ",".join(f'{label}="{value}"' for label, value in named)
        lines.append(f"simulator_requests_total{{{said}}} {number}")
    lines += _gauge("simulator_workspaces", "Workspaces in use.", workspaces)
    lines += _gauge("simulator_journal_truncated", "Entries the journals' bounds have cost.", truncated)
    lines += _gauge("simulator_faults", "Faults in place, spent ones too.", faults)
    return Text("\n".join(lines) + "\n", "text/plain; version=0.0.4; charset=utf-8")


def _gauge(name: str, help_: str, values: Counter[str]) -> list[str]:
    rows = [f'{name}{{platform="{platform}"}} {value}' for platform, value in sorted(values.items())]
    return [f"# HELP {name} {help_}", f"# TYPE {name} gauge", *rows]
