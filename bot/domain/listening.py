"""Where a web server of the robot listens, as the settings say it, and by which names it may be called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address

_PLACE = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9.-]+)):(?P<port>\d{1,5})")
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Place:
    """A host of this machine and a port; port 0 is any free one."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_local(self) -> bool:
        """Whether only programs of this machine reach it."""
        return self.host == "localhost" or (_is_address(self.host) and ip_address(self.host).is_loopback)


def read_place(text: str) -> Place:
    """`127.0.0.1:9464`, `[::1]:9464`. Raises ValueError, saying how to write it."""
    found = _PLACE.fullmatch(text.strip())
    if found is None or int(found["port"]) > 65535 or (found["v6"] and not _is_address(found["v6"])):
        raise ValueError("write an address and a port, like 127.0.0.1:9464")
    return Place(found["v6"] or found["host"], int(found["port"]))


def is_called(host_header: str, names: frozenset[str] = frozenset()) -> bool:
    """Whether a request may call us by this `Host`.

    A page somewhere on the web can have its own name lead to this machine (DNS rebinding), but no plain address.
    """
    host, port = _host_and_port(host_header)
    if port and not port.isdecimal():
        return False
    host = host.lower().rstrip(".")
    return host in _HERE or host in names or _is_address(host)


def _host_and_port(text: str) -> tuple[str, str]:
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        return host, rest.removeprefix(":")
    host, _, port = text.partition(":")
    return host, port


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
