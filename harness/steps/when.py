"""When: the one thing that a scenario is about, where it is more, or less, than an action on a subscription."""

from pytest_bdd import parsers, when

from harness.steps.story import Story


@when(
    parsers.re(
        r'someone subscribes to "(?P<product>[^"]+)"( of "(?P<components>[^"]*)")? on (?P<where>\w+)'
        r"(?P<draft> as a draft)?"
    )
)
def someone_subscribes(story: Story, product: str, components: str | None, where: str, draft: str | None) -> None:
    """A new subscription with a service, and a box as in a Given, on the provider's first distributor."""
    story.subscribe("DRAFT" if draft else "EFFECTIVE", where, product, components or "")
