"""How much a run takes in hand at once: so little that few subscriptions are many pieces."""

from contextlib import contextmanager
from unittest import mock

from engine.service.sweeping import divide, hand, work


@contextmanager
def sized(few, together):
    """Let chunks have so many keys at least, and so many subscriptions be done at once."""
    with (
        mock.patch.object(divide, "FEW", few),
        mock.patch.object(work, "FEW", few),
        mock.patch.object(hand, "together", return_value=together),
    ):
        yield
