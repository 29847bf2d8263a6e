"""What is kept of an exchange: the actual text, without secrets."""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from engine.domain.request import Verdict
from engine.ports import Failure, Message, Reply, Row

MASK = "***"


def of_message(message: Message) -> str:
    """The request as it went out, with its credentials masked."""
    known = {"Authorization": f"Basic {message.credentials[0]}:{MASK}"} if message.credentials else {}
    headers = {**message.headers, **known}
    return scrub(f"POST {message.url}\n{lines(headers)}\n\n{text(message.body, message.charset)}", message)


def of_answer(answer: Reply | Failure, message: Message) -> str:
    """The answer as it came in; nothing, where none came."""
    if isinstance(answer, Failure):
        return ""
    head = f"HTTP {answer.status} {answer.reason}".rstrip()
    return scrub(f"{head}\n{lines(answer.headers)}\n\n{text(answer.body, message.charset)}", message)


def of_verdict(verdict: Verdict, message: Message) -> Verdict:
    """The verdict, with nothing secret in the platform's own words. The account's id is no word, and stays as it is."""
    return replace(
        verdict,
        code=scrub(verdict.code, message),
        description=scrub(verdict.description, message),
        reference_number=scrub(verdict.reference_number, message),
        answer=scrub_all(verdict.answer, message),
    )


def of_parameters(row: Row, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """A request's parameters, with the secret ones masked."""
    return {name: MASK if name in row.secrets else value for name, value in parameters.items()}


def scrub(words: str, message: Message) -> str:
    """The words without a secret: in clear, as XML writes it, or in the form in which it crosses the wire."""
    if not words:
        return words
    for form in forms(message.credentials, message.secrets):
        words = words.replace(form, MASK)
    for secret in message.secret_words:
        words = re.sub(rf"(?<![\w-]){re.escape(secret)}(?![\w-])", MASK, words)
    return words


@lru_cache(maxsize=64)
def forms(credentials: tuple[str, str] | None, secrets: tuple[str, ...]) -> tuple[str, ...]:
    """All forms of what is secret, each before what it may hold."""
    known = [(":".join(credentials), credentials[1])] if credentials else []
    found = []
    for whole, secret in (*known, *((one, one) for one in secrets)):
        if secret:
            in_xml = [escape(secret, quotes) for quotes in ({}, {'"': "&quot;"}, {'"': "&quot;", "'": "&apos;"})]
            found += [b64encode(whole.encode()).decode(), *reversed(in_xml), secret]
    return tuple(dict.fromkeys(found))


def scrub_all(value: Any, message: Message) -> Any:
    """Likewise every text in a value."""
    if isinstance(value, str):
        return scrub(value, message)
    if isinstance(value, Mapping):
        return {scrub(name, message): scrub_all(part, message) for name, part in value.items()}
    return [scrub_all(part, message) for part in value] if isinstance(value, list | tuple) else value


def lines(headers: Mapping[str, str]) -> str:
    """Headers, one a line."""
    return "\n".join(f"{name}: {value}" for name, value in headers.items())


def text(body: bytes, charset: str) -> str:
    """The body as text; bytes that mean nothing in the character set stay visible as escapes."""
    return body.decode(charset, errors="backslashreplace")
