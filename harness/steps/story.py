"""What the steps of one scenario share."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.domain.audit import AuditDifference
from engine.domain.errors import DomainError
from engine.domain.request import ProvisioningRequest
from engine.service import out_of_sync
from engine.service.act import Executed
from engine.service.jobs import Foreseen
from engine.service.schedule import Recorded
from engine.service.views import OutOfSyncView, StandingView
from engine.store import audits
from harness.lab.killing import EngineKilledError
from harness.lab.lab import Lab
from harness.platforms import PLATFORMS, Ids

WORD = re.compile(r"\w+(?:-\w+)*")
PROCESSING, ERROR_HANDLING = "PROCESS_REQUESTS", "ERROR_HANDLING"
LATER = "2999-12-31"
FIRST_DAY = datetime(2999, 1, 1, tzinfo=UTC)  # that of the first files of a scenario
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
        self.ended_before: set[int] | None = None
        self.foreseen: list[Foreseen] = []
        self.found_before = 0

    def act(self, action: str, **details: Any) -> None:
        """Carry an action out on the subscription; a refusal, or the engine's death, is kept for later steps."""
        self.attempt(lambda: self.lab.engine.act(action, self.number, **labelled(details)))

    def schedule(self, action: str, at: datetime, **details: Any) -> None:
        """Keep an action for later; a refusal is kept for later steps."""
        self.attempt(lambda: self.lab.engine.schedule(action, self.number, at, **labelled(details)))

    def cancel_scheduled(self) -> None:
        """Cancel what was scheduled last."""
        last = [one.id for one in self.actions() if one.scheduled_date][-1]
        self.attempt(lambda: self.lab.engine.cancel_action(last))

    def wait(self, until: datetime | None) -> None:
        """Let time pass until then, if a moment is said."""
        if until:
            self.lab.clock.pass_until(until)

    def run(self, definition: str, at: datetime | None = None) -> None:
        """Let time pass until then, and carry out a run."""
        self.wait(at)
        ended = {one.id for one in self.lab.engine.requests(1000) if one.executed_date}
        self.attempt(lambda: self.lab.engine.run(definition))
        self.ended_before = ended

    def preview(self, definition: str, at: datetime | None = None) -> None:
        """Let time pass until then, and ask what a run would do."""
        self.wait(at)
        self.attempt(lambda: self.foreseen.extend(self.lab.engine.preview(definition, 1000).results))

    def settle(self) -> None:
        """Let what was subscribed to reach platforms that take files, and let them answer."""
        self.run(PROCESSING, FIRST_DAY)
        self.run(ERROR_HANDLING)

    def calm(self) -> None:
        """The faults are over, and time enough passes for the engine to try again."""
        for platform in self.lab.platforms.touched().values():
            platform.faults.clear()
        self.lab.clock.sleep(60)

    def reset(self) -> None:
        """The reset utility."""
        self.attempt(lambda: self.lab.engine.reset(self.number))

    def audit(self) -> None:
        """Ask the platforms what they hold for the subscription."""
        self.attempt(lambda: self.lab.engine.audit(self.number))

    def start_engine(self) -> None:
        """A new engine on the same database, which sends what it finds PENDING."""
        self.begin()
        self.lab.restart_engine()

    def begin(self) -> None:
        """Look only at what comes from now on; of what was done before, nothing is left."""
        self.lab.mark()
        self.executed, self.refusal, self.ended_before, self.foreseen = None, None, None, []
        self.found_before = max((one.id for one in self.differences), default=self.found_before)
        self.done_before = {one.id for one in self.actions() if one.executed_date}

    def attempt(self, call: Callable[[], object]) -> None:
        """Do it, and look only at what comes from now on."""
        assert not self.lab.stopped, "the engine is stopped"
        self.begin()
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
        """What the engine has made of what was done, as it is now; of a run, what had not ended when it began."""
        if self.ended_before is not None:
            known = sorted(self.lab.engine.requests(1000), key=lambda one: one.id)
            return [one for one in known if one.id not in self.ended_before]
        if isinstance(self.executed, ProvisioningRequest):
            return [one for one in self.lab.engine.requests(1000) if one.id == self.executed.id]
        assert self.executed is not None, f"nothing was executed: {self.refusal}"
        return self.executed.requests

    @property
    def differences(self) -> list[AuditDifference]:
        """What was found to differ at the platforms since what was done last was begun."""
        with self.lab.engine.context.database.reading() as connection:
            return audits.find(connection, {}, limit=1000, offset=0, after=self.found_before)

    @property
    def out_of_sync(self) -> list[OutOfSyncView]:
        """Which subscriptions are out of sync now, and where."""
        return out_of_sync.page(self.lab.engine.context, None, {}, after=0, limit=1000).results

    def actions(self) -> list[Recorded]:
        """What was done to the subscription, and is to be done."""
        return self.lab.engine.actions(1000, 0, subscription=self.number).results if self.number else []

    def subscribe(self, state: str, provider: str, product: str, components: str, **said: Any) -> None:
        """Someone subscribes to a service on the provider's first distributor, with what goes into a box there."""
        first = self.lab.engine.context.provider(provider).distributors[0].code
        number = len(self.lab.engine.subscriptions()) + 1
        items = [
            labelled({"product": good, "serial_number": f"{prefix}-{number}", "distributors": [first]})
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

    def sells(self, product: str) -> bool:
        """Whether the operator has a product of this name."""
        return product in {one.name for one in self.lab.engine.context.catalogue.products.values()}

    def account(self, platform: str) -> str:
        """The account at the platform that the subscription is believed to have; nothing where it has none."""
        return self.standings[platform].account or ""

    def takes_files(self, provider: str) -> bool:
        """Whether the provider's platform takes files."""
        return self.lab.engine.context.adapter(self.lab.engine.context.provider(provider)).takes_files

    def effects(self) -> list[tuple[str, str]]:
        """What changed at each platform, in the operator's words: CA IDs become names of products, serial numbers."""
        names = {platform: self.names(platform) for platform in self.lab.platforms.touched()}
        changes = [(one.platform, line) for one in self.lab.exchanges() for line in one.difference]
        return [(platform, said_plainly(line, names[platform], PLATFORMS[platform].ids)) for platform, line in changes]

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


def labelled(details: Mapping[str, Any]) -> dict[str, Any]:
    """The details with what is printed on a device that comes, for platforms that call it by that."""
    serial_number = details.get("serial_number", "")
    printed = {platform: row.ids.printed(serial_number) for platform, row in PLATFORMS.items()}
    ca_ids = {platform: ca_id for platform, ca_id in printed.items() if ca_id}
    return {**details, "ca_ids": ca_ids} if ca_ids else dict(details)


def sent(platform: str, serial_number: str) -> str:
    """What a device is called at the platform: its serial number, unless it goes there by what is printed on it."""
    ids = PLATFORMS[platform].ids
    return ids.sent(ids.printed(serial_number)) or serial_number


def said_plainly(line: str, names: Mapping[str, str], ids: Ids) -> str:
    """A line of what is held, with names for CA IDs."""
    return WORD.sub(lambda word: names.get(word[0]) or ids.read(word[0]), line)


def listed(words: str | None) -> list[str]:
    """Names out of a text such as `Geological, Religion`."""
    return [word.strip() for word in (words or "").split(",") if word.strip()]


def rows(datatable: Iterable[Iterable[str]]) -> list[dict[str, str]]:
    """The rows of a table with a head, by column."""
    head, *body = [list(row) for row in datatable]
    return [dict(zip(head, row, strict=True)) for row in body]
