"""Conax's part of `python -m simulators`."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from simulators.conax.app import conax
from simulators.conax.state import State
from simulators.kit.catalogue_file import NO_CATALOGUE_FILE, CatalogueFileError, catalogue_file
from simulators.kit.ftp_program import ftp_options, over_ftp
from simulators.kit.platform import Platform
from simulators.kit.program import Program, secret

SAMPLE = Path(__file__).with_name("catalogue.toml")
AT_ONCE, WHEN_TOLD = "at-once", "when-told"
WHENS: dict[str, float | None] = {AT_ONCE: 0.0, WHEN_TOLD: None}
MOST_DELAY_S = 86_400.0


def options(parser: ArgumentParser) -> None:
    """Take the options that only Conax has."""
    add = parser.add_argument
    add("--products", type=Path, metavar="FILE", help="catalogue in TOML (default: the sample catalogue)")
    add("--product", action="append", default=[], metavar="ID", help="one more product in the catalogue; repeatable")
    add("--cards", type=Path, metavar="FILE", help="the cards in stock, one a line (default: any is welcome)")
    add("--user", default="headend", help="user name; user@workspace has another workspace (default: %(default)s)")
    add("--password-env", metavar="VAR", help="environment variable with the password (default password: headend)")
    add("--home", default="", metavar="FOLDERS", help="where autreq is, zero or more times /name (default: none)")
    processing = f"when files are taken: {AT_ONCE}, {WHEN_TOLD} (on the control port), or seconds later"
    add("--processing", default=AT_ONCE, type=_delay_s, metavar="WHEN", help=f"{processing} (default: %(default)s)")
    ftp_options(parser)


def platform(asked: Namespace) -> Platform[State]:
    """The Conax that was asked for."""
    file = asked.products or (None if asked.product else SAMPLE)
    catalogue = catalogue_file(file, ("products",)) if file else NO_CATALOGUE_FILE
    return conax(
        products=[*catalogue.ids.get("products", ()), *asked.product],
        cards=_cards(asked.cards) if asked.cards else None,
        home=asked.home,
        user=asked.user,
        password="headend" if asked.password_env is None else secret(asked.password_env),
        delay_s=asked.processing,
        seed=asked.seed,
    )


def _cards(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueFileError(f"the cards {path} can't be read: {error}") from error


def _delay_s(text: str) -> float | None:
    if text in WHENS:
        return WHENS[text]
    seconds = float(text)
    if not 0 <= seconds <= MOST_DELAY_S:
        raise ArgumentTypeError(f"files are taken 0 to {MOST_DELAY_S:.0f} seconds later, not {text}")
    return seconds


PROGRAM = Program("a conditional access system that takes files over FTP", "", options, platform, over_ftp)
