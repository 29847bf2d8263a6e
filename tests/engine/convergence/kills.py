"""The death of an engine: at a request, at a step of a file, or at a transaction; from then on it does nothing."""

from contextlib import contextmanager

from harness.lab.killing import DyingFolders, EngineKilledError
from tests.engine.convergence.words import FOLDER_MOMENTS, pick


class Death:
    """What an engine dies of, after so many other requests or transactions."""

    def __init__(self, kill):
        self.kill = kill
        self.left = kill.after
        self.happened = False

    def threaten(self, context):
        """Let it come over the engine's platforms and its database."""
        if not self.kill.when.endswith("committing"):
            context.transport = DeadlyCalls(context.transport, self)
            context.folders = DeadlyFolders(context.folders, self)
        context.database.transaction = self.transactions(context.database.transaction)

    def come(self):
        self.happened = True
        raise EngineKilledError

    def is_next(self):
        """Whether it comes with this one."""
        self.left -= 1
        return self.left < 0

    def transactions(self, inner):
        at_commit = self.kill.when.endswith("committing")

        @contextmanager
        def transaction(**options):
            if self.happened:
                raise EngineKilledError
            comes = at_commit and self.is_next()
            with inner(**options) as connection:
                yield connection
                if comes and self.kill.when == "before_committing":
                    self.come()
            if comes:
                self.come()

        return transaction


def survive(database):
    """What was to kill an engine has done so, or never will."""
    vars(database).pop("transaction", None)


class DeadlyCalls:
    """A transport at which the engine dies."""

    def __init__(self, inner, death):
        self._inner, self._death = inner, death

    def send(self, message, timeouts):
        comes = self._death.is_next()
        if comes and self._death.kill.when == "before_sending":
            self._death.come()
        answer = self._inner.send(message, timeouts)
        if comes:
            self._death.come()
        return answer

    def close(self):
        self._inner.close()


class DeadlyFolders:
    """A way to folders at which the engine dies."""

    def __init__(self, inner, death):
        self._inner, self._death = inner, death

    def connect(self, site, timeouts):
        moment = pick(FOLDER_MOMENTS, self._death.kill.after)
        return Deadly(self._inner.connect(site, timeouts), moment, self._death)


class Deadly(DyingFolders):
    """Folders at which the engine dies, for good."""

    def __init__(self, inner, moment, death):
        super().__init__(inner, moment)
        self._death = death

    def _do(self, work, do):
        try:
            return super()._do(work, do)
        except EngineKilledError:
            self._death.happened = True
            raise
