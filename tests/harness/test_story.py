"""What the steps of one scenario share."""

import pytest

from engine.domain.errors import InvalidError
from engine.service.act import Executed


def test_of_an_earlier_attempt_nothing_is_left(story):
    refusal, executed = InvalidError("No."), Executed("RESET", "", 1)

    def refuse():
        raise refusal

    story.attempt(refuse)
    assert (story.refusal, story.executed) == (refusal, None)
    story.attempt(lambda: executed)
    assert (story.refusal, story.executed) == (None, executed)
    story.attempt(refuse)
    assert (story.refusal, story.executed) == (refusal, None)


def test_nothing_is_asked_of_an_engine_that_is_stopped(story):
    story.lab.stop_engine()
    with pytest.raises(AssertionError, match="the engine is stopped"):
        story.reset()
    story.start_engine()
    story.run("MAINTENANCE")
    assert story.refusal is None
