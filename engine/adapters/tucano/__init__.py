"""Tucano: an OTT platform. Accounts hold options (services) and materials (devices), apart from each other."""

from engine.adapters.tucano.connection import CONNECTION_PARAMETERS
from engine.adapters.tucano.holdings import holdings
from engine.adapters.tucano.messages import ask_all, inquire, pack
from engine.adapters.tucano.replies import credentials_hold, judge
from engine.adapters.tucano.table import REQUESTS
from engine.adapters.tucano.tokens import subscriber_token
from engine.domain.rights import Kind
from engine.ports import Adapter, Calls

TUCANO = Adapter(
    table=REQUESTS,
    line=Calls(pack, judge, inquire, credentials_hold, ask_all, holdings),
    connection_parameters=CONNECTION_PARAMETERS,
    words={Kind.ACCOUNT: "account", Kind.ITEM: "material", Kind.SERVICE: "option"},
    subscriber_token=subscriber_token,
    ours=frozenset({"windows of usage services"}),
)
