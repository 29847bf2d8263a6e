"""The published contract: which action takes which parameters, in which order, and what each may be.

The reader of requests and the description that callers are given are both made from this table.
"""

from typing import NamedTuple

from simulators.icareus.codes import Action

MOST_PRODUCTS = 1_000
# fmt: off
_IN_ID     = r"[^\x00-\x20\x7f-\xa0,]"
_IN_E_MAIL = r"[^\x00-\x20\x7f-\xa0@]"
_IN_LINE   = r"[^\x00-\x1f\x7f-\x9f]"
_IN_TEXT   = r"[^\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]"
# fmt: on


class Kind(NamedTuple):
    """What a value may be: a pattern for the whole of it, how many characters at most, and the same in words.

    Where the pattern is bounded by itself there is no `most`.
    """

    pattern: str
    most: int | None
    words: str


class Field(NamedTuple):
    """One parameter. What is signed takes part in the token, if it was sent."""

    name: str
    kind: Kind
    needed: bool = True
    signed: bool = True


# fmt: off
#                  pattern                              most    in words
NUMBER      = Kind(r"[0-9]+",                           18,     "1 to 18 digits")
LINE        = Kind(f"{_IN_LINE}*",                      200,    "at most 200 characters, no control among them")
TEXT        = Kind(f"{_IN_TEXT}*",                      200,    "at most 200 characters, of controls only line ends")
ID          = Kind(f"{_IN_ID}+",                        64,     "1 to 64 characters, no blank, no comma")
SCREEN_NAME = Kind(f"(?![0-9]+$){_IN_ID}+",             64,     "1 to 64 characters, no blank or comma, not all digits")
E_MAIL      = Kind(f"({_IN_E_MAIL}+@{_IN_E_MAIL}+)?",   200,    "nothing, or one @ with something on either side")
LANGUAGE    = Kind(r"[a-z]{2}_[A-Z]{2}",                5,      "a language and a country, as en_GB")
IDS         = Kind(f"{_IN_ID}{{1,64}}(,{_IN_ID}{{1,64}})*", None,
                                               f"1 to {MOST_PRODUCTS} ids with commas between them, sorted, none twice")
SIGNATURE   = Kind(r"01[0-9a-f]{40}",                   42,     "01, and 40 hexadecimal digits in lower case")

ORGANIZATION = Field("organizationId", NUMBER)
USER         = Field("userId",         NUMBER)
PRODUCTS     = Field("productIds",     IDS)
DEVICE       = Field("deviceId",       ID)
TOKEN        = Field("token",          SIGNATURE, signed=False)

TAKES: dict[Action, tuple[Field, ...]] = {
    Action.ADD_USER: (
        ORGANIZATION,
        Field("firstName",    LINE),
        Field("lastName",     LINE),
        Field("screenName",   SCREEN_NAME, needed=False),
        Field("countryId",    NUMBER),
        Field("regionId",     NUMBER),
        Field("postalCode",   LINE),
        Field("cityName",     LINE),
        Field("phoneNumber",  LINE),
        Field("emailAddress", E_MAIL),
        Field("languageId",   LANGUAGE,    needed=False, signed=False),
        Field("comments",     TEXT,        needed=False, signed=False),
        TOKEN,
    ),
    Action.REMOVE_USER:       (ORGANIZATION, USER, TOKEN),
    Action.ACTIVATE_PRODUCTS: (ORGANIZATION, USER, PRODUCTS, TOKEN),
    Action.CANCEL_PRODUCTS:   (ORGANIZATION, USER, PRODUCTS, TOKEN),
    Action.ADD_DEVICE:        (ORGANIZATION, USER, DEVICE, TOKEN),
    Action.REMOVE_DEVICE:     (ORGANIZATION, USER, DEVICE, TOKEN),
    Action.GET_USER: (
        ORGANIZATION,
        Field("userId",       NUMBER,      needed=False),
        Field("screenName",   SCREEN_NAME, needed=False),
        TOKEN,
    ),
}
EXACTLY_ONE: dict[Action, tuple[str, ...]] = {Action.GET_USER: ("userId", "screenName")}
# fmt: on
