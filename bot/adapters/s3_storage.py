"""Copies in a bucket of S3, or of anything that speaks it. The only module that imports obstore, an optional extra.

An object appears when its last part has arrived; its checksum goes along as its own word, so that a copy from a try
whose end nobody wrote down is known again.
"""

from __future__ import annotations

import mimetypes
import re
import threading
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.domain.delivery import DeliveryProblem, Digest, Stored, Undelivered
from bot.domain.filenames import numbered

if TYPE_CHECKING:
    from obstore.store import S3Config, S3Store

_MOST_NUMBERS = 1000
_ONE_PART = 8 * 1024 * 1024
_CHECKSUM = "sha256"
_CODE = re.compile(r"<Code>([A-Za-z]{1,60})</Code>")
_STATUS = re.compile(r"status code: ([0-9]{3})")
_REASON = re.compile(r'(?:message|error): "([A-Za-z ,:.]{1,80})"')
"""Of a connection, in the library's own account of it."""

_TRIAL = ".rowreel-trial"


class NotInstalledError(RuntimeError):
    """The library for object stores is not there; the message says how to get it."""


@dataclass(frozen=True, slots=True)
class StorageKey:
    """Who may write."""

    id: SecretStr
    secret: SecretStr
    token: SecretStr | None = None
    """Of a key that ends by itself."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Which bucket, and who asks."""

    name: str
    prefix: str = ""
    endpoint: str = ""
    """Empty: Amazon's own."""

    region: str = "us-east-1"
    key: StorageKey | None = None


class S3Storage:
    """One prefix of one bucket."""

    def __init__(self, bucket: Bucket) -> None:
        """Asks nobody yet. Raises NotInstalledError."""
        self._label = f"s3://{bucket.name}/{bucket.prefix}".rstrip("/")
        self._store = _store(bucket)
        self._lock = threading.Lock()
        self._under_way: set[str] = set()
        """Names somebody writes to just now."""

    @property
    def label(self) -> str:
        return self._label

    def keep(self, name: str, ending: str, file: Path, digest: Digest) -> str | Undelivered:
        try:
            for number in range(1, _MOST_NUMBERS):
                called = numbered(name, number, ending)
                if self._reserve(called):
                    try:
                        if self._placed(called, file, digest):
                            return called
                    finally:
                        self._under_way.discard(called)
        except Exception as error:  # noqa: BLE001 - the library's own errors share no narrower kind with Python's
            return _trouble(error)
        return Undelivered(DeliveryProblem.BLOCKED, "too many objects of one name")

    def holds(self, stored: Stored) -> bool | Undelivered:
        import obstore

        try:
            return int(obstore.head(self._store, stored.name)["size"]) == stored.digest.size
        except FileNotFoundError as error:
            found = _trouble(error)
            # A bucket that is gone says nothing of a single copy.
            return found if "NoSuchBucket" in found.detail else False
        except Exception as error:  # noqa: BLE001 - as above
            return _trouble(error)

    def rehearse(self) -> Undelivered | None:
        import obstore

        try:
            obstore.put(self._store, _TRIAL, b"rowreel", use_multipart=False)
            obstore.delete(self._store, _TRIAL)
        except Exception as error:  # noqa: BLE001 - as above
            return _trouble(error)
        return None

    def _reserve(self, name: str) -> bool:
        with self._lock:
            is_free = name not in self._under_way
            self._under_way.add(name)
            return is_free

    def _placed(self, name: str, file: Path, digest: Digest) -> bool:
        """Whether the name is this copy's, now or already."""
        import obstore

        known = self._known(name)
        if known is not None:
            return known == digest
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        attributes = {"Content-Type": kind, _CHECKSUM: digest.sha256}
        if digest.size > _ONE_PART:
            # Parts have no way to say "only if nothing is there": one robot writes here, and it has just looked.
            obstore.put(
                self._store, name, file, attributes=attributes, chunk_size=_ONE_PART, max_concurrency=4
            )
        else:
            try:
                obstore.put(
                    self._store, name, file, attributes=attributes, mode="create", use_multipart=False
                )
            except obstore.exceptions.AlreadyExistsError:
                return self._known(name) == digest
        found = self._known(name)
        if found != digest:
            raise OSError(f"the object has {found.size if found else 0} bytes after it was written")
        return True

    def _known(self, name: str) -> Digest | None:
        """What is there under a name."""
        import obstore

        try:
            found = obstore.get(self._store, name, options={"head": True})
        except FileNotFoundError as error:
            if "NoSuchBucket" in str(error):
                raise
            return None
        return Digest(int(found.meta["size"]), str(found.attributes.get(_CHECKSUM, "")))


def _store(bucket: Bucket) -> S3Store:
    try:
        from obstore.store import S3Store
    except ImportError:
        raise NotInstalledError(
            "Copies to S3 need one more package. Install it with: pip install 'rowreel[delivery]'"
        ) from None
    nothing = timedelta(0)
    key = bucket.key or StorageKey(SecretStr(""), SecretStr(""))
    config: S3Config = {
        "region": bucket.region,
        "virtual_hosted_style_request": not bucket.endpoint,
        "access_key_id": key.id.get_secret_value(),
        "secret_access_key": key.secret.get_secret_value(),
    }
    # It takes no None for "not said".
    if bucket.endpoint:
        config["endpoint"] = bucket.endpoint
    if key.token:
        config["session_token"] = key.token.get_secret_value()
    return S3Store(
        bucket.name,
        prefix=bucket.prefix or None,
        config=config,
        client_options={
            "allow_http": bucket.endpoint.startswith("http://"),
            "connect_timeout": "10s",
            "timeout": "120s",
        },
        # The journal's ladder is the only one.
        retry_config={
            "max_retries": 0,
            "retry_timeout": timedelta(seconds=1),
            "backoff": {"init_backoff": nothing, "max_backoff": nothing, "base": 2},
        },
    )


def _trouble(error: Exception) -> Undelivered:
    """By the kind of the error and the service's own word for it; its whole text may hold anything."""
    said = str(error)
    word = next((found[1] for found in (_CODE.search(said), _STATUS.search(said)) if found), "")
    reason = _REASON.search(said)
    detail = word or (f"it does not answer ({reason[1]})" if reason else type(error).__name__)
    if type(error).__name__ in {"PermissionDeniedError", "UnauthenticatedError", "PermissionError"}:
        return Undelivered(DeliveryProblem.NOT_ALLOWED, detail)
    if word in {"QuotaExceeded", "507", "XMinioStorageFull"}:
        return Undelivered(DeliveryProblem.NO_ROOM, detail)
    return Undelivered(DeliveryProblem.STORAGE_AWAY, detail)
