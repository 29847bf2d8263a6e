"""What the steps of one scenario share."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest

from engine.domain.errors import DomainError
from engine.domain.request import ProvisioningRequest
from engine.service.act import Executed
from engine.service.schedule import Recorded
from engine.service.views import StandingView
from harness.lab.lab import EngineKilledError, Lab
from harness.platforms import PLATFORMS

LATER = "2999-12-31"
SUBSCRIBER = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.org"}
SOMEBODY_ELSE = {"first_name": "Grace", "last_name": "Hopper", "email": "grace@example.org"}


class Story:
    """The lab, the subscription that the scenario is about, and what became of the last action."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.number = ""
        self.provider = ""
        self.refusal: DomainError | None = None
        self.executed: Executed | ProvisioningRequest | None = None
        self.done_before: set[int] = set()

    def act(self, action: str, **details: Any) -> None:
        """Carry an action out on the subscription; a refusal, or the engine's death, is kept for later steps."""
        self.attempt(lambda: self.lab.engine.act(action, self.number, **details))

    def schedule(self, action: str, at: datetime, **details: Any) -> None:
        """Keep an action for later; a refusal is kept for later steps."""
        self.attempt(lambda: self.lab.engine.schedule(action, self.number, at, **details))

    def cancel_scheduled(self) -> None:
        """Cancel what was scheduled last."""
        last = [one.id for one in self.actions() if one.scheduled_date][-1]
        self.attempt(lambda: self.lab.engine.cancel_action(last))

    def run(self, definition: str, at: datetime | None = None) -> None:
        """Let time pass until then, and carry out a run."""
        if at:
            self.lab.clock.pass_until(at)
        self.attempt(lambda: self.lab.engine.run(definition))

    def reset(self) -> None:
        """The reset utility."""
        self.attempt(lambda: self.lab.engine.reset(self.number))

    def attempt(self, call: Callable[[], object]) -> None:
        """Do it, and look only at what comes from now on; of what was done before, nothing is left."""
        self.lab.mark()
        self.executed, self.refusal = None, None
        self.done_before = {one.id for one in self.actions() if one.executed_date}
        try:
            done = call()
        except DomainError as refusal:
            self.refusal = refusal
        except EngineKilledError:
            self.number = self.number or self.lab.engine.subscriptions()[-1].number
        else:
            if isinstance(done, Executed | ProvisioningRequest):
                self.executed, self.number = done, done.subscription or self.number

    @property
    def requests(self) -> Sequence[Any]:
        """What the engine has made of what was done, as it is now."""
        if isinstance(self.executed, ProvisioningRequest):
            return [one for one in self.lab.engine.requests(1000) if one.id == self.executed.id]
        assert self.executed is not None, f"nothing was executed: {self.refusal}"
        return self.executed.requests

    def actions(self) -> list[Recorded]:
        """What was done to the subscription, and is to be done."""
        return self.lab.engine.actions(1000, 0, subscription=self.number).results if self.number else []

    def subscribe(self, state: str, provider: str, product: str, components: str, **said: Any) -> None:
        """Someone subscribes to a service on the provider's first distributor, with what goes into a box there."""
        first = self.lab.engine.context.provider(provider).distributors[0].code
        number = len(self.lab.engine.subscriptions()) + 1
        items = [
            {"product": good, "serial_number": f"{prefix}-{number}", "distributors": [first]}
            for good, prefix in PLATFORMS[provider].goods.items()
        ]
        service = {"product": product, "components": listed(components), "distributors": [first]}
        order = {"subscriber": SUBSCRIBER, "services": [service], "items": items}
        self.provider = provider
        self.attempt(lambda: self.lab.engine.act("BECOME_SUBSCRIBER", **{**order, "state": state, **said}))

    def ca_id(self, platform: str, product: str) -> str:
        """The platform's id of a product of this name."""
        code = self.lab.engine.context.catalogue.product(product).code
        found = self.lab.engine.context.provider(platform).ca_id(code)
        assert found is not None, f"{product} has no CA ID at {platform}"
        return found

    def effects(self) -> list[tuple[str, str]]:
        """What changed at each platform, in the operator's words: CA IDs of services become the names of products."""
        names = {platform: self.names(platform) for platform in self.lab.platforms.touched()}
        changes = [(one.platform, line) for one in self.lab.exchanges() for line in one.difference]
        return [
            (platform, " ".join(names[platform].get(word, word) for word in line.split(" ")))
            for platform, line in changes
        ]

    def names(self, platform: str) -> dict[str, str]:
        """Product names by the platform's CA IDs."""
        products = self.lab.engine.context.catalogue.products
        services = self.lab.engine.context.provider(platform).services
        return {service.ca_id: products[service.product].name for service in services}

    @property
    def standings(self) -> Mapping[str, StandingView]:
        """How the subscription stands at each provider."""
        return self.lab.engine.show(self.number).providers


@pytest.fixture
def story(lab: Lab) -> Story:
    """The scenario's story."""
    return Story(lab)


def listed(words: str | None) -> list[str]:
    """Names out of a text such as `Geological, Religion`."""
    return [word.strip() for word in (words or "").split(",") if word.strip()]


def rows(datatable: Iterable[Iterable[str]]) -> list[dict[str, str]]:
    """The rows of a table with a head, by column."""
    head, *body = [list(row) for row in datatable]
    return [dict(zip(head, row, strict=True)) for row in body]
