"""Irdeto's part of `python -m simulators`."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from simulators.irdeto.app import PATH, irdeto
from simulators.irdeto.state import State
from simulators.kit.catalogue_file import NO_CATALOGUE_FILE, catalogue_file
from simulators.kit.platform import Platform
from simulators.kit.program import Program, secret

SAMPLE = Path(__file__).with_name("catalogue.toml")


def options(parser: ArgumentParser) -> None:
    """Take the options that only Irdeto has."""
    add = parser.add_argument
    add("--products", type=Path, metavar="FILE", help="catalogue in TOML (default: the sample catalogue)")
    add("--product", action="append", default=[], metavar="ID", help="one more CA ID in the catalogue; repeatable")
    add("--user", default="headend", help="user name the platform takes (default: %(default)s)")
    add("--password-env", metavar="VAR", help="environment variable with the password (default password: headend)")


def platform(asked: Namespace) -> Platform[State]:
    """The Irdeto that was asked for."""
    file = asked.products or (None if asked.product else SAMPLE)
    known = ("products", "secure_clients", "smartcards")
    catalogue = catalogue_file(file, known) if file else NO_CATALOGUE_FILE
    return irdeto(
        products=[*catalogue.ids.get("products", ()), *asked.product],
        secure_clients=catalogue.ids.get("secure_clients"),
        smartcards=catalogue.ids.get("smartcards"),
        user=asked.user,
        password="headend" if asked.password_env is None else secret(asked.password_env),
        seed=asked.seed,
    )


PROGRAM = Program("a conditional access system: secure clients, cards, entitlements", PATH, options, platform)
