"""Conax's requests, in the order of sending: take away before giving, the pair before what sits on its card."""

from functools import partial

from engine.adapters.conax import needs
from engine.domain.actions import RESET, Action
from engine.domain.gap import Part
from engine.domain.request import NOTHING, gives, takes
from engine.domain.rights import Kind
from engine.ports import Row

IN_A_FILE = partial(Row, repeatable=True, needs_account=False, device="smartcard")
NEVER: frozenset[Action] = frozenset()
ADDED = gives(Kind.SERVICE, "service", on="smartcard")
RUN, API, PAIRING = "processing run", "Web API", "pairing utility"
MAIL = ("mail & bark run", "message utility")

# Actions send nothing: runs do, for all subscriptions at once. What is given or taken twice is so already; a message that is
# sent twice is seen twice, so that it is looked for at the platform before its file is sent again.
# fmt: off
REQUESTS = (
    #         request                        trigger logic        triggered by  when completed
    IN_A_FILE("CANCEL_SUBSCRIPTIONS",        needs.services_gone, RESET, takes(Kind.SERVICE, "service", on="smartcard"),       part=Part.SERVICES_GONE, asked_by=(RUN, API)),
    IN_A_FILE("CREATE_PAIRING",              needs.pairs_new,     RESET, gives(Kind.PAIR, "stb", on="smartcard", alone=True), part=Part.PAIRS_NEW,     asked_by=(RUN, API, PAIRING)),
    IN_A_FILE("RENEW_SUBSCRIPTIONS",         needs.services_due,  RESET, ADDED,                                               part=Part.SERVICES_DUE,  asked_by=(RUN,)),
    IN_A_FILE("ADD_SUBSCRIPTIONS",           needs.services_new,  RESET, ADDED,                                               part=Part.SERVICES_NEW,  asked_by=(RUN, API)),
    IN_A_FILE("SEND_MAIL_MESSAGE_TO_CLIENT", needs.mail,          NEVER, NOTHING, asked_by=MAIL, repeatable=False),
    IN_A_FILE("SEND_BARK_MESSAGE_TO_CLIENT", needs.bark,          NEVER, NOTHING, asked_by=MAIL, repeatable=False),
    IN_A_FILE("QUERY_STATUS",                needs.query,         NEVER, NOTHING, asked_by=("status query",), mark="P, name O"),
)
# fmt: on
