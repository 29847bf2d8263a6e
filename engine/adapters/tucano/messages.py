"""Requests in Tucano's form: one command, one XML document, HTTP Basic."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from lxml import etree

from engine.adapters.tucano.connection import SECRETS
from engine.adapters.xml import written
from engine.domain.provider import Provider
from engine.ports import Message, Parameters


def pack(provider: Provider, request_type: str, reference: str, parameters: Parameters) -> Message:
    """The request as a command to Tucano."""
    command = etree.Element("command", name=request_type, reference=reference)
    BODIES[request_type](command, parameters)
    return message(provider, command)


def inquire(provider: Provider, account: str, reference: str) -> Message:
    """The question for an account, which changes nothing. It is no request: no gap calls for it."""
    command = etree.Element("command", name="GET_ACCOUNT", reference=reference)
    etree.SubElement(command, "account", id=account)
    return message(provider, command)


def ask_all(provider: Provider, subscription: str, reference: str) -> Message:
    """The question for all that a subscriber has. Whose account it is says who he is: ids may have been given again."""
    command = etree.Element("command", name="GET_ACCOUNT", reference=reference)
    etree.SubElement(command, "subscriber", number=subscription)
    return message(provider, command)


def message(provider: Provider, command: etree._Element) -> Message:
    """The command as Tucano wants it, in the provider's character set (UTF-8 unless it says otherwise).

    What the character set lacks becomes a character reference.
    """
    connection = provider.connection
    charset = connection.get("character_set_encoding", "UTF-8")
    return Message(
        url=connection["end_point"],
        headers={"Content-Type": f"text/xml; charset={charset}"},
        body=written(command, charset),
        credentials=(connection["user_name"], connection["password"]),
        charset=charset,
        secrets=tuple(connection[name] for name in SECRETS if name in connection),
    )


def new_account(command: etree._Element, parameters: Parameters) -> None:
    """Who the subscriber is; what isn't known is left out."""
    subscriber = dict(parameters["subscriber"])
    address = filled(subscriber.pop("address", {}))
    element = etree.SubElement(command, "subscriber", filled(subscriber))
    if address:
        etree.SubElement(element, "address", address)


def material(command: etree._Element, parameters: Parameters) -> None:
    """The account and one device."""
    etree.SubElement(command, "account", id=parameters["account"])
    etree.SubElement(command, "material", filled({"id": parameters["material"], "type": parameters.get("type", "")}))


def options(command: etree._Element, parameters: Parameters) -> None:
    """The account and the set of options, in order, usage services with their windows."""
    etree.SubElement(command, "account", id=parameters["account"])
    element = etree.SubElement(command, "options")
    windows = parameters.get("windows", {})
    for option in sorted(parameters["options"]):
        start, end = windows.get(option, ("", ""))
        etree.SubElement(element, "option", filled({"id": option, "start": zulu(start), "end": zulu(end)}))


def filled(attributes: Mapping[str, str]) -> dict[str, str]:
    """The attributes that say something."""
    return {name: value for name, value in attributes.items() if value}


def zulu(moment: str) -> str:
    """A moment in UTC as the platform writes it, ending in Z."""
    return moment.replace("+00:00", "Z")


BODIES: Mapping[str, Callable[[etree._Element, Parameters], None]] = MappingProxyType(
    {
        "CREATE_ACCOUNT": new_account,
        "REMOVE_MATERIAL": material,
        "ADD_MATERIAL": material,
        "SUSPEND_OPTIONS": options,
        "ACTIVATE_OPTIONS": options,
    }
)
