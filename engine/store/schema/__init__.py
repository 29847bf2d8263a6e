"""The tables."""

from engine.store.schema.archives import archive_password, archived_logs, archives
from engine.store.schema.auditing import audit_differences
from engine.store.schema.callers import tokens
from engine.store.schema.columns import (
    LIVE_SERVICE,
    OPEN_FILE,
    PENDING_ENTRY,
    SCHEDULED_ACTION,
    UNFILED_REQUEST,
    metadata,
)
from engine.store.schema.communication import communication_queue
from engine.store.schema.configuration import (
    definitions,
    distributors,
    products,
    provider_hardware,
    provider_services,
    providers,
)
from engine.store.schema.provisioning import actions, files, held, out_of_sync, requests
from engine.store.schema.running import run_chunks, run_crews, run_log, runs
from engine.store.schema.subscriptions import (
    access_tokens,
    counters,
    item_distributors,
    items,
    service_distributors,
    services,
    subscriptions,
)

__all__ = [
    "LIVE_SERVICE",
    "OPEN_FILE",
    "PENDING_ENTRY",
    "SCHEDULED_ACTION",
    "UNFILED_REQUEST",
    "access_tokens",
    "actions",
    "archive_password",
    "archived_logs",
    "archives",
    "audit_differences",
    "communication_queue",
    "counters",
    "definitions",
    "distributors",
    "files",
    "held",
    "item_distributors",
    "items",
    "metadata",
    "out_of_sync",
    "products",
    "provider_hardware",
    "provider_services",
    "providers",
    "requests",
    "run_chunks",
    "run_crews",
    "run_log",
    "runs",
    "service_distributors",
    "services",
    "subscriptions",
    "tokens",
]
