"""Requests in Icareus's form: one call, its fields in the order in which they are signed."""

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlencode

from engine.adapters.icareus.connection import forms, place_id
from engine.domain.provider import Provider
from engine.ports import Message, Parameters

LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "en_GB", "fi": "fi_FI", "es": "es_ES", "sv": "sv_SE"})
WITH_COUNTRY = re.compile(r"([A-Za-z]{2})[-_]([A-Za-z]{2})")
Fields = dict[str, str]


class Call(NamedTuple):
    """The platform's name of a call, and the fields of its own."""

    action: str
    fields: Callable[[Mapping[str, str], Parameters], Fields]


def pack(provider: Provider, request_type: str, _reference: str, parameters: Parameters) -> Message:
    """The request as a call to Icareus, not signed yet. The platform takes no reference."""
    call = CALLS[request_type]
    return message(provider, call.action, call.fields(provider.connection, parameters))


def inquire(provider: Provider, account: str, _reference: str) -> Message:
    """The question for an account, which changes nothing. It is no request: no gap calls for it.

    The platform's ids of users are digits; what is none is looked for among their screen names.
    """
    return message(provider, "getUser", {"userId" if account.isdecimal() else "screenName": account})


def ask_all(provider: Provider, subscription: str, _reference: str) -> Message:
    """The question for all that a subscriber has, by the name under which he was registered."""
    return message(provider, "getUser", {"screenName": subscription})


def message(provider: Provider, action: str, fields: Fields) -> Message:
    """The call as a form."""
    connection = provider.connection
    form = {"action": action, "organizationId": connection["organization_id"], **fields}
    return Message(
        url=connection["url"],
        headers={"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"},
        body=urlencode(form).encode(),
        secrets=forms(connection["key"]),
    )


def new_user(connection: Mapping[str, str], parameters: Parameters) -> Fields:
    """Who the subscriber is. What isn't known of him is empty; a language is left out then."""
    subscriber = parameters["subscriber"]
    address = subscriber.get("address", {})
    language = language_id(subscriber.get("language", ""))
    return {
        "firstName": subscriber.get("first_name", ""),
        "lastName": subscriber.get("last_name", ""),
        "screenName": subscriber["number"],
        "countryId": place_id(connection, "country", address.get("country", "")),
        "regionId": place_id(connection, "region", address.get("region", "")),
        "postalCode": address.get("postal_code", ""),
        "cityName": address.get("city", ""),
        "phoneNumber": subscriber.get("phone", ""),
        "emailAddress": subscriber.get("email", ""),
    } | ({"languageId": language} if language else {})


def language_id(tag: str) -> str:
    """The platform's id of a language: one with a country is written its way, of others it knows some."""
    with_country = WITH_COUNTRY.fullmatch(tag)
    if with_country:
        return f"{with_country[1].lower()}_{with_country[2].upper()}"
    return LANGUAGES.get(tag.lower(), "")


def user(_connection: Mapping[str, str], parameters: Parameters) -> Fields:
    """The account alone."""
    return {"userId": parameters["account"]}


def device(_connection: Mapping[str, str], parameters: Parameters) -> Fields:
    """The account and one device."""
    return {"userId": parameters["account"], "deviceId": parameters["device"]}


def products(_connection: Mapping[str, str], parameters: Parameters) -> Fields:
    """The account and the set of products, in order."""
    return {"userId": parameters["account"], "productIds": listed(parameters["products"])}


def listed(ids: Iterable[str]) -> str:
    """Ids as the platform lists them. Raises ValueError for one that would be read as two."""
    in_order = sorted(ids)
    for one in in_order:
        if "," in one:
            raise ValueError(f"the product id {one!r} has a comma in it")
    return ",".join(in_order)


CALLS: Mapping[str, Call] = MappingProxyType(
    {
        "ADD_USER": Call("addUser", new_user),
        "CANCEL_PRODUCTS": Call("cancelProducts", products),
        "REMOVE_DEVICE": Call("removeDeviceFromUser", device),
        "REMOVE_USER": Call("removeUser", user),
        "ADD_DEVICE": Call("addDeviceToUser", device),
        "ACTIVATE_PRODUCTS": Call("activateProducts", products),
    }
)
