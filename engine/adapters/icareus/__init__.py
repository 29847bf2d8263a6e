"""Icareus Suite: an OTT platform. Accounts hold products (services) and devices, apart from each other."""

from engine.adapters.icareus.connection import CONNECTION_PARAMETERS, as_url
from engine.adapters.icareus.holdings import holdings
from engine.adapters.icareus.messages import ask_all, inquire, pack
from engine.adapters.icareus.replies import credentials_hold, judge
from engine.adapters.icareus.table import REQUESTS
from engine.adapters.icareus.tokens import sign
from engine.domain.keeping import Keeping
from engine.domain.rights import Kind
from engine.ports import Adapter, Calls

ICAREUS = Adapter(
    table=REQUESTS,
    line=Calls(pack, judge, inquire, credentials_hold, ask_all, holdings, sign),
    connection_parameters=CONNECTION_PARAMETERS,
    words={Kind.ACCOUNT: "account", Kind.ITEM: "device", Kind.SERVICE: "product"},
    keeping=Keeping(account_ends=True, account_first=True, windows=False),
    only_one_provider=True,
    reached_at=as_url,
    ours=frozenset({"reset of a subscription"}),
)
