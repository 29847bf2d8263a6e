"""What agents ask of a platform for a box, and what callers queue for subscribers."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from engine.domain.request import Priority
from engine.service.asked import Asked
from harness.steps.story import Story, listed
from harness.steps.tenses import told


class Thing(NamedTuple):
    """What is sent: by which utility, and what is said with it."""

    utility: str
    said: Callable[[str], Mapping[str, Any]] = lambda _words: {}


# fmt: off
SENT = {
    "mail":            Thing("send_message", lambda words: {"message_type": "MAIL", "text": words}),
    "message":         Thing("send_message", lambda words: {"message_type": "MESSAGE", "text": words}),
    "PIN":             Thing("set_pin", lambda words: {"new_pin": words}),
    "default PIN":     Thing("reset_pin"),
    "query":           Thing("query", lambda words: {"kinds": listed(words)}),
    "reauthorisation": Thing("reauthorise_sector"),
    "bark":            Thing("send_message", lambda words: {"message_type": "BARK", "text": words}),
    "pairing":         Thing("pair", lambda words: {"stb": words}),
    "authorisation":   Thing("add_subscriptions", lambda words: {"products": listed(words)}),
    "cancellation":    Thing("cancel_subscriptions", lambda words: {"products": listed(words)}),
    "status query":    Thing("query"),
}
# fmt: on


@told(
    rf'the (?P<thing>{"|".join(SENT)})( "(?P<words>[^"]*)")? (is|was) sent to'
    r' ("(?P<serial>[^"]+)"|all at (?P<provider>\w+))(?P<express> as EXPRESS)?(?P<later> later)?'
)
def a_thing_is_sent(  # noqa: PLR0917 (each is a word of the sentence)
    story: Story,
    thing: str,
    words: str | None,
    serial: str | None,
    provider: str | None,
    express: str | None,
    later: str | None,
) -> None:
    """A utility is used for a device, or for all of them: at once, or later, which is when the processing runs."""
    utility, said = SENT[thing]
    asked = Asked(
        utility,
        said(words or ""),
        serial_number=serial or "",
        to_all=not serial,
        provider=provider or "",
        process_immediately=not later,
        priority=Priority.EXPRESS if express else Priority.REGULAR,
    )
    story.attempt(lambda: story.lab.engine.ask(asked))


@told(r'"(?P<text>[^"]+)" (is|was) queued for (?P<system>\w+)')
def a_text_is_queued(story: Story, text: str, system: str) -> None:
    """A text for the subscription waits in the communication queue for the mail run of this external system."""
    story.attempt(lambda: story.lab.engine.queue_text(story.number, text, system))
