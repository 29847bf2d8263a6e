"""Asking a platform that is called what changes nothing there: whether it knows an account, or what it holds."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from engine.domain.provider import Provider
from engine.domain.request import Meaning, Verdict
from engine.ports import Message, Reply
from engine.service import transcript
from engine.service.context import Context

MILLISECOND = timedelta(milliseconds=1)
UNSENDABLE = "UNSENDABLE"


@dataclass(frozen=True)
class Answer:
    """What the platform said to a question, and what it means. No reply: it could not be asked, or did not answer."""

    verdict: Verdict
    reference: str
    reply: Reply | None = None
    milliseconds: int = 0
    message: Message | None = field(default=None, repr=False)

    def without_secrets(self, words: str) -> str:
        """Words about the reply, in which nothing of it is said that is secret."""
        return transcript.scrub(words, self.message) if self.message else words


def inquire(context: Context, provider: Provider, account: str) -> Answer:
    """Ask the provider's platform for an account, once, whether the provider is effective or not."""
    calls = context.adapter(provider).calls
    return put(context, provider, lambda reference: calls.inquire(provider, account, reference))


def put(context: Context, provider: Provider, question: Callable[[str], Message]) -> Answer:
    """Put a question, by its reference, to the provider's platform, once.

    It is no request: nothing is written down, tried again or counted by the circuit breaker. Its reference is no
    number, as those of requests are, and never the same twice: a platform may answer what comes again from memory.
    """
    calls, reference = context.adapter(provider).calls, f"Q{secrets.token_hex(8)}"
    try:
        message = question(reference)
    except (ValueError, LookupError) as error:
        unsendable = f"The question can't be put in the platform's form: {error}."
        return Answer(Verdict(Meaning.NOT_SENT, UNSENDABLE, unsendable), reference)
    begin = context.clock.now()
    message = calls.sign(provider, message, begin)
    reply = context.transport.send(message, provider.timeouts)
    milliseconds = (context.clock.now() - begin) // MILLISECOND
    if isinstance(reply, Reply):
        verdict = transcript.of_verdict(calls.judge(reply, reference), message)
        return Answer(verdict, reference, reply, milliseconds, message)
    meaning = Meaning.IN_DOUBT if reply.sent else Meaning.NOT_SENT
    verdict = transcript.of_verdict(Verdict(meaning, reply.code, reply.description), message)
    return Answer(verdict, reference, milliseconds=milliseconds)
