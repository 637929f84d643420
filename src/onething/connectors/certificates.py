"""Certificates: whose they are, how long they hold, and why TLS refused one."""

import contextlib
import socket
import ssl
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from onething.errors import CertificateInvalid, SettingsError

_SHOWN = 200


def read(path: Path) -> x509.Certificate:
    """Return the first certificate of a PEM file.

    Raises:
        SettingsError: The file cannot be read or holds none.
    """
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())[0]
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise SettingsError(f"{path} holds no certificate in PEM") from None


def require_valid(certificate: x509.Certificate, whose: str, now: datetime) -> None:
    """Raise CertificateInvalid for a certificate that does not hold yet, or not any more."""
    if now < certificate.not_valid_before_utc:
        day = certificate.not_valid_before_utc.date()
        raise CertificateInvalid(f"The certificate of {whose} is not valid before {day}")
    if now >= certificate.not_valid_after_utc:
        day = certificate.not_valid_after_utc.date()
        raise CertificateInvalid(f"The certificate of {whose} expired on {day}")


def left(certificate: x509.Certificate, now: datetime) -> timedelta:
    """Return for how long a certificate still holds; negative once it has expired."""
    return certificate.not_valid_after_utc - now


def context(
    ca_file: Path | None = None, certificate_file: Path | None = None, key_file: Path | None = None
) -> ssl.SSLContext:
    """Return how to speak TLS: server and host name are checked, an own certificate is shown.

    Raises:
        SettingsError: A file cannot be read, or key and certificate do not belong together.
    """
    try:
        made = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError):
        raise SettingsError(f"{ca_file} holds no certificates of authorities in PEM") from None
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    if certificate_file is not None:
        try:
            made.load_cert_chain(certificate_file, key_file, password="")  # nobody is asked
        except (OSError, ssl.SSLError, ValueError) as error:
            told = f"{certificate_file} and {key_file} are no certificate with its plain key"
            raise SettingsError(f"{told}: {error}") from None
    return made


def fault(error: BaseException) -> str | None:
    """Return why TLS refused a certificate, or None where the error is another."""
    for one in _causes(error):
        if isinstance(one, ssl.SSLCertVerificationError):
            return one.verify_message
        if isinstance(one, ssl.SSLError) and "ALERT" in (one.reason or ""):
            return (one.reason or "").replace("_", " ").lower()[:_SHOWN]
    return None


def served(host: str, port: int, timeout_s: float) -> x509.Certificate | None:
    """Return the certificate that a server shows, whether it holds or not; None without one."""
    looking = ssl.create_default_context()
    looking.check_hostname = False
    looking.verify_mode = ssl.CERT_NONE  # the certificate is looked at, nothing is sent
    with contextlib.suppress(OSError, ValueError):
        address = (host, port)
        with socket.create_connection(address, timeout_s) as plain:  # noqa: SIM117 - one a line
            with looking.wrap_socket(plain, server_hostname=host) as secured:
                shown = secured.getpeercert(binary_form=True)
                return x509.load_der_x509_certificate(shown) if shown else None
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
