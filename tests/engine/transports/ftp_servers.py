"""Two servers of FTP for tests: a whole one, that knows nothing of us, and one that says what it is told to."""

import logging
import socket
import struct
import threading
from contextlib import contextmanager, suppress

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import DTPHandler, FTPHandler, TLS_DTPHandler, TLS_FTPHandler
from pyftpdlib.ioloop import IOLoop
from pyftpdlib.servers import FTPServer

from engine.ports import Site

PATIENCE_S = 10
ALL = "elradfmwMT"
USER, PASSWORD = "headend", "s3cret-word"


@contextmanager
def serving(folder, perm=ALL, certificate=None, without=(), handler=None, **settings):
    """A whole server on this folder. Settings are those of its handler; `without` are commands that it has not."""
    authorizer = DummyAuthorizer()
    authorizer.add_user(USER, PASSWORD, str(folder), perm=perm)
    known = handler or (FTPHandler if certificate is None else TLS_FTPHandler)
    settings = {"authorizer": authorizer, "auth_failed_timeout": 0, "use_sendfile": False} | settings
    settings.setdefault("dtp_handler", type("Data", (DTPHandler if certificate is None else TLS_DTPHandler,), {}))
    settings["proto_cmds"] = {name: what for name, what in known.proto_cmds.items() if name not in without}
    if certificate is not None:
        settings |= {"certfile": str(certificate / "cert"), "keyfile": str(certificate / "key")}
    logging.getLogger("pyftpdlib").setLevel(logging.ERROR)
    loop = IOLoop()
    server = FTPServer(("127.0.0.1", 0), type("Handler", (known,), settings), ioloop=loop)
    over = threading.Event()

    def serve():
        while not over.is_set():
            loop.poll(0.01)
            loop.sched.poll()
        server.close_all()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield Site("127.0.0.1", server.address[1], USER, PASSWORD)
    finally:
        over.set()
        thread.join(PATIENCE_S)
    assert not thread.is_alive()


KNOWN = {"greeting": "220 Ready", "USER": "331 Password", "PASS": "230 In", "FEAT": "500 What", "QUIT": "221 Bye"}


class Desk:
    """One connection at a time, and an answer for each command: a text, or what is done (None: hang up).

    What is done gets the desk, and gives a text too. `said` are the commands that came.
    """

    def __init__(self, answers):
        self._answers = KNOWN | {"PASV": Desk.passive} | answers
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._data = []
        self.said = []
        self.over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def site(self):
        return Site("127.0.0.1", self._listener.getsockname()[1], USER, PASSWORD)

    def _serve(self):
        with suppress(OSError):
            while True:
                self.line, _address = self._listener.accept()
                self.line.settimeout(PATIENCE_S)
                with self.line, self.line.makefile("rb") as commands, suppress(ConnectionError):
                    if self._answer("greeting"):
                        self._converse(commands)

    def _converse(self, commands):
        for command in commands:
            self.said.append(command.decode("latin-1").rstrip("\r\n"))
            if not self._answer(self.said[-1].split(" ")[0]):
                return

    def _answer(self, verb):
        answer = self._answers.get(verb, "200 OK")
        answer = answer(self) if callable(answer) else answer
        if answer:
            self.line.sendall(answer if isinstance(answer, bytes) else f"{answer}\r\n".encode())
        return answer

    def passive(self):
        self._data.append(socket.create_server(("127.0.0.1", 0)))
        port = self._data[-1].getsockname()[1]
        return f"227 At (127,0,0,1,{port // 256},{port % 256})"

    @contextmanager
    def data(self):
        """The connection for a file's bytes, once it is said that it comes."""
        self.line.sendall(b"150 Go on\r\n")
        self._data[-1].settimeout(PATIENCE_S)
        with self._data[-1].accept()[0] as data:
            data.settimeout(PATIENCE_S)
            yield data

    def hang(self):
        self.over.wait(PATIENCE_S)

    def close(self):
        self.over.set()
        for listener in (self._listener, *self._data):
            with listener:
                listener.shutdown(socket.SHUT_RDWR)  # wakes whoever waits for a caller
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()


def reset(connection):
    """Break a connection off, and not politely."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
