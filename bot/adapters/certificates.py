"""What a refused TLS certificate means for whoever runs the robot; most often the machine's clock is wrong."""

from __future__ import annotations

import ssl


def refused_certificate(error: BaseException) -> str | None:
    """Plain words when a certificate was the trouble, however deep the client wrapped it; None otherwise."""
    left: list[object] = [error]
    seen: set[int] = set()
    while left:
        one = left.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        if isinstance(one, ssl.SSLCertVerificationError):
            return _words(one)
        seen.add(id(one))
        left += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    return None


def _words(error: ssl.SSLCertVerificationError) -> str:
    # X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED (OpenSSL, x509_vfy.h).
    match error.verify_code:
        case 9:
            what = "is not valid yet by this machine's clock. Set the clock"
        case 10:
            what = "is no longer valid by this machine's clock. Set the clock, or tell the service"
        case _:
            what = f"is not trusted ({error.verify_message}). Look at what stands between"
    return f"not sent: the other side's certificate {what}"
