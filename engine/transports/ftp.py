"""FTP and FTPS by `ftplib`: how one comes to a platform's folders."""

import ftplib

from engine.domain.provider import Timeouts
from engine.ports import Site
from engine.transports.ftp_failures import (
    CONNECTING,
    GREETING,
    LOGGING_IN,
    LOGGING_IN_IN_CLEAR,
    SECURING,
    TRUSTING,
    plainly,
    refusal,
)
from engine.transports.ftp_folders import FtpFolders
from engine.transports.ftp_line import Line, trust_of


class FtpTransport:
    """Reaches platforms' folders, each time by a connection of its own; safe for many threads."""

    def connect(self, site: Site, timeouts: Timeouts) -> FtpFolders:
        """The folders of a site, once its server has let us in. Raises FoldersError."""
        line = Line(site, timeouts)
        try:
            with plainly(line, site, CONNECTING):
                line.call()
            with plainly(line, site, GREETING):
                line.hear()
            if site.secured:
                secure(line, site)
            log_in(line, site)
        except BaseException:
            line.close()
            raise
        return FtpFolders(line, site)


def secure(line: Line, site: Site) -> None:
    """Go over to TLS. Raises FoldersError."""
    with plainly(line, site, TRUSTING):
        trust = trust_of(site)
    with plainly(line, site, SECURING):
        line.secure(trust)


def log_in(line: Line, site: Site) -> None:
    """Say who we are. Raises FoldersError.

    A server that offers TLS, and does not even ask for the password without it, wants that first.
    """
    with plainly(line, site, LOGGING_IN):
        try:
            answer = line.sendcmd(f"USER {site.user_name}")
        except ftplib.error_perm as error:
            if site.secured or not line.offers("AUTH TLS"):
                raise
            raise refusal(line, site, LOGGING_IN_IN_CLEAR, str(error)) from error
        if answer.startswith("3"):
            answer = line.sendcmd(f"PASS {site.password}")
        if not answer.startswith("2"):
            raise ftplib.error_reply(answer)
