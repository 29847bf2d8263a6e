"""Conax's requests, in the order of sending: take away before giving, the pair before what sits on its card."""

from functools import partial

from engine.adapters.conax import needs
from engine.domain.actions import RESET, Action
from engine.domain.gap import Part
from engine.domain.request import NOTHING, gives, takes
from engine.domain.rights import Kind
from engine.ports import Row

IN_A_FILE = partial(Row, repeatable=True, needs_account=False, device="smartcard")
ITS_OWN = partial(IN_A_FILE, needs_device=True)
NEVER: frozenset[Action] = frozenset()
ADDED = gives(Kind.SERVICE, "service", on="smartcard")
RUN, API, PAIRING = "processing run", "Web API", "pairing utility"
MAIL = ("mail & bark run", "message utility")

# Actions send nothing: runs do, for all subscriptions at once. What is given or taken twice is so already; a message that is
# sent twice is seen twice, so that it is looked for at the platform before its file is sent again. Nothing is given to a card,
# nor shown on it, that is somebody else's by now.
# fmt: off
REQUESTS = (
    #         request                        trigger logic        triggered by  when completed
    IN_A_FILE("CANCEL_SUBSCRIPTIONS",        needs.services_gone, RESET, takes(Kind.SERVICE, "service", on="smartcard"),       part=Part.SERVICES_GONE, asked_by=(RUN, API)),
    ITS_OWN("CREATE_PAIRING",                needs.pairs_new,     RESET, gives(Kind.PAIR, "stb", on="smartcard", alone=True), part=Part.PAIRS_NEW,     asked_by=(RUN, API, PAIRING)),
    ITS_OWN("RENEW_SUBSCRIPTIONS",           needs.services_due,  RESET, ADDED,                                               part=Part.SERVICES_DUE,  asked_by=(RUN,)),
    ITS_OWN("ADD_SUBSCRIPTIONS",             needs.services_new,  RESET, ADDED,                                               part=Part.SERVICES_NEW,  asked_by=(RUN, API)),
    ITS_OWN("SEND_MAIL_MESSAGE_TO_CLIENT",   needs.mail,          NEVER, NOTHING, asked_by=MAIL, repeatable=False),
    ITS_OWN("SEND_BARK_MESSAGE_TO_CLIENT",   needs.bark,          NEVER, NOTHING, asked_by=MAIL, repeatable=False),
    IN_A_FILE("QUERY_STATUS",                needs.query,         NEVER, NOTHING, asked_by=("status query",), mark="P, name O"),
)
# fmt: on
