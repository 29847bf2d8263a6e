"""A grammar in ABNF without recursion, as regular expressions: a rule is what its name stands for."""

import re
from pathlib import Path

from simulators.conax import wire

GRAMMAR = Path(wire.__file__).with_name("grammar.abnf")
CORE = {"DIGIT": "[0-9]", "HEXDIG": "[0-9A-Fa-f]", "CR": "\r", "LF": "\n"}
_TOKEN = re.compile(
    r'\s*(?:(?P<count>\d*\*\d*|\d+)?(?:(?P<open>[(\[])|%s"(?P<exact>[^"]*)"|"(?P<any>[^"]*)"'
    r"|%x(?P<range>[0-9A-F]{2}-[0-9A-F]{2})|(?P<name>[A-Za-z][\w-]*))|(?P<or>/)|(?P<close>[)\]]))"
)


def rules() -> dict[str, str]:
    """The rules as they stand there."""
    lines = (line.partition(";")[0].strip() for line in GRAMMAR.read_text().splitlines())
    return dict(re.split(r"\s*=\s*", line, maxsplit=1) for line in lines if line)


def pattern(name: str) -> str:
    """The regular expression of a rule."""
    return CORE.get(name) or f"(?:{_read(rules()[name])})"


def _read(text: str) -> str:
    read, at = "", 0
    while at < len(text.rstrip()):
        token = _TOKEN.match(text, at)
        assert token, text[at:]
        at = token.end()
        if token["or"]:
            read += "|"
        elif token["close"]:
            read += ")?" if token["close"] == "]" else ")"
        elif token["open"]:
            assert not token["count"], "no repeated group is read here"
            read += "(?:"
        else:
            read += f"(?:{_element(token)}){_times(token['count'])}"
    return read


def _element(token: re.Match[str]) -> str:
    if token["name"]:
        return pattern(token["name"])
    if token["range"]:
        first, last = token["range"].split("-")
        return f"[\\x{first}-\\x{last}]"
    if token["any"]:
        assert not any(map(str.isalpha, token["any"])), "letters in any case are not read here"
        return re.escape(token["any"])
    return re.escape(token["exact"])


def _times(count: str | None) -> str:
    if not count:
        return ""
    least, star, most = count.partition("*")
    return f"{{{least or 0},{most}}}" if star else f"{{{least}}}"
