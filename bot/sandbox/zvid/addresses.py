"""Which media addresses the service would fetch: public http(s) hosts only (vendor's schema mirror, URL rules).

Names are not resolved here: the service does that when it fetches.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

LONGEST = 2048
FORBIDDEN = re.compile(r"[\s\\\x00-\x1f\x7f]")
PRIVATE = [
    ipaddress.ip_network(text)
    for text in (
        "10.0.0.0/8",
        "127.0.0.0/8",
        "0.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "::/128",
        "fe80::/10",
        "fc00::/7",
    )
]


def address_problem(text: str, *, allow_loopback: bool) -> str | None:  # noqa: PLR0911, one rule a line
    """What is wrong with this media address, or None. `allow_loopback` admits 127.0.0.1 and localhost only."""
    if not text or len(text) > LONGEST:
        return f"must be a URL of 1 to {LONGEST} characters"
    if FORBIDDEN.search(text):
        return "must not contain spaces, backslashes or control characters"
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname
    except ValueError:
        return "must be a valid URL"
    if parts.scheme not in {"http", "https"} or not host:
        return "must be a valid http or https URL"
    if parts.username is not None or parts.password is not None:
        return "must not contain credentials"
    if allow_loopback and host in {"127.0.0.1", "localhost", "::1"}:
        return None
    if port not in {None, 80, 443}:
        return "must use port 80 or 443"
    if not _is_public(host):
        return "must not point to a private or local host"
    return None


LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def webhook_problem(text: str, hosts: str) -> str | None:
    """What is wrong with a webhook's address, or None.

    The service takes public https addresses only. This stand-in calls nobody outside this machine, so unless it
    is `strict` it takes addresses of this machine and says no to all others, rather than taking them in vain.
    """
    if len(text) > LONGEST:
        return f"cannot exceed {LONGEST} characters"
    if hosts != "loopback":
        if problem := address_problem(text, allow_loopback=False):
            return problem
        is_taken = hosts == "strict-with-http" or text.startswith("https://")
        return None if is_taken else "must be an https URL"
    if problem := address_problem(text, allow_loopback=True):
        return problem
    if urlsplit(text).hostname not in LOOPBACK:
        return "is outside this machine, and this stand-in calls addresses of this machine only"
    return None


def _is_public(host: str) -> bool:
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith((".localhost", ".local")):
        return False
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return True
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return not any(address in network for network in PRIVATE if network.version == address.version)
