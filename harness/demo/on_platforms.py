"""Three platforms that are called, side by side in a story: who has what there, in the words of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.demo.story import Person, Request, Step

SPORT, CINEMA = "Sport", "Cinema"
ON, OFF = "on", "off"


@dataclass(frozen=True)
class There:
    """A platform: what it calls a service and a box, and the requests that turn a service on and off there.

    `received` is what these are on the wire, where that is something else; `parameter` has the services, in the
    engine's words and in the platform's.
    """

    platform: str
    prefix: str
    service: str
    requests: Mapping[str, tuple[str, str]]
    parameter: tuple[str, str]

    @property
    def place(self) -> list[str]:
        """The first distributor."""
        return [f"{self.platform.upper()}_MAIN"]

    def ca_id(self, product: str) -> str:
        """What the platform calls a product."""
        return f"{self.prefix}{product.upper()}"

    def asked(self, turn: str, product: str, life_cycle_state: str = "COMPLETED", error_code: str = "") -> Request:
        """A request that turns a service on or off."""
        (command, operation), (engine, wire), ids = self.requests[turn], self.parameter, [self.ca_id(product)]
        return Request(command, {engine: ids}, life_cycle_state, operation, received={wire: ids}, error_code=error_code)

    def effect(self, sign: str, product: str) -> str:
        """What it changes there."""
        return f"{sign}{self.service} {self.ca_id(product)}"

    def subscribe(self, title: str, number: str, person: Person, serial: str, **more: Any) -> Step:
        """Someone subscribes to Sport, with a box, and a card where there are cards."""
        items = [{"product": "STB", "serial_number": f"STB-{serial}", "distributors": self.place}]
        if self is IRDETO:
            items += [{"product": "SMARTCARD", "serial_number": f"CARD-{serial}", "distributors": self.place}]
        first, effects = BEGINNINGS[self.platform]
        return Step(
            title,
            "BECOME_SUBSCRIBER",
            number,
            {
                "number": number,
                "subscriber": person,
                "services": [{"product": SPORT, "distributors": self.place}],
                "items": items,
            },
            (
                *(Request(command, operation=operation, received={}) for command, operation in first),
                self.asked(ON, SPORT),
            ),
            (*(line.format(serial) for line in effects), self.effect("+", SPORT)),
            platform=self.platform,
            **more,
        )


# fmt: off
TUCANO = There(
    "tucano", "OPT_", "option",
    {ON: ("ACTIVATE_OPTIONS", ""), OFF: ("SUSPEND_OPTIONS", "")},
    ("options", "options"),
)
ICAREUS = There(
    "icareus", "SVOD_", "product",
    {ON: ("ACTIVATE_PRODUCTS", "activateProducts"), OFF: ("CANCEL_PRODUCTS", "cancelProducts")},
    ("products", "productIds"),
)
IRDETO = There(
    "irdeto", "CA_", "entitlement",
    {ON: ("ADD_ENTITLEMENTS", ""), OFF: ("REMOVE_ENTITLEMENTS", "")},
    ("entitlements", "caIds"),
)
BEGINNINGS: Mapping[str, tuple[tuple[tuple[str, str], ...], tuple[str, ...]]] = {
    # what makes somebody known, and a box of his; and what that changes
    "tucano":  ((("CREATE_ACCOUNT", ""), ("ADD_MATERIAL", "")),
                ("+account T*", "+material STB-{}")),
    "icareus": ((("ADD_USER", "addUser"), ("ADD_DEVICE", "addDeviceToUser")),
                ("+account 2*", "+device STB-{}")),
    "irdeto":  ((("REGISTER_SECURE_CLIENT", ""), ("PAIR", "")),
                ("+client STB-{} sector IRDETO_MAIN", "+paired CARD-{}")),
}
# fmt: on
