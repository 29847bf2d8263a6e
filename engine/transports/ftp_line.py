"""One connection to an FTP server: `ftplib`'s, with TLS, time limits and bounds of our own."""

import codecs
import ftplib
import socket
import ssl

from engine.domain.provider import Timeouts
from engine.ports import Site

MOST_LINES = 1000
NO_SUCH_COMMAND = ("500", "501", "502", "504")


class Line(ftplib.FTP):
    """A connection that was not made yet. `answered`: the server owes no answer to what it was asked.

    Replies in another encoding than the server's names stay readable; their number of lines has a bound.
    """

    def __init__(self, site: Site, timeouts: Timeouts) -> None:
        super().__init__(timeout=timeouts.connect_s, encoding=site.encoding)
        self.host, self.port = site.host, site.port
        self.set_pasv(site.passive)
        self.answered = True
        self._patience_s = timeouts.read_s
        self._trust: ssl.SSLContext | None = None
        self._lines = 0
        self._features: str | None = None

    def call(self) -> None:
        """Connect."""
        self.sock = socket.create_connection((self.host, self.port), self.timeout)
        self.af = self.sock.family

    def hear(self) -> None:
        """Hear the server's greeting."""
        self._listen(self._socket)
        self.welcome = self.getresp()

    def secure(self, trust: ssl.SSLContext) -> None:
        """Go on over TLS, with all files too."""
        self.voidcmd("AUTH TLS")
        if self.file is not None:
            self.file.close()
        self._listen(trust.wrap_socket(self._socket, server_hostname=self.host))
        self.voidcmd("PBSZ 0")
        self.voidcmd("PROT P")
        self._trust = trust

    def offers(self, feature: str) -> bool:
        """Whether the server says that it can do this."""
        if self._features is None:
            try:
                self._features = self.sendcmd("FEAT").upper()
            except ftplib.error_perm:
                self._features = ""
        return feature in self._features

    @property
    def _socket(self) -> socket.socket:
        if self.sock is None:
            raise EOFError
        return self.sock

    def _listen(self, sock: socket.socket) -> None:
        codecs.lookup(self.encoding)
        sock.settimeout(self._patience_s)
        self.sock = sock
        self.file = sock.makefile("r", encoding=self.encoding, errors="backslashreplace")

    def putcmd(self, line: str) -> None:
        """Send a command."""
        self.answered, self._lines = False, 0
        super().putcmd(line)

    def getline(self) -> str:
        """A line of the server's answer."""
        self._lines += 1
        if self._lines > MOST_LINES:
            raise ftplib.error_proto("an answer without an end")
        return super().getline()

    def getmultiline(self) -> str:
        """The server's answer."""
        answer = super().getmultiline()
        self.answered = True
        return answer

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        """Open the connection that this command needs for its bytes, over TLS if the line is."""
        data, size = super().ntransfercmd(cmd, rest)
        data.settimeout(self._patience_s)
        if self._trust is not None and isinstance(self.sock, ssl.SSLSocket):
            # Many servers take only files from whom they have greeted: the session shows that it is the same one.
            data = self._trust.wrap_socket(data, server_hostname=self.host, session=self.sock.session)
        return data, size


def trust_of(site: Site) -> ssl.SSLContext:
    """Whom to trust: who shows a certificate for this host, of the file's or the system's certificates."""
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if site.certificate_file:
        trust.load_verify_locations(site.certificate_file)
    else:
        trust.load_default_certs()
    return trust
