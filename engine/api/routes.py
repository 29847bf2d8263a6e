"""The Web API's table: one row a call. Served and described from these same rows.

To add a call, write a function that takes the site and what is said, and add its row.
"""

from engine.api import (
    about,
    actions,
    archived,
    audits,
    cards,
    clock,
    communication,
    conax,
    configuration,
    filed,
    history,
    irdeto,
    openapi,
    out_of_sync,
    provisioning,
    running,
    subscriptions,
    tucano,
)
from engine.api.envelope import Text
from engine.api.models import (
    ConfigurationFiles,
    EntriesQuery,
    EntryQuery,
    ItemQuery,
    NewEntry,
    NewMessage,
    NewPin,
    NewQuery,
    OneDevice,
    OneEntry,
    OneProvider,
    Paged,
    RequestQuery,
    RequestsQuery,
    Reset,
    SubscriptionQuery,
    SubscriptionsQuery,
)
from engine.api.route import Route
from engine.domain.archive import Archive
from engine.domain.audit import AuditDifference
from engine.domain.communication import Entry
from engine.domain.request import ProvisioningRequest
from engine.domain.run import Definition, LogLine, Run
from engine.service.act import Executed
from engine.service.auditing.differences import Counted
from engine.service.auditing.one import Audited
from engine.service.authenticate import Authenticated
from engine.service.configure import Loaded
from engine.service.connection import Connection
from engine.service.jobs import Foreseen
from engine.service.schedule import Recorded
from engine.service.views import (
    FileView,
    InstalledItemView,
    OutOfSyncCount,
    OutOfSyncPage,
    Page,
    ProviderView,
    SubscriptionView,
)

TEXT, JSON = "text/plain", "application/json"


def described(_site: object) -> Text:
    """Give this description, in OpenAPI 3.1."""
    return openapi.text(ROUTES)


