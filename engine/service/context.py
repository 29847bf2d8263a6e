"""What every service works with."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from engine.domain.catalogue import Catalogue
from engine.domain.effects.ground import Ground
from engine.domain.errors import NotAllowedError, UnknownError
from engine.domain.provider import Provider
from engine.domain.run import Definition
from engine.ports import Adapter, Clock, FolderTransport, Transport
from engine.service.breaker import Breakers
from engine.service.running import Running
from engine.service.tally import Tally
from engine.service.turns import Turns
from engine.store.database import Database


@dataclass(frozen=True)
class Configuration:
    """Catalogue, providers, definitions of runs: one value, so that whoever takes it meets nothing older or newer."""

    catalogue: Catalogue = field(default_factory=Catalogue)
    providers: Mapping[str, Provider] = field(default_factory=dict)
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    revision: int = 0

    def provider(self, code: str) -> Provider:
        """The provider of this code. Raises UnknownError."""
        if code not in self.providers:
            raise UnknownError("provider", code, self.providers)
        return self.providers[code]

    @property
    def effective_providers(self) -> list[Provider]:
        """Those to which anything is sent."""
        return [provider for provider in self.providers.values() if provider.effective]

    def sent_to(self, code: str | None) -> list[Provider]:
        """The provider that is named, else every effective one. Raises DomainError where nothing is sent to it."""
        if code is None:
            return self.effective_providers
        provider = self.provider(code)
        if not provider.effective:
            raise NotAllowedError(f"Provider {code} is NOT_EFFECTIVE: nothing is sent to it.", field="provider")
        return [provider]

    def ground(self, now: datetime) -> Ground:
        """What effects may know."""
        return Ground(self.catalogue, self.providers, now)


@dataclass
class Context:
    """The engine's parts, put together by the bootstrap.

    `transport` is for platforms that are called, `folders` for those that take files.
    `configuration` is replaced as a whole when another one is loaded: who looks at it twice takes it once. `pointed`
    holds connection parameters that are used instead of the configured ones until the engine ends, by provider.
    `inherited` is the key of the newest request when this engine started: of those up to it, what was to be sent at
    once may have been sent by an engine that was killed. `uncertain` are others that may have been sent: another engine
    or an earlier run had begun them, or the sending broke off in this one. `archive_folder` is where archive files are.
    """

    database: Database
    clock: Clock
    transport: Transport
    folders: FolderTransport
    adapters: Mapping[str, Adapter]
    archive_folder: Path = Path("archives")
    configuration: Configuration = field(default_factory=Configuration)
    pointed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    breakers: Breakers = field(default_factory=Breakers)
    turns: Turns = field(default_factory=Turns)
    running: Running = field(default_factory=Running)
    inherited: int = 0
    uncertain: set[int] = field(default_factory=set)
    tally: Tally = field(default_factory=Tally)

    @property
    def catalogue(self) -> Catalogue:
        """What is sold now."""
        return self.configuration.catalogue

    @property
    def providers(self) -> Mapping[str, Provider]:
        """The providers as they are now."""
        return self.configuration.providers

    @property
    def effective_providers(self) -> list[Provider]:
        """Those to which anything is sent now."""
        return self.configuration.effective_providers

    def provider(self, code: str) -> Provider:
        """The provider of this code, as it is now. Raises UnknownError."""
        return self.configuration.provider(code)

    def adapter(self, provider: Provider) -> Adapter:
        """The adapter that speaks the provider's protocol."""
        return self.adapters[provider.protocol]

    def ground(self) -> Ground:
        """What effects may know now."""
        return self.configuration.ground(self.clock.now())

    def still(self) -> "Context":
        """The same parts with the configuration as it is now, whatever is loaded meanwhile: for looking at things."""
        return replace(self)
