"""What a refusal of the disk means for a copy."""

from __future__ import annotations

import errno
import os

from bot.domain.delivery import DeliveryProblem, Undelivered

_MEANS = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), DeliveryProblem.NO_ROOM),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), DeliveryProblem.NOT_ALLOWED),
    **dict.fromkeys((errno.ELOOP, errno.ENOTDIR, errno.EISDIR), DeliveryProblem.BLOCKED),
}


def disk_trouble(error: OSError) -> Undelivered:
    """Sorted by what can be done about it."""
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    return Undelivered(_MEANS.get(error.errno or 0, DeliveryProblem.STORAGE_AWAY), reason)