# fmt: off
ROUTES = (
    *actions.routes(),
    Route("GET",  "/subscriptions/show",                      subscriptions.one,      query=SubscriptionQuery,  answer=SubscriptionView,          refusals=(404,)),
    Route("GET",  "/subscriptions/list",                      subscriptions.several,  query=SubscriptionsQuery, answer=Page[SubscriptionView],    refusals=(404,)),
    Route("GET",  "/subscriptions/actions/list",              history.several,        query=history.ActionsQuery, answer=Page[Recorded],          refusals=(404,)),
    Route("POST", "/subscriptions/actions/cancel",            history.cancel,         body=history.Cancellation, answer=Recorded,                 refusals=(404, 409)),
    Route("POST", "/tucano/subscriber/authenticate",          tucano.authenticate,    body=tucano.Authentication, answer=Authenticated,           refusals=(403, 404, 409, 502)),
    Route("POST", "/tucano/subscriber/access_tokens",         tucano.grant,           body=tucano.Grant,        answer=tucano.Granted,            refusals=(404, 409)),
    Route("POST", "/irdeto/provisioning_requests/set_pin",    irdeto.set_pin,         body=NewPin,              answer=ProvisioningRequest, later=ProvisioningRequest, refusals=(404, 409)),
    Route("POST", "/irdeto/provisioning_requests/reset_pin",  irdeto.reset_pin,       body=OneDevice,           answer=ProvisioningRequest, later=ProvisioningRequest, refusals=(404, 409)),
    Route("POST", "/irdeto/provisioning_requests/reauthorise_sector", irdeto.reauthorise_sector, body=OneDevice, answer=ProvisioningRequest, later=ProvisioningRequest, refusals=(404, 409)),
    Route("POST", "/irdeto/provisioning_requests/send_message", irdeto.send_message,  body=NewMessage,          answer=ProvisioningRequest, later=ProvisioningRequest, refusals=(404, 409)),
    Route("POST", "/irdeto/provisioning_requests/query",      irdeto.query,           body=NewQuery,            answer=ProvisioningRequest, later=ProvisioningRequest, refusals=(404, 409)),
    Route("POST", "/conax_sms_sas/provisioning_requests/add_subscriptions",    conax.add_subscriptions,    body=cards.Subscriptions, later=conax.Made,           refusals=(404, 409)),
    Route("POST", "/conax_sms_sas/provisioning_requests/cancel_subscriptions", conax.cancel_subscriptions, body=cards.Subscriptions, later=conax.Made,           refusals=(404, 409)),
    Route("POST", "/conax_sms_sas/provisioning_requests/create_pairing",       conax.create_pairing,       body=cards.Pairing,       later=ProvisioningRequest,  refusals=(404, 409)),
    Route("POST", "/conax_sms_sas/provisioning_requests/send_mail_message",    conax.send_mail_message,    body=cards.MailMessage,   answer=ProvisioningRequest, later=ProvisioningRequest, refusals=(404, 409)),
    Route("POST", "/conax_sms_sas/provisioning_requests/send_bark_message",    conax.send_bark_message,    body=cards.BarkMessage,   answer=ProvisioningRequest, later=ProvisioningRequest, refusals=(404, 409)),
    Route("POST", "/conax_sms_sas/provisioning_requests/query_status",         conax.query_status,         body=OneDevice,           answer=ProvisioningRequest, later=ProvisioningRequest, refusals=(404, 409)),
    Route("GET",  "/conax_sms_sas/provisioning_requests/show",                 conax.request,              query=RequestQuery,       answer=ProvisioningRequest,       refusals=(404,)),
    Route("GET",  "/conax_sms_sas/provisioning_requests/list",                 conax.requests,             query=RequestsQuery,      answer=Page[ProvisioningRequest], refusals=(404,)),
    Route("GET",  "/conax_sms_sas/files/show",                                 filed.one,                  query=filed.FileQuery,    answer=FileView,                  refusals=(404, 409)),
    Route("GET",  "/conax_sms_sas/files/list",                                 filed.several,              query=filed.FilesQuery,   answer=Page[FileView],            refusals=(404,)),
    Route("POST", "/conax_sms_sas/files/resend",                               filed.resend,               body=filed.OneFile,       answer=FileView,                  refusals=(404, 409)),
    Route("POST", "/communication_queue/entries/add",         communication.add,      body=NewEntry,            answer=Entry,                     refusals=(404, 409)),
    Route("POST", "/communication_queue/entries/remove",      communication.remove,   body=OneEntry,            answer=Entry,                     refusals=(404, 409)),
    Route("GET",  "/communication_queue/entries/show",        communication.one,      query=EntryQuery,         answer=Entry,                     refusals=(404,)),
    Route("GET",  "/communication_queue/entries/list",        communication.several,  query=EntriesQuery,       answer=Page[Entry],               refusals=(404,)),
    Route("GET",  "/definitions/list",                        running.definitions,                               answer=list[Definition]),
    Route("GET",  "/definitions/preview",                     running.preview,        query=running.PreviewQuery, answer=Page[Foreseen],          refusals=(404,)),
    Route("POST", "/definitions/submit",                      running.submit,         body=running.Submission,  later=Run,                        refusals=(403, 404, 409, 429)),
    Route("GET",  "/runs/list",                               running.several,        query=running.RunsQuery,  answer=Page[Run],                 refusals=(404,)),
    Route("GET",  "/runs/show",                               running.one,            query=running.RunQuery,   answer=Run,                       refusals=(404,)),
    Route("GET",  "/runs/log",                                running.log,            query=running.LogQuery,   answer=Page[LogLine],             refusals=(404,)),
    Route("POST", "/runs/interrupt",                          running.interrupt,      body=running.OneRun,      answer=Run,                       refusals=(404, 409)),
    Route("POST", "/runs/resume",                             running.resume,         body=running.Resumption,  later=Run,                        refusals=(403, 404, 409, 429)),
    Route("POST", "/runs/delete",                             running.remove,         body=running.OneRun,      answer=running.OneRun,            refusals=(404, 409)),
    Route("GET",  "/archives/list",                           archived.several,       query=Paged,              answer=Page[Archive]),
    Route("GET",  "/archives/show",                           archived.one,           query=archived.ArchiveQuery, answer=Archive,                refusals=(404,)),
    Route("GET",  "/archives/download",                       archived.download,      query=archived.DownloadQuery, answer=archived.GZIP,         refusals=(404, 409)),
    Route("POST", "/archives/delete",                         archived.delete,        body=archived.Deletion,   answer=Archive,                   refusals=(403, 404, 409, 429)),
    Route("GET",  "/clock",                                   clock.show,                                        answer=clock.Time),
    Route("POST", "/clock/advance",                           clock.advance,          body=clock.Advance,       answer=clock.Time,                refusals=(409,)),
    Route("POST", "/provisioning/subscriptions/reset",        provisioning.reset,     body=Reset,               answer=Executed,                  refusals=(404, 409)),
    Route("GET",  "/provisioning/subscriptions/preview_reset", provisioning.preview_reset, query=provisioning.ResetQuery, answer=list[Foreseen], refusals=(404, 409)),
    Route("POST", "/provisioning/audit/submit",               audits.submit,          body=Reset,               answer=Audited,                   refusals=(404, 409)),
    Route("GET",  "/provisioning/audit/differences/list",     audits.several,         query=audits.DifferencesQuery, answer=Page[AuditDifference], refusals=(404,)),
    Route("GET",  "/provisioning/audit/differences/count",    audits.count,           query=audits.CountQuery,  answer=Counted,                   refusals=(404,)),
    Route("GET",  "/provisioning/provisioning_requests/show", provisioning.request,   query=RequestQuery,       answer=ProvisioningRequest,       refusals=(404,)),
    Route("GET",  "/provisioning/provisioning_requests/list", provisioning.requests,  query=RequestsQuery,      answer=Page[ProvisioningRequest], refusals=(404,)),
    Route("GET",  "/provisioning/installed_items/show",       provisioning.item,      query=ItemQuery,          answer=InstalledItemView,         refusals=(404,)),
    Route("GET",  "/provisioning/out_of_sync/list",           out_of_sync.several,    query=out_of_sync.ListQuery,  answer=OutOfSyncPage,          refusals=(404, 409)),
    Route("GET",  "/provisioning/out_of_sync/count",          out_of_sync.count,      query=out_of_sync.CountQuery, answer=OutOfSyncCount,         refusals=(404, 409)),
    Route("GET",  "/provisioning/providers/list",             provisioning.providers,                           answer=list[ProviderView]),
    Route("POST", "/provisioning/providers/set_as_effective", configuration.set_as_effective,     body=OneProvider,        answer=ProviderView,     refusals=(404, 409)),
    Route("POST", "/provisioning/providers/set_as_not_effective", configuration.set_as_not_effective, body=OneProvider,    answer=ProviderView,     refusals=(404,)),
    Route("POST", "/provisioning/providers/test_connection",  configuration.test_connection,      body=OneProvider,        answer=Connection,       refusals=(404,)),
    Route("POST", "/provisioning/configuration/preview",      configuration.preview,              body=ConfigurationFiles, answer=Loaded,           refusals=(409,)),
    Route("POST", "/provisioning/configuration/load",         configuration.load,                 body=ConfigurationFiles, answer=Loaded,           refusals=(409,)),
    Route("GET",  "/health",                                  about.health,           answer=about.Healthy,     open_to_all=True),
    Route("GET",  "/ready",                                   about.ready,            answer=about.Ready,       refusals=(503,), open_to_all=True),
    Route("GET",  "/metrics",                                 about.metrics,          answer=TEXT,              open_to_all=True),
    Route("GET",  "/openapi.json",                            described,              answer=JSON,              open_to_all=True),
)
# fmt: on
