"""Questions with a field wrong: HTTP 4xx, with its code, and the field by name."""

import pytest


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("/subscriptions/show", "INVALID", "number"),
        ("/subscriptions/show?number=", "INVALID", "number"),
        ("/subscriptions/show?number=S9", "UNKNOWN_SUBSCRIPTION", "subscription"),
        ("/subscriptions/show?number=%00", "INVALID", "number"),
        ("/subscriptions/show?number=S1&id=1", "INVALID", "number"),
        ("/subscriptions/show?number=S1&number=S1", "INVALID", "number"),
        ("/subscriptions/show?id=9", "UNKNOWN_SUBSCRIPTION", "subscription"),
        ("/subscriptions/show?id=1&fields_set=", "INVALID", "fields_set"),
        ("/subscriptions/show?id=1&fields_set=number,colour", "INVALID", "fields_set"),
        ("/subscriptions/list?state=LOST", "INVALID", "state"),
        ("/subscriptions/list?product=LOST", "UNKNOWN_PRODUCT", "product"),
        ("/subscriptions/list?provider=LOST", "UNKNOWN_PROVIDER", "provider"),
        ("/subscriptions/list?provider=", "INVALID", "provider"),
        ("/provisioning/installed_items/show?serial_number=B-1-1", "INVALID", "provisioning_provider_identifier"),
        ("/provisioning/installed_items/show?provisioning_provider_identifier=tv", "INVALID", "serial_number"),
        (
            "/provisioning/installed_items/show?provisioning_provider_identifier=tv&serial_number=1&ca_id=1",
            "INVALID",
            "serial_number",
        ),
        (
            "/provisioning/installed_items/show?provisioning_provider_identifier=x&ca_id=1",
            "UNKNOWN_PROVIDER",
            "provider",
        ),
        (
            "/provisioning/installed_items/show?provisioning_provider_identifier=tv&ca_id=1",
            "UNKNOWN_INSTALLED_ITEM",
            "ca_id",
        ),
        ("/subscriptions/show?number=%ff%fe", "UNKNOWN_SUBSCRIPTION", "subscription"),
        ("/subscriptions/show?nummer=S9", "UNKNOWN_FIELD", "nummer"),
        ("/subscriptions/list?number_of_results=0", "INVALID", "number_of_results"),
        ("/subscriptions/list?number_of_results=1001", "INVALID", "number_of_results"),
        ("/subscriptions/list?number_of_results=-1", "INVALID", "number_of_results"),
        ("/subscriptions/list?number_of_results=%C2%B2", "INVALID", "number_of_results"),
        ("/subscriptions/list?offset=x", "INVALID", "offset"),
        ("/subscriptions/list?offset=1e3", "INVALID", "offset"),
        (f"/subscriptions/list?offset={10**30}", "INVALID", "offset"),
        ("/subscriptions/list?limit=1", "UNKNOWN_FIELD", "limit"),
        ("/provisioning/provisioning_requests/show", "INVALID", "id"),
        ("/provisioning/provisioning_requests/show?id=99", "UNKNOWN_PROVISIONING_REQUEST", "id"),
        ("/provisioning/provisioning_requests/show?id=x", "INVALID", "id"),
        (f"/provisioning/provisioning_requests/show?id={2**63}", "INVALID", "id"),
        ("/provisioning/provisioning_requests/show?id=1&colour=red", "UNKNOWN_FIELD", "colour"),
        ("/provisioning/provisioning_requests/list?process_id=abc", "INVALID", "process_id"),
        ("/provisioning/provisioning_requests/list?process_id=", "INVALID", "process_id"),
        (f"/provisioning/provisioning_requests/list?process_id={2**63}", "INVALID", "process_id"),
        ("/provisioning/provisioning_requests/list?id=-1", "INVALID", "id"),
        ("/conax_sms_sas/provisioning_requests/show?id=99", "UNKNOWN_PROVISIONING_REQUEST", "id"),
        ("/conax_sms_sas/provisioning_requests/list?provider=tv", "UNKNOWN_PROVIDER", "provider"),
        ("/conax_sms_sas/provisioning_requests/list?colour=red", "UNKNOWN_FIELD", "colour"),
        ("/provisioning/providers/list?effective=true", "UNKNOWN_FIELD", "effective"),
        ("/provisioning/provisioning_requests/list?limit=1", "UNKNOWN_FIELD", "limit"),
        ("/provisioning/provisioning_requests/list?offset=0&self=1", "UNKNOWN_FIELD", "self"),
        ("/provisioning/provisioning_requests/list?colour=red", "UNKNOWN_FIELD", "colour"),
        (
            "/provisioning/provisioning_requests/list?life_cycle_state=LOST",
            "INVALID",
            "life_cycle_state",
        ),
        ("/provisioning/provisioning_requests/list?provider=x", "UNKNOWN_PROVIDER", "provider"),
        ("/provisioning/provisioning_requests/list?subscription=x", "UNKNOWN_SUBSCRIPTION", "subscription"),
    ],
)
def test_a_question_that_is_wrong_is_refused_by_its_field(query, code, field, client):
    answer = client.get(query)
    assert 400 <= answer.status_code < 500
    assert (answer.json["status"]["code"], answer.json["status"]["description"]) == (code, field)
