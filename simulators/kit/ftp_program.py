"""What a platform that takes files brings to the program besides its own: its server, and the options for that."""

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import Any

from simulators.kit.program import CallError, Serving
from simulators.kit.simulator import Simulator

OFF, OFFERED, REQUIRED = "off", "offered", "required"
MOST_PORT = 65_535
_PORTS = re.compile(r"([0-9]{1,5})-([0-9]{1,5})")


def ftp_options(parser: ArgumentParser) -> None:
    """Take the options for FTP and its TLS."""
    add = parser.add_argument
    passive = "ports of data connections, as they are let through to a container (default: any that are free)"
    add("--passive-ports", default=range(0), type=_ports, metavar="FIRST-LAST", help=passive)
    add("--tls", choices=(OFF, OFFERED, REQUIRED), default=OFF, help="FTPS by AUTH TLS (default: %(default)s)")
    add("--tls-certificate", type=Path, metavar="FILE", help="certificate in PEM (default: one made for localhost)")
    add("--tls-key", type=Path, metavar="FILE", help="its key in PEM (default: it stands in the certificate's file)")


def over_ftp(simulator: Simulator[Any], asked: Namespace) -> Serving:
    """The server for a platform that takes files."""
    # only for who serves them: pyftpdlib and OpenSSL take as long to load as all the rest
    from simulators.kit import tls  # noqa: PLC0415
    from simulators.kit.ftp_serving import FtpServer  # noqa: PLC0415

    certificate, required = asked.tls_certificate, asked.tls == REQUIRED
    if asked.tls == OFF:
        if certificate or asked.tls_key:
            raise CallError(f"a certificate is for --tls {OFFERED} or {REQUIRED}")
        return FtpServer(simulator, asked.host, asked.port, passive_ports=asked.passive_ports)
    if asked.tls_key and not certificate:
        raise CallError("a key needs its certificate (--tls-certificate)")
    try:
        used = (
            tls.given(certificate, asked.tls_key, required=required)
            if certificate
            else tls.self_made(required=required)
        )
    except (OSError, ValueError) as error:
        raise CallError(f"the certificate can't be used: {error}") from error
    return FtpServer(simulator, asked.host, asked.port, tls=used, passive_ports=asked.passive_ports)


def _ports(text: str) -> range:
    found = _PORTS.fullmatch(text)
    ports = range(int(found[1]), int(found[2]) + 1) if found else range(0)
    if not ports or not 0 < ports[0] <= ports[-1] <= MOST_PORT:
        raise ArgumentTypeError(f"ports are such as 8450-8459, and not {text}")
    return ports
