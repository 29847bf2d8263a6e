"""Certificates for a line that TLS may encrypt: a given one, or one that is made on the spot."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from OpenSSL import SSL

NAME, ADDRESS = "localhost", "127.0.0.1"
VALID_DAYS = 365


@dataclass(frozen=True, slots=True)
class Tls:
    """What a server encrypts with, the certificate that it shows (PEM), and whether it takes nothing in the clear."""

    context: SSL.Context
    certificate: str
    required: bool


def given(certificate: Path, key: Path | None = None, *, required: bool = False) -> Tls:
    """With a certificate, or a chain of them, and its key, which may stand in the same file. ValueError, OSError."""
    text = certificate.read_text()
    context = _context()
    try:
        context.use_certificate_chain_file(str(certificate))
        context.use_privatekey_file(str(key or certificate))
        context.check_privatekey()
    except SSL.Error as error:
        raise ValueError(f"{certificate} and {key or certificate} are no certificate with its key") from error
    return Tls(context, text, required)


def self_made(*, required: bool = False) -> Tls:
    """With a certificate for this machine that nobody else vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)  # TLS knows no virtual time
    names: list[x509.GeneralName] = [x509.DNSName(NAME), x509.IPAddress(ip_address(ADDRESS))]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    context = _context()
    context.use_certificate(made)
    context.use_privatekey(key)
    return Tls(context, made.public_bytes(Encoding.PEM).decode(), required)


def _context() -> SSL.Context:
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    return context
