"""Ordering: a subscriber shows who he is, and orders with the token that he is given."""

from datetime import timedelta

from pytest_bdd import given, parsers, when

from engine.service.access import AccessToken
from engine.service.authenticate import Who
from harness.steps.story import Story

AN_HOUR = timedelta(hours=1)
KNOWN_BY = r'the identifier "(?P<identifier>[^"]+)" and the pass code "(?P<pass_code>[^"]+)"'


@given(parsers.re(rf"the subscriber has {KNOWN_BY}"))
def the_subscriber_has_an_access_token(story: Story, identifier: str, pass_code: str) -> None:
    """An access token that opens the subscription."""
    story.lab.engine.grant_access(story.number, AccessToken(identifier=identifier, pass_code=pass_code))


@when(
    parsers.re(
        rf'someone with {KNOWN_BY} orders "(?P<content>[^"]+)"( (?P<how>an hour later|with a token that was changed))?'
    )
)
def someone_orders(story: Story, identifier: str, pass_code: str, content: str, how: str | None) -> None:
    """Authenticated by the engine, he orders at the platform: at once, too late, or with a token of his own making."""
    story.attempt(lambda: order(story, AccessToken(identifier=identifier, pass_code=pass_code), content, how))


def order(story: Story, token: AccessToken, content: str, how: str | None) -> None:
    """Authenticate, and send the order. Raises DomainError where the engine does not know him."""
    lab = story.lab
    bearer = lab.engine.authenticate(Who(access_token=token)).jwt
    if how == "an hour later":
        lab.clock.pass_until(lab.clock.now() + AN_HOUR)
    elif how:
        bearer = f"{bearer[:-4]}{bearer[-4:].swapcase()}"
    headers = {"Authorization": f"Bearer {bearer}", "Content-Type": "text/xml; charset=UTF-8"}
    lab.session.post(f"{lab.url}/orders", data=f'<order content="{content}"/>'.encode(), headers=headers, timeout=5)
