"""The Web API's table: one row a call. Served and described from these same rows.

To add a call, write a function that takes the site and what is said, and add its row.
"""

from engine.api import about, actions, openapi, provisioning, subscriptions
from engine.api.envelope import Text
from engine.api.models import ItemQuery, RequestQuery, RequestsQuery, Reset, SubscriptionQuery, SubscriptionsQuery
from engine.api.route import Route
from engine.domain.request import ProvisioningRequest
from engine.service.act import Executed
from engine.service.views import InstalledItemView, Page, ProviderView, SubscriptionView

TEXT, JSON = "text/plain", "application/json"


def described(_site: object) -> Text:
    """Give this description, in OpenAPI 3.1."""
    return openapi.text(ROUTES)


# fmt: off
ROUTES = (
    *actions.routes(),
    Route("GET",  "/subscriptions/show",                      subscriptions.one,      query=SubscriptionQuery,  answer=SubscriptionView,          refusals=(404,)),
    Route("GET",  "/subscriptions/list",                      subscriptions.several,  query=SubscriptionsQuery, answer=Page[SubscriptionView],    refusals=(404,)),
    Route("POST", "/provisioning/subscriptions/reset",        provisioning.reset,     body=Reset,               answer=Executed,                  refusals=(404, 409)),
    Route("GET",  "/provisioning/provisioning_requests/show", provisioning.request,   query=RequestQuery,       answer=ProvisioningRequest,       refusals=(404,)),
    Route("GET",  "/provisioning/provisioning_requests/list", provisioning.requests,  query=RequestsQuery,      answer=Page[ProvisioningRequest], refusals=(404,)),
    Route("GET",  "/provisioning/installed_items/show",       provisioning.item,      query=ItemQuery,          answer=InstalledItemView,         refusals=(404,)),
    Route("GET",  "/provisioning/providers/list",             provisioning.providers,                           answer=list[ProviderView]),
    Route("GET",  "/health",                                  about.health,           answer=about.Healthy,     open_to_all=True),
    Route("GET",  "/ready",                                   about.ready,            answer=about.Ready,       refusals=(503,), open_to_all=True),
    Route("GET",  "/metrics",                                 about.metrics,          answer=TEXT,              open_to_all=True),
    Route("GET",  "/openapi.json",                            described,              answer=JSON,              open_to_all=True),
)
# fmt: on
