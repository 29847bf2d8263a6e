"""Tucano's part of `python -m simulators`."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from simulators.kit.catalogue_file import NO_CATALOGUE_FILE, catalogue_file
from simulators.kit.platform import Platform
from simulators.kit.program import Program, secret
from simulators.tucano.app import PATH, tucano
from simulators.tucano.state import State

SAMPLE = Path(__file__).with_name("options.toml")


def options(parser: ArgumentParser) -> None:
    """Take the options that only Tucano has."""
    add = parser.add_argument
    add("--options", type=Path, metavar="FILE", help="catalogue in TOML (default: the sample catalogue)")
    add("--option", action="append", default=[], metavar="ID", help="one more option in the catalogue; repeatable")
    add("--user", default="headend", help="user name the platform takes (default: %(default)s)")
    add("--password-env", metavar="VAR", help="environment variable with the password (default password: headend)")
    add("--jwt-secret-env", metavar="VAR", help="environment variable with the secret of subscribers' tokens")
    add("--api-provider", metavar="NAME", help="who makes subscribers' tokens; without it and a secret: no orders")


def platform(asked: Namespace) -> Platform[State]:
    """The Tucano that was asked for."""
    file = asked.options or (None if asked.option else SAMPLE)
    known, settings = ("options", "materials"), ("jwt_secret", "api_provider")
    catalogue = catalogue_file(file, known, settings) if file else NO_CATALOGUE_FILE
    jwt_secret = catalogue.settings.get("jwt_secret") if asked.jwt_secret_env is None else secret(asked.jwt_secret_env)
    return tucano(
        options=[*catalogue.ids.get("options", ()), *asked.option],
        materials=catalogue.ids.get("materials"),
        user=asked.user,
        password="headend" if asked.password_env is None else secret(asked.password_env),
        jwt_secret=jwt_secret,
        api_provider=asked.api_provider or catalogue.settings.get("api_provider"),
        seed=asked.seed,
    )


PROGRAM = Program("an OTT platform with accounts, materials and options", PATH, options, platform)
