"""Words of a platform that the harness and the defaults of runs write again are words that it knows."""

import msgspec
import pytest

from engine.adapters.irdeto import IRDETO
from engine.domain.run import RunKind
from engine.service.filters import known_to
from harness.cli import platform, utilities
from simulators.kit.faults import Fault


def choices(command, option):
    """What the option of a command offers."""
    return tuple(next(one.type.choices for one in command.params if one.name == option))


# With the adapters the command line would take twice as long to start, so it writes their words again.
@pytest.mark.parametrize(
    ("command", "option", "utility", "field"),
    [(utilities.message, "mode", "send_message", "text_mode"), (utilities.query, "kinds", "query", "kinds")],
)
def test_the_command_line_offers_the_words_of_the_platform(command, option, utility, field):
    assert choices(command, option) == IRDETO.utilities[utility].fields[field]


@pytest.mark.parametrize("field", ["message_type", "text_mode"])
def test_what_the_mail_run_says_where_its_filters_say_nothing_is_known_to_the_platform(field):
    fields = IRDETO.utilities["send_message"].fields
    assert known_to(RunKind.MAIL, fields)[field].default in fields[field]


def test_the_fields_of_a_fault_that_are_words_on_the_command_line_are_text():
    text = {one.name for one in msgspec.inspect.type_info(Fault).fields if msgspec.inspect.StrType() in kinds(one)}
    assert text == platform.WORDS


def kinds(field):
    return getattr(field.type, "types", (field.type,))
