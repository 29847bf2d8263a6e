"""What the fuzzing does besides: half of the calls are signed, and every answer is held against what was sent."""

import time

import schemathesis

from tests.simulators.icareus import signed

ORDER = ("userId", *signed.ADA, "productIds", "deviceId")
CODES = {"INVALID_TOKEN", "EXPIRED_TOKEN", "UNKNOWN_ORGANIZATION", "USER_EXISTS", "UNKNOWN_USER", "UNKNOWN_PRODUCT"}
FORM_IS_RIGHT = {*CODES, "DEVICE_IN_USE", "UNKNOWN_DEVICE"}


@schemathesis.hook
def before_call(_context, case, **_kwargs):
    """Sign what can be signed, and name things that there are."""
    body = case.body
    if not isinstance(body, dict) or not all(isinstance(value, str) for value in body.values()):
        return
    if not case.meta.generation.mode.is_positive or sum(map(len, body.values())) % 2:
        return
    user = "200002" if body.get("action") == "removeUser" else "200001"
    known = {"organizationId": signed.ORGANIZATION, "userId": user, "productIds": "A,B"}
    body.update({name: value for name, value in known.items() if name in body})
    values = [body[name] for name in ("organizationId", *ORDER) if name in body]
    body["token"] = signed.token(values, int(time.time()))


@schemathesis.check
def what_has_the_form_is_refused_for_its_meaning_only(_context, response, case):
    """A form as it is described is read, and then refused for what it says, or done."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 200:
        return
    answer = response.json()
    out_of_order = answer.get("message", "").startswith("productIds: it takes")  # no description can say that
    if answer["status"] == "error" and answer["code"] not in FORM_IS_RIGHT and not out_of_order:
        raise AssertionError(f"refused for its form: {answer}")


@schemathesis.check
def what_has_not_the_form_is_never_done(_context, response, case):
    """A failure is HTTP 200 too: what breaks the description is refused all the same."""
    if case.meta is None or not case.meta.generation.mode.is_negative or response.status_code != 200:
        return
    if response.json()["status"] != "error":
        raise AssertionError(f"done although the form is wrong: {case.body}")
