"""Icareus Suite's part of `python -m simulators`."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from simulators.icareus.app import ORGANIZATION, WINDOW_S, icareus
from simulators.icareus.openapi import PATH
from simulators.icareus.state import State
from simulators.kit.catalogue_file import NO_CATALOGUE_FILE, catalogue_file
from simulators.kit.platform import Platform
from simulators.kit.program import Program, secret

SAMPLE = Path(__file__).with_name("products.toml")


def options(parser: ArgumentParser) -> None:
    """Take the options that only Icareus Suite has."""
    add = parser.add_argument
    add("--products", type=Path, metavar="FILE", help="catalogue in TOML (default: the sample catalogue)")
    add("--product", action="append", default=[], metavar="ID", help="one more product in the catalogue; repeatable")
    add("--organization", metavar="ID", help=f"the organisation that calls come from (default: {ORGANIZATION})")
    add("--key-env", metavar="VAR", help="environment variable with the key of tokens (default key: headend)")
    add(
        "--token-window",
        type=int,
        default=WINDOW_S,
        metavar="SECONDS",
        help="how far off a token's time may be (default: %(default)s)",
    )
    add("--single-use-tokens", action="store_true", help="take each token once only")


def platform(asked: Namespace) -> Platform[State]:
    """The Icareus Suite that was asked for."""
    file = asked.products or (None if asked.product else SAMPLE)
    catalogue = catalogue_file(file, ("products", "devices"), ("organization", "key")) if file else NO_CATALOGUE_FILE
    return icareus(
        products=[*catalogue.ids.get("products", ()), *asked.product],
        devices=catalogue.ids.get("devices"),
        organization=asked.organization or catalogue.settings.get("organization", ORGANIZATION),
        key=catalogue.settings.get("key", "headend") if asked.key_env is None else secret(asked.key_env),
        window_s=asked.token_window,
        single_use_tokens=asked.single_use_tokens,
        seed=asked.seed,
    )


PROGRAM = Program("an OTT platform with users, products and devices", PATH, options, platform)
