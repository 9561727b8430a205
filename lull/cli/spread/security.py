"""Which addresses of a cluster are taken, and the certificates with which it is spoken to."""

from __future__ import annotations

import ipaddress
import os
import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click
from attrs import frozen
from cryptography import x509

from lull.cli.exits import BadInput

if TYPE_CHECKING:
    from distributed.security import Security

PORT = 8786
"""What Dask's schedulers listen at unless told otherwise."""

OTHERS_MAY = 0o077


@frozen
class Address:
    """Where a scheduler is: `tls`, or `tcp` on this very machine."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def address_of(words: str) -> Address:
    """The address in words such as tls://host:8786; raises BadInput for one that is not safe."""
    scheme, _, rest = words.rpartition("://")
    scheme = scheme or "tls"
    try:
        parts = urlsplit(f"//{rest}")
        host, port = parts.hostname or "", PORT if parts.port is None else parts.port
    except ValueError:
        host, port = "", 0
    if not host or scheme not in ("tls", "tcp") or parts.path or parts.username:
        raise BadInput(f"{words} is no address of a cluster; write tls://HOST:PORT, such as "
                       f"tls://10.0.0.5:{PORT}.")
    if scheme == "tcp" and not _on_this_machine(host):
        raise BadInput(
            f"{words} is not encrypted: everyone on the way could read the pause and hand out work "
            f"of their own. Write tls://{rest} and give --cluster-ca, --cluster-cert and "
            "--cluster-key (docs/how-to/use-several-machines.md).")
    return Address(scheme, host, port)


def _on_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@frozen
class Certificates:
    """The authority whose certificates are believed, and one's own certificate and key (PEM)."""

    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None

    def security(self, address: Address) -> Security:
        """What Dask needs for an address; raises BadInput where a file is missing or no good."""
        from distributed.security import Security  # noqa: PLC0415 - an optional part

        given = {"--cluster-ca": self.ca, "--cluster-cert": self.cert, "--cluster-key": self.key}
        if address.scheme == "tcp":
            named = ", ".join(option for option, file in given.items() if file)
            if named:
                raise BadInput(f"{address} is not encrypted, so {named} would not be used; write "
                               f"tls://{address.host}:{address.port}.")
            return Security(require_encryption=False)
        if self.ca is None or self.cert is None or self.key is None:
            missing = [option for option, file in given.items() if file is None]
            raise BadInput(f"{address} needs certificates: give {', '.join(missing)} "
                           "(docs/how-to/use-several-machines.md says how to make them).")
        _check(self.ca, self.cert, self.key)
        own = {f"tls_{role}_{part}": str(file) for role in ("client", "scheduler", "worker")
               for part, file in (("cert", self.cert), ("key", self.key))}
        return Security(require_encryption=True, tls_ca_file=str(self.ca),
                        tls_min_version=ssl.TLSVersion.TLSv1_3, **own)


def _check(ca: Path, cert: Path, key: Path) -> None:
    """Say now what would otherwise be a connection that nobody answers."""
    for option, file in (("--cluster-ca", ca), ("--cluster-cert", cert), ("--cluster-key", key)):
        if not file.is_file():
            raise BadInput(f"{option} {file}: there is no such file.")
    if os.name == "posix" and key.stat().st_mode & OTHERS_MAY:
        raise BadInput(f"{key} can be read by others on this machine; whoever has it can hand work "
                       f"to the cluster. Run: chmod 600 {key}")
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(ca)
        context.load_cert_chain(cert, key, password="")
        own = x509.load_pem_x509_certificate(cert.read_bytes())
    except (ssl.SSLError, ValueError):
        raise BadInput(f"{ca}, {cert} and {key} are not a certificate of an authority, one's own "
                       "certificate, and the key that belongs to it, without a password, in PEM "
                       "form.") from None
    if not own.not_valid_before_utc <= datetime.now(UTC) <= own.not_valid_after_utc:
        raise BadInput(f"{cert} is valid from {own.not_valid_before_utc:%Y-%m-%d} to "
                       f"{own.not_valid_after_utc:%Y-%m-%d} only; make a new one.")


def certificate_options(function: click.decorators.FC) -> click.decorators.FC:
    """--cluster-ca, --cluster-cert and --cluster-key, or their places in the environment."""
    for option, what in (
            ("key", "The key of that certificate (PEM); no other user may be able to read it."),
            ("cert", "One's own certificate (PEM)."),
            ("ca", "The certificate of the cluster's own authority (PEM).")):
        function = click.option(
            f"--cluster-{option}", f"cluster_{option}", metavar="FILE",
            type=click.Path(path_type=Path, dir_okay=False),
            envvar=f"LULL_CLUSTER_{option.upper()}", show_envvar=True, help=what)(function)
    return function
