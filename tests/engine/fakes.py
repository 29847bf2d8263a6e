"""Time and a platform for tests of the engine: the one passes only by waiting, the other answers as it was told."""

import re
import threading
from collections import deque
from datetime import UTC, datetime, timedelta

from engine.ports import Reply

NOON = datetime(2030, 6, 15, 12, tzinfo=UTC)


class FakeClock:
    """Time that passes only by waiting, and remembers each wait."""

    def __init__(self):
        self.at = NOON
        self.waits = []
        self._lock = threading.Lock()

    def now(self):
        return self.at

    def sleep(self, seconds):
        with self._lock:
            self.at += timedelta(seconds=seconds)
            if seconds:
                self.waits.append(seconds)


class FakePlatform:
    """A transport that answers as it was told, and says yes otherwise. Commands are `(name, reference)`."""

    def __init__(self):
        self.answers = deque()
        self.messages = []
        self.before_answer = lambda _message: None
        self._lock = threading.Lock()

    def answer_with(self, *answers):
        self.answers.extend(answers)

    @property
    def commands(self):
        return [self.read(message) for message in self.messages]

    @property
    def names(self):
        return [name for name, _reference in self.commands]

    @staticmethod
    def read(message):
        return re.search(r'<command name="(\w+)" reference="(\w+)"', message.body.decode()).groups()

    def send(self, message, _timeouts):
        self.before_answer(message)
        with self._lock:
            self.messages.append(message)
            answer = self.answers.popleft() if self.answers else accepted
        return answer(message) if callable(answer) else answer

    def close(self):
        pass


def accepted(message):
    name, reference = FakePlatform.read(message)
    account = '<account id="T1"/>' if name == "CREATE_ACCOUNT" else ""
    return Reply(
        200, "OK", {}, f'<response reference="{reference}" status="ACCEPTED" id="TX-1">{account}</response>'.encode()
    )


def rejected(code, text="why"):
    def answer(message):
        _name, reference = FakePlatform.read(message)
        error = f'<error code="{code}">{text}</error>'
        return Reply(
            200, "OK", {}, f'<response reference="{reference}" status="REJECTED" id="TX-2">{error}</response>'.encode()
        )

    return answer
