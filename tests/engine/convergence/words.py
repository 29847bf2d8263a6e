"""What histories are made of: what can be sold, where, what an action can be about, and what can break."""

from harness.lab.killing import MOMENTS

PLATFORMS = ("tucano", "icareus", "irdeto", "conax")
NUMBERS = ("A", "B")
START = "2026-03-30T12:00:00Z"
LATER = "2999-12-31"
FINAL = {"CANCELLED", "REGRETTED", "SWAPPED", "REMOVED"}
WINDOWS = (
    {"start": "2999-01-01T10:00:00Z", "end": "2999-01-01T12:00:00Z"},
    {"start": "2999-01-01T11:00:00Z", "end": "2999-01-01T14:00:00Z"},
    {"start": "2999-02-01T11:00:00Z", "end": "2999-02-01T14:00:00Z"},
    {"start": "2026-03-30T20:00:00Z", "end": "2026-03-30T22:00:00Z"},
    {"start": "2026-03-31T21:00:00Z", "end": "2026-03-31T23:00:00Z"},
)
FLAT = ("GEOLOGICAL", "ENTERTAIN", "SPORT", "CINEMA", "PAPER_INVOICE")
PRODUCTS = (
    *({"product": product} for product in (*FLAT, "FAMILY_PACK")),
    {"product": "FLEXIBLE_BUNDLE_A", "components": ["GEOLOGICAL", "SPORT"]},
    {"product": "FLEXIBLE_BUNDLE_B", "components": ["GEOLOGICAL", "CINEMA"]},
)
COMPONENTS = ("GEOLOGICAL", "SPORT", "ENTERTAIN", "CINEMA", "RELIGION")

# fmt: off
ALWAYS = (
    "ADD_SERVICE", "REMOVE_SERVICE", "ADD_INSTALLED_ITEM", "REMOVE_INSTALLED_ITEM", "SWAP_INSTALLED_ITEM",
    "MOVE_INSTALLED_ITEM", "CHANGE_DISTRIBUTION", "RESET",
)
POSSIBLE = {
    "DRAFT":                    ("ACTIVATE_SUBSCRIPTION", "SHORT_TERM_ACTIVATION", *ALWAYS),
    "EFFECTIVE":                ("DEACTIVATE_SUBSCRIPTION", "TERMINATE_SUBSCRIPTION", "REST_SUBSCRIPTION",
                                 "SHORT_TERM_DEACTIVATION", "START_SERVICE", "STOP_SERVICE", "SWAP_SERVICE",
                                 "SWAP_SERVICE", "REGRET_SWAP", "AMEND_BUNDLE_SERVICES", "AMEND_BUNDLE_SERVICES",
                                 "ADD_SERVICE_USAGE", "ADD_SERVICE_USAGE", "CANCEL_SERVICE_USAGE", *ALWAYS),
    "NOT_EFFECTIVE":            ("ACTIVATE_SUBSCRIPTION", "SHORT_TERM_ACTIVATION", "START_SERVICE", *ALWAYS),
    "IN_RESTING":               ("END_SUBSCRIPTION_RESTING", "TERMINATE_SUBSCRIPTION", *ALWAYS),
    "SHORT_TERM_EFFECTIVE":     ("END_SHORT_TERM_ACTIVATION", *ALWAYS),
    "SHORT_TERM_NOT_EFFECTIVE": ("END_SHORT_TERM_DEACTIVATION", *ALWAYS),
}
BREAKS = (
    # kind          what more it says
    ("lost_request", ()),
    ("lost_reply",  ()),
    ("hang",        (("when", "before_effect"),)),
    ("hang",        (("when", "after_effect"),)),
    ("reset",       (("when", "before_effect"),)),
    ("reset",       (("when", "after_effect"),)),
    ("busy",        ()),
    ("truncated",   ()),
    ("garbled",     ()),
    ("outage",      ()),
    ("latency",     (("delay_s", 9.0),)),
    ("slow_body",   (("delay_s", 9.0),)),
    ("http_status", (("status", 500), ("when", "before_effect"))),
    ("http_status", (("status", 500), ("when", "after_effect"))),
    ("http_status", (("status", 204), ("when", "after_effect"))),
    ("http_status", (("status", 404), ("when", "before_effect"))),
    ("refuse",      ()),
    ("refuse",      ()),
    ("refuse",      ()),
    ("refuse",      ()),
)
# An answer that never comes, or can never be read, keeps what was asked for PENDING: somebody has to look after it.
BREAKS_OF_FILES = (
    ("outage",         ()),
    ("login_refused",  ()),
    ("upload_dropped", ()),
    ("disk_full",      ()),
    ("half_a_file",    ()),
    ("rename_refused", ()),
    ("rename_lost",    ()),
    ("late_answer",    (("delay_s", 30.0),)),
    ("answer_twice",   ()),
    ("foreign_entry",  ()),
    ("half_entry",     (("delay_s", 30.0),)),
    ("refuse",         ()),
    ("refuse",         ()),
    ("hang",           (("when", "before_effect"), ("operation", "LOGIN"))),
    ("reset",          (("when", "after_effect"), ("operation", "RENAME"))),
    ("reset",          (("when", "before_effect"), ("operation", "DELETE"))),
)
# fmt: on
# A platform that lies about an account or a device (UNKNOWN_ACCOUNT, though it has it) is believed, and can't be
# converged with.
REFUSALS = {
    "tucano": ("UNKNOWN_OPTION", "MATERIAL_IN_USE", "REFERENCE_REUSED", "MALFORMED"),
    "icareus": ("UNKNOWN_PRODUCT", "DEVICE_IN_USE", "INVALID_TOKEN", "EXPIRED_TOKEN", "MISSING_PARAMETER"),
    "irdeto": ("UNKNOWN_PRODUCT", "ALREADY_PAIRED", "SECURE_CLIENT_IN_USE", "TRANSACTION_REUSED", "MALFORMED"),
    "conax": ("ERR_NAME", "ERR_PRODUCT", "ERR_DATES", "ERR_CARDNUM", "ERR_ENDREQ"),
}
KILLS = ("before_sending", "before_the_answer", "before_committing", "after_committing")
FOLDER_MOMENTS = tuple(MOMENTS.values())
FILES = ("PROCESS_REQUESTS", "ERROR_HANDLING")
RUNS = (*FILES, *FILES, "MAINTENANCE", "MAIL", "RESET", "AUDIT")
LONGER_THAN_A_LEASE_S = 600
"""Where a platform takes files, or a run was killed, that long must pass before another engine may go on."""

