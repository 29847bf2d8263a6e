"""What the engine asks of an adapter, of a transport and of a clock: the seams, each with two implementations."""

from engine.ports.adapter import Adapter, ProviderParameter, Row, Utility, nothing_else
from engine.ports.calls import Calls, Failure, Message, Parameters, Reply, Transport
from engine.ports.clock import Clock
from engine.ports.files import About, Files, Folders, FoldersError, FolderTransport, Places, Record, Refusal, Site

__all__ = [
    "About",
    "Adapter",
    "Calls",
    "Clock",
    "Failure",
    "Files",
    "FolderTransport",
    "Folders",
    "FoldersError",
    "Message",
    "Parameters",
    "Places",
    "ProviderParameter",
    "Record",
    "Refusal",
    "Reply",
    "Row",
    "Site",
    "Transport",
    "Utility",
    "nothing_else",
]
