"""Irdeto KMS: conditional access. Entitlements sit on secure clients (boxes), each paired with its smartcard."""

from engine.adapters.irdeto.connection import CONNECTION_PARAMETERS
from engine.adapters.irdeto.holdings import holdings
from engine.adapters.irdeto.messages import ask_all, inquire, pack
from engine.adapters.irdeto.replies import credentials_hold, judge
from engine.adapters.irdeto.table import REQUESTS
from engine.adapters.irdeto.utilities import UTILITIES
from engine.domain.keeping import Keeping, Role
from engine.domain.rights import Kind
from engine.ports import Adapter, Calls

IRDETO = Adapter(
    table=REQUESTS,
    line=Calls(pack, judge, inquire, credentials_hold, ask_all, holdings),
    connection_parameters=CONNECTION_PARAMETERS,
    words={Kind.ACCOUNT: "account", Kind.ITEM: "client", Kind.PAIR: "paired", Kind.SERVICE: "entitlement"},
    keeping=Keeping(roles={"STB": Role.ENTITLED, "SMARTCARD": Role.PAIRED}),
    utilities=UTILITIES,
)
