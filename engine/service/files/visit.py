"""A visit to a platform's folders: one connection, as long as it lasts, and another one when it is lost."""

from collections.abc import Callable
from typing import TypeVar

from engine.domain.errors import NotAllowedError
from engine.domain.provider import Provider
from engine.ports import Folders, FoldersError
from engine.service.breaker import left_alone
from engine.service.context import Context
from engine.service.retrying import attempts

T = TypeVar("T")


class Visit:
    """Whatever is done at the platform's folders, one thing after the other. Connects when it must."""

    def __init__(self, context: Context, provider: Provider) -> None:
        self.context = context
        self.provider = provider
        self.adapter = context.adapter(provider)
        self.places = self.adapter.files.places(provider)
        self._folders: Folders | None = None

    def do(self, deed: Callable[[Folders], T]) -> T:
        """Do what may be done twice: it is tried again by the provider's retry settings.

        Raises FoldersError where the platform refuses it; NotAllowedError where it can't be reached.
        """
        lost = ""
        for _ in attempts(self.context.clock, self.provider.retry):
            try:
                done = deed(self._reached())
            except FoldersError as error:
                self._note(answered=error.refused)
                if error.refused:
                    raise
                self.close()
                lost = str(error)
            else:
                self._note(answered=True)
                return done
        raise self.unreachable(lost)

    def _reached(self) -> Folders:
        """The platform's folders. Raises NotAllowedError where it is left alone, or lets nobody in."""
        if self._folders is None:
            provider, breakers, now = self.provider, self.context.breakers, self.context.clock.now()
            if not breakers.allows(provider.code, provider.breaker, now):
                raise NotAllowedError(left_alone(f"Provider {provider.code}"), field="provider")
            try:
                self._folders = self.context.folders.connect(self.adapter.files.site(provider), provider.timeouts)
            except FoldersError as error:
                if error.refused:
                    self._note(answered=True)
                    raise self.unreachable(str(error)) from error
                raise
        return self._folders

    def unreachable(self, why: str) -> NotAllowedError:
        """That nothing can be done there."""
        return NotAllowedError(f"Provider {self.provider.code} can't be reached: {why}", field="provider")

    def _note(self, *, answered: bool) -> None:
        """Take down whether the platform has answered."""
        code, settings = self.provider.code, self.provider.breaker
        self.context.breakers.note(code, settings, self.context.clock.now(), answered=answered)

    def close(self) -> None:
        """Hang up."""
        if self._folders is not None:
            self._folders.close()
            self._folders = None
