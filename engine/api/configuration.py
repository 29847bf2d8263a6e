"""The calls that change what the engine is configured with, and those about the providers' life."""

from engine.api.models import ConfigurationFiles, OneProvider
from engine.api.site import Site
from engine.service.configure import Loaded
from engine.service.connection import Connection
from engine.service.views import ProviderView


def preview(site: Site, said: ConfigurationFiles) -> Loaded:
    """Show what loading configuration files would change; secrets are masked."""
    return site.engine.configuration_difference(said.files)


def load(site: Site, said: ConfigurationFiles) -> Loaded:
    """Load configuration files, all or none, and show what has changed by it."""
    return site.engine.load_configuration(said.files)


def set_as_effective(site: Site, said: OneProvider) -> ProviderView:
    """Let requests be sent to a provider, which has at least one distributor and one service mapping."""
    return site.engine.set_provider_effective(said.code, effective=True)


def set_as_not_effective(site: Site, said: OneProvider) -> ProviderView:
    """Let nothing be sent to a provider; what is PENDING waits."""
    return site.engine.set_provider_effective(said.code, effective=False)


def test_connection(site: Site, said: OneProvider) -> Connection:
    """Ask a provider's platform whether it can be reached and the credentials hold, effective or not."""
    return site.engine.test_connection(said.code)