FITS = {
    "REMOVE_SERVICE": lambda one: one.bundle is None,
    "START_SERVICE": lambda one: one.state in {"DRAFT", "NOT_EFFECTIVE"},
    "STOP_SERVICE": lambda one: one.state == "EFFECTIVE",
    "SWAP_SERVICE": lambda one: one.state == "EFFECTIVE" and one.bundle is None,
    "REGRET_SWAP": lambda one: one.state == "EFFECTIVE" and one.replaces,
    "AMEND_BUNDLE_SERVICES": lambda one: one.product.startswith("FLEXIBLE"),
    "CANCEL_SERVICE_USAGE": lambda one: one.window,
}


def fitting(shown, action):
    """The live services with which the action can be carried out."""
    fits = FITS.get(action, bool)
    return [one for one in shown.services if one.state not in FINAL and fits(one)]


def pick(choice, number):
    return choice[number % len(choice)]


def places(world):
    """Where something may be watched: on the first distributors of one platform, or of all; or nowhere."""
    mains, twins = ([f"{platform.upper()}_{name}" for platform in world] for name in ("MAIN", "TWIN1"))
    each = [place for main, twin in zip(mains, twins, strict=True) for place in ([main], [main, twin], [twin])]
    return [*each, *([mains, mains + twins] * 2 if len(world) > 1 else []), []]


def device(serial):
    """A device's serial number; and what is printed on it, for Conax: of A-M3, a card, 011000000031."""
    number, _, kind = serial.partition("-")
    return {
        "serial_number": serial,
        "ca_ids": {"conax": f"0{1 + NUMBERS.index(number)}{int('M' in kind)}{int(kind[-1]):08d}1"},
    }
