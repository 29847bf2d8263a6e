"""What every service works with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.domain.catalogue import Catalogue
from engine.domain.effects.ground import Ground
from engine.domain.errors import UnknownError
from engine.domain.provider import Provider
from engine.ports import Adapter, Clock, Transport
from engine.service.breaker import Breakers
from engine.service.turns import Turns
from engine.store.database import Database


@dataclass
class Context:
    """The engine's parts, put together by the bootstrap.

    `inherited` is the key of the newest request when this engine started: requests up to it may have been sent by an
    engine that was killed. `uncertain` are those whose sending broke off in this one.
    """

    database: Database
    clock: Clock
    transport: Transport
    adapters: Mapping[str, Adapter]
    catalogue: Catalogue = field(default_factory=Catalogue)
    providers: Mapping[str, Provider] = field(default_factory=dict)
    breakers: Breakers = field(default_factory=Breakers)
    turns: Turns = field(default_factory=Turns)
    inherited: int = 0
    uncertain: set[int] = field(default_factory=set)

    def provider(self, code: str) -> Provider:
        """The provider of this code. Raises UnknownError."""
        if code not in self.providers:
            raise UnknownError("provider", code, self.providers)
        return self.providers[code]

    def adapter(self, provider: Provider) -> Adapter:
        """The adapter that speaks the provider's protocol."""
        return self.adapters[provider.protocol]

    @property
    def effective_providers(self) -> list[Provider]:
        """Those to which anything is sent."""
        return [provider for provider in self.providers.values() if provider.effective]

    def ground(self) -> Ground:
        """What effects may know."""
        codes = [one.code for provider in self.providers.values() for one in provider.distributors]
        return Ground(self.catalogue, codes, list(self.providers), self.clock.now())
