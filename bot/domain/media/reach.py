"""Reach: which hosts on the web are asked for files at all. Whatever somebody types into a cell, or a site answers,
the robot asks nothing inside the network it runs in.

A host is judged twice: as it is spelled, and by every address its name stands for.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import quote, urlsplit

import idna
import regex

from bot.domain.media.links import link_flaw

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_INSIDE_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_GLOBAL_V6 = IPv6Network("2000::/3")
"""All that is handed out for the open network; loopback, mapped, NAT64, private, link-local, multicast lie outside."""

_INSIDE_V6 = tuple(
    IPv6Network(text)
    for text in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
"""Special within it (IANA IPv6 Special-Purpose Address Registry): Teredo, 6to4, documentation and the like."""

_PRIVATE = tuple(
    ip_network(text)
    for text in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)
_INSIDE_NAMES = frozenset(
    {
        *("localhost", "localdomain", "local", "internal", "intranet", "private", "lan", "home", "corp"),
        *("arpa", "invalid", "onion"),
    }
)
"""Last labels of names nobody outside can look up, clouds' metadata services among them."""

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LONGEST_NAME = 253
_SCRIPTS = tuple(regex.compile(rf"\p{{Script={name}}}") for name in ("Latin", "Cyrillic", "Greek"))
_KEPT = "/%:=&?~+!$,;'@()*[]|"
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request goes: the parts of a link, in the one spelling that is used from here on."""

    scheme: str
    host: str
    """As it is looked up and as its certificate must name it."""

    port: int
    target: str
    literal: Address | None = None
    """The address itself, where the link names one."""

    @property
    def host_line(self) -> str:
        """The host as a request names it."""
        host = f"[{self.host}]" if isinstance(self.literal, IPv6Address) else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be asked: the open web, and what is named besides."""

    also: tuple[Network, ...] = ()
    """Networks of one's own that count as open, for tests and stand-ins; with them any name and port does."""

    def admits(self, address: Address) -> bool:
        """Whether this is an address of the open network."""
        if any(address in network for network in self.also if network.version == address.version):
            return True
        if isinstance(address, IPv4Address):
            return not any(address in network for network in _INSIDE_V4)
        return address in _GLOBAL_V6 and not any(address in network for network in _INSIDE_V6)

    def place(self, link: str) -> Place | None:
        """The parts of a link that may be asked for, as far as its spelling tells; None for any other."""
        return _place(self, link)


PUBLIC = Reach()
WITH_PRIVATE = Reach(_PRIVATE)


@lru_cache(maxsize=16_384)  # every row's links on every read
def _place(reach: Reach, link: str) -> Place | None:
    if link_flaw(link) is not None:
        return None
    parts = urlsplit(link)
    scheme = parts.scheme.lower()
    port = parts.port or _PORTS[scheme]
    # The service takes no others (Zvid schema mirror, URL rules).
    if port not in _PORTS.values() and not reach.also:
        return None
    target = quote(parts.path or "/", safe=_KEPT) + (
        f"?{quote(parts.query, safe=_KEPT)}" if parts.query else ""
    )
    if "[" in parts.netloc:
        return _at(reach, scheme, parts.hostname or "", port, target)
    host = _spelled(parts.hostname or "")
    if host is None:
        return None
    last = host.rpartition(".")[2]
    if _NUMBER.fullmatch(last):
        return _at(reach, scheme, host, port, target)
    is_inside = "." not in host or last in _INSIDE_NAMES
    return None if is_inside and not reach.also else Place(scheme, host, port, target)


def _at(reach: Reach, scheme: str, host: str, port: int, target: str) -> Place | None:
    """A host that is a number: only the one plain spelling of an address, since others are read differently by
    everybody: 127.1, 0x7f000001 and 017700000001 are all 127.0.0.1 to some.
    """
    try:
        literal = ip_address(host)
    except ValueError:
        return None
    has_zone = isinstance(literal, IPv6Address) and literal.scope_id is not None
    return (
        Place(scheme, str(literal), port, target, literal) if not has_zone and reach.admits(literal) else None
    )


def _spelled(host: str) -> str | None:
    """The name in plain letters; None for one that is spelled to look like another, or that no name can be."""
    try:
        shown = ".".join(
            idna.decode(label) if label.startswith("xn--") else label for label in host.split(".")
        )
        if unicodedata.normalize("NFKC", shown) != shown or _is_mixed(shown):
            return None
        plain = shown if shown.isascii() else idna.encode(shown).decode("ascii")
    except idna.IDNAError:
        return None
    is_name = len(plain) <= _LONGEST_NAME and all(_LABEL.fullmatch(label) for label in plain.split("."))
    return plain if is_name else None


def _is_mixed(host: str) -> bool:
    """Whether a label mixes letters that look alike (Unicode Technical Standard 39, section 5)."""
    return any(sum(bool(script.search(label)) for script in _SCRIPTS) > 1 for label in host.split("."))
