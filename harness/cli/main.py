"""`headend`: the commands by name. Each is imported when it is called, so that asking for help costs nothing."""

import importlib
from typing import NamedTuple

import click


class Entry(NamedTuple):
    """Where a command is, and what it is for in a few words."""

    where: str
    help: str


# fmt: off
COMMANDS = {
    "up":       Entry("harness.cli.up:up",             "Start an engine and the simulators, until interrupted."),
    "demo":     Entry("harness.cli.demo:demo",         "Play the guided stories on real sockets, and check all of it."),
    "act":      Entry("harness.cli.act:act",           "Carry out an action on a subscription."),
    "actions":  Entry("harness.cli.history:actions",   "List actions, or cancel a scheduled one."),
    "run":      Entry("harness.cli.run:run",           "Run what is set up, such as the maintenance."),
    "message":  Entry("harness.cli.utilities:message", "Send a message to a device, or to all of a provider."),
    "pin":      Entry("harness.cli.utilities:pin",     "Set the PIN of a device, or reset it."),
    "query":    Entry("harness.cli.utilities:query",   "Ask a platform what it holds of a device."),
    "reauthorise": Entry("harness.cli.utilities:reauthorise", "Refresh the sector of a device without signal."),
    "pair":     Entry("harness.cli.cards:pair",        "Pair a smartcard at Conax with an STB."),
    "authorisation": Entry("harness.cli.cards:authorisation", "Add or cancel a smartcard's authorisations at Conax."),
    "communication": Entry("harness.cli.communication:communication", "Queue texts for the mail run; list, remove."),
    "archive":  Entry("harness.cli.archive:archive",   "List archives; show, download or delete one."),
    "clock":    Entry("harness.cli.clock:clock",       "Show the time, or put it forward."),
    "access":   Entry("harness.cli.access:access",     "Let an access token open a subscription."),
    "authenticate": Entry("harness.cli.access:authenticate", "Authenticate a subscriber who wants to order at Tucano."),
    "show":     Entry("harness.cli.look:show",         "Show a subscription, or all: held, wanted, in sync or not."),
    "requests": Entry("harness.cli.look:requests",     "List provisioning requests."),
    "files":    Entry("harness.cli.files:files",       "List files of requests; show one, or have it sent again."),
    "reset":    Entry("harness.cli.act:reset",         "Make the platforms follow the engine, for one subscription."),
    "audit":    Entry("harness.cli.audit:audit",       "Ask platforms what they hold; list what differs."),
    "configure": Entry("harness.cli.configure:configure", "Load configuration files, or show what they would change."),
    "provider": Entry("harness.cli.provider:provider", "List providers, set them effective, test their connections."),
    "table":    Entry("harness.cli.table:table",       "Print a platform's request table, or the table of actions."),
    "journal":  Entry("harness.cli.platform:journal",  "Show what a simulated platform was asked and did."),
    "state":    Entry("harness.cli.platform:state",    "Show what a simulated platform holds."),
    "outage":   Entry("harness.cli.platform:outage",   "Take a simulated platform down, or bring it back."),
    "snapshot": Entry("harness.cli.memory:snapshot",   "Keep a simulated platform's memory, or go back to it."),
    "forget":   Entry("harness.cli.memory:forget",     "Have a simulated platform lose an account or a device."),
    "fault":    Entry("harness.cli.platform:fault",    "Put a fault before a simulated platform; list or remove."),
    "token":    Entry("harness.cli.token:token",       "Make, list or revoke tokens for the engine's Web API."),
    "sim":      Entry("harness.cli.sim:sim",           "Run one simulator alone, for a CRM of your own."),
}
# fmt: on


class LazyGroup(click.Group):
    """A group whose commands are imported one at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click passes it)
        """In the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command itself."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].where.partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="headend", message="%(prog)s %(version)s")
def main() -> None:
    """Pay-TV provisioning: an engine, simulators of the platforms it drives, and a harness to test both.

    \b
    headend demo            see it work
    headend up              start everything; then, from another shell:
    headend act --list      what can be done to a subscription
    headend show            what everybody has, and whether the platforms follow

    Exit status: 0 done, 1 refused, 2 called wrongly, 3 in doubt.
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
