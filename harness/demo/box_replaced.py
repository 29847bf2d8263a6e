"""A box is replaced at Icareus, and the channels stay: products hang on the user, and not on the box."""

from collections.abc import Sequence
from functools import partial

from harness.demo.story import Person, Request, Step

HOLDER = "S0000000004"
USER = "200001"
OLD, NEW = "STB-0041", "STB-0042"
MAIN = ["ICAREUS_MAIN"]
PRODUCTS = ["SVOD_CINEMA", "SVOD_SPORT"]
AtIcareus = partial(Step, platform="icareus")


def device(command: str, operation: str, serial: str) -> Request:
    """A device of the user's."""
    parameters = {"account": USER, "device": serial}
    return Request(command, parameters, operation=operation, received={"userId": USER, "deviceId": serial})


def box_replaced(people: Sequence[Person]) -> tuple[Step, ...]:
    """Sport and Cinema, and another box."""
    return (
        AtIcareus(
            "Someone subscribes to Sport and Cinema",
            "BECOME_SUBSCRIBER",
            HOLDER,
            {
                "number": HOLDER,
                "subscriber": people[3 % len(people)],
                "services": [{"product": product, "distributors": MAIN} for product in ("Sport", "Cinema")],
                "items": [{"product": "STB", "serial_number": OLD, "distributors": MAIN}],
            },
            (
                Request("ADD_USER", operation="addUser", received={"screenName": HOLDER}),
                device("ADD_DEVICE", "addDeviceToUser", OLD),
                Request(
                    "ACTIVATE_PRODUCTS",
                    {"account": USER, "products": PRODUCTS},
                    operation="activateProducts",
                    received={"userId": USER, "productIds": PRODUCTS},
                ),
            ),
            (f"+account {USER}", f"+device {OLD}", *(f"+product {product}" for product in PRODUCTS)),
        ),
        AtIcareus(
            "The box is replaced: the products are not touched",
            "SWAP_INSTALLED_ITEM",
            HOLDER,
            {"item": OLD, "serial_number": NEW},
            (
                device("REMOVE_DEVICE", "removeDeviceFromUser", OLD),
                device("ADD_DEVICE", "addDeviceToUser", NEW),
            ),
            (f"-device {OLD}", f"+device {NEW}"),
        ),
    )
