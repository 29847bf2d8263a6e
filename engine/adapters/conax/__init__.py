"""Conax Contego SMS, SAS interface: conditional access. Products sit on cards; requests go there in files."""

from engine.adapters.conax import connection, files, ids, operations, replies, statuses
from engine.adapters.conax.table import REQUESTS
from engine.adapters.conax.utilities import UTILITIES
from engine.domain.keeping import Keeping, Role
from engine.domain.rights import Kind
from engine.ports import Adapter, Files

CONAX = Adapter(
    table=REQUESTS,
    line=Files(
        letters=files.LETTERS,
        about=files.about,
        most=files.most,
        period=files.period,
        unfit=files.unfit,
        pack=files.pack,
        refusals=replies.refusals,
        record_of=replies.record_of,
        answers=statuses.answers,
        holdings=statuses.holdings,
        site=connection.site,
        places=connection.places,
        overdue_after=operations.overdue_after,
        renewed_before=operations.renewed_before,
        codes=replies.MEANINGS,
    ),
    connection_parameters=connection.CONNECTION_PARAMETERS,
    operation_parameters=operations.OPERATION_PARAMETERS,
    words={Kind.ACCOUNT: "account", Kind.ITEM: "card", Kind.PAIR: "paired", Kind.SERVICE: "product"},
    keeping=Keeping(roles={"SMARTCARD": Role.ENTITLED, "STB": Role.PAIRED}, windows=False, registers=False),
    warnings=operations.warnings,
    reached_at=connection.as_host_and_port,
    unfit_service=ids.product,
    unfit_device=ids.device,
    service_there=ids.product_there,
    utilities=UTILITIES,
    ours=frozenset({"reset of a subscription", "more than one provider"}),
)
