"""A bucket that refuses: by the service's own answers, over real HTTP."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from fakes.raw_server import answer, serving
from fakes.storage import digest_of
from pydantic import SecretStr

from bot.adapters.s3_storage import Bucket, S3Storage, StorageKey
from bot.domain.delivery import DeliveryProblem, Undelivered

KEY = StorageKey(SecretStr("key-id"), SecretStr("key-secret"))


def refusal(code: str) -> bytes:
    return f"<?xml version='1.0'?><Error><Code>{code}</Code><AWSAccessKeyId>key-id</AWSAccessKeyId></Error>".encode()


@pytest.mark.parametrize(
    ("status", "code", "problem"),
    [
        ("403 Forbidden", "AccessDenied", DeliveryProblem.NOT_ALLOWED),
        ("403 Forbidden", "InvalidAccessKeyId", DeliveryProblem.NOT_ALLOWED),
        ("401 Unauthorized", "Unauthorized", DeliveryProblem.NOT_ALLOWED),
        ("507 Insufficient Storage", "XMinioStorageFull", DeliveryProblem.NO_ROOM),
        ("503 Slow Down", "SlowDown", DeliveryProblem.STORAGE_AWAY),
    ],
)
def test_refused_copy_says_what_helps(status: str, code: str, problem: DeliveryProblem, tmp_path: Path):
    """Rights, room or patience; nothing of the key stands in it, and nothing is tried again beneath the ladder."""

    def says_no(line: socket.socket, request: bytes) -> None:
        if request.startswith(b"HEAD"):
            line.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        else:
            line.sendall(answer(status, refusal(code)))

    loaded = tmp_path / "loaded"
    loaded.write_bytes(b"video")
    with serving(says_no) as server:
        storage = S3Storage(Bucket("videos", endpoint=server.base_url, key=KEY))
        found = storage.keep("a", ".mp4", loaded, digest_of(b"video"))
        rehearsed = storage.rehearse()
        puts = [one for one in server.requests if one.startswith(b"PUT")]

    assert isinstance(found, Undelivered)
    assert isinstance(rehearsed, Undelivered)
    assert (found.problem, rehearsed.problem) == (problem, problem)
    assert "key-id" not in f"{found}{rehearsed}"
    assert len(puts) == 2
