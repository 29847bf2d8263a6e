"""Icareus Suite's own words, verbatim: its actions and its refusals."""

from enum import StrEnum


class Action(StrEnum):
    """What can be asked for."""

    ADD_USER = "addUser"
    REMOVE_USER = "removeUser"
    ACTIVATE_PRODUCTS = "activateProducts"
    CANCEL_PRODUCTS = "cancelProducts"
    ADD_DEVICE = "addDeviceToUser"
    REMOVE_DEVICE = "removeDeviceFromUser"
    GET_USER = "getUser"


class Code(StrEnum):
    """Why it was refused; the message is a sentence that names what the comment says."""

    INVALID_TOKEN = "INVALID_TOKEN"  # noqa: S105 - what is wrong with it, and never the token
    EXPIRED_TOKEN = "EXPIRED_TOKEN"  # noqa: S105 - when it is of, and what time it is
    UNKNOWN_ORGANIZATION = "UNKNOWN_ORGANIZATION"  # the organisation
    USER_EXISTS = "USER_EXISTS"  # the screen name and the user who has it
    UNKNOWN_USER = "UNKNOWN_USER"  # the user id or the screen name asked for
    UNKNOWN_PRODUCT = "UNKNOWN_PRODUCT"  # the first product that isn't in the catalogue
    UNKNOWN_DEVICE = "UNKNOWN_DEVICE"  # the device that isn't in stock
    DEVICE_IN_USE = "DEVICE_IN_USE"  # the device on another user
    MISSING_PARAMETER = "MISSING_PARAMETER"  # the first one that is missing
    INVALID_PARAMETER = "INVALID_PARAMETER"  # the parameter, and what it takes
    UNKNOWN_ACTION = "UNKNOWN_ACTION"  # the actions there are
