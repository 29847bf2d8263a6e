"""What the steps of one scenario share."""

from engine.domain.errors import InvalidError
from engine.service.act import Executed
from engine.service.views import Page
from harness.steps.story import Story


class Unmarked:
    def __init__(self):
        self.engine = self
        self.stopped = False

    def mark(self):
        pass

    def actions(self, *_page, **_filters):
        return Page(0, [])


def test_of_an_earlier_attempt_nothing_is_left():
    story = Story(Unmarked())
    refusal, executed = InvalidError("No."), Executed("RESET", "S1", 1)

    def refuse():
        raise refusal

    story.attempt(refuse)
    assert (story.refusal, story.executed) == (refusal, None)
    story.attempt(lambda: executed)
    assert (story.refusal, story.executed) == (None, executed)
    story.attempt(refuse)
    assert (story.refusal, story.executed) == (refusal, None)
