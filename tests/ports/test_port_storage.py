"""The storage port: one suite for a real folder, a real S3 server on loopback, and the fake of the stories."""

from __future__ import annotations

import errno
import os
import resource
import stat
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fakes.storage import FakeStorage, digest_of
from moto.server import ThreadedMotoServer
from pydantic import SecretStr

from bot.adapters.disk_words import disk_trouble
from bot.adapters.folder_storage import FolderStorage
from bot.adapters.s3_storage import Bucket, S3Storage, StorageKey
from bot.domain.delivery import DeliveryProblem, Stored, Undelivered
from bot.ports import Storage

NAME = "2026-08-03/big-sale"
KEY = StorageKey(SecretStr("key-id"), SecretStr("key-secret"), SecretStr("key-token"))


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """An S3 server with an empty bucket."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def bucket(endpoint: str, name: str = "videos", prefix: str = "") -> S3Storage:
    return S3Storage(Bucket(name, prefix, endpoint, key=KEY))


@pytest.fixture(params=["folder", "s3", "fake"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """Each kind, with nothing in it."""
    if request.param == "folder":
        (tmp_path / "out").mkdir()
        return FolderStorage(tmp_path / "out")
    if request.param == "fake":
        return FakeStorage()
    endpoint = request.getfixturevalue("s3")
    urllib.request.urlopen(urllib.request.Request(f"{endpoint}/videos", method="PUT"), timeout=5).close()
    return bucket(endpoint, prefix=tmp_path.name)


def file(folder: Path, content: bytes, name: str = "loaded") -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def keep(storage: Storage, folder: Path, content: bytes, name: str = NAME) -> str | Undelivered:
    return storage.keep(name, ".mp4", file(folder, content), digest_of(content))


def problem(found: object) -> DeliveryProblem:
    assert isinstance(found, Undelivered)
    return found.problem


# -- every storage ----------------------------------------------------------------


def test_kept_file_is_there(storage: Storage, tmp_path: Path):
    """Under its name, with its size; another size or name is not it."""
    name = keep(storage, tmp_path, b"video")

    assert name == f"{NAME}.mp4"
    assert storage.holds(Stored(name, digest_of(b"video"))) is True
    assert storage.holds(Stored(name, digest_of(b"longer video"))) is False
    assert storage.holds(Stored("2026-08-03/other.mp4", digest_of(b"video"))) is False


def test_f_S06_another_files_place_is_never_taken(storage: Storage, tmp_path: Path):
    """Same name, other content, also of the same length: a number; the very same content: no second file."""
    names = [keep(storage, tmp_path, content) for content in (b"one", b"two", b"one", b"two", b"three")]

    assert names == [f"{NAME}{ending}.mp4" for ending in ("", "-2", "", "-2", "-3")]
    assert storage.holds(Stored(f"{NAME}.mp4", digest_of(b"one"))) is True


def test_names_in_any_letters(storage: Storage, tmp_path: Path):
    """Blanks, letters, emoji and brackets stay what they are."""
    name = keep(storage, tmp_path, b"video", "Größe 👩/a b [1] & c")

    assert name == "Größe 👩/a b [1] & c.mp4"
    assert storage.holds(Stored(name, digest_of(b"video"))) is True


def test_rehearsal_leaves_nothing_behind(storage: Storage, tmp_path: Path):
    """It says that all is well, twice, and the first file still has the first name."""
    assert (storage.rehearse(), storage.rehearse()) == (None, None)
    assert keep(storage, tmp_path, b"video") == f"{NAME}.mp4"
    assert not list((tmp_path / "out").glob(".*"))


def test_several_at_once_take_no_place_twice(storage: Storage, tmp_path: Path):
    """Two couriers with different videos of one name, and one who brings the first anew."""
    contents = [b"one", b"two", b"three", b"one"]
    names: list[object] = []

    def work(number: int, content: bytes) -> None:
        loaded = file(tmp_path, content, f"loaded-{number}")
        names.append(storage.keep(NAME, ".mp4", loaded, digest_of(content)))

    threads = [threading.Thread(target=work, args=one) for one in enumerate(contents)]
    if isinstance(storage, FakeStorage):
        for number, content in enumerate(contents):
            work(number, content)
    else:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    held = {name for name in names if isinstance(name, str)}

    assert len(names) == 4
    assert {f"{NAME}.mp4", f"{NAME}-2.mp4", f"{NAME}-3.mp4"} <= held
    contents_kept = [storage.holds(Stored(name, digest_of(b"three"))) for name in sorted(held)]
    assert contents_kept.count(True) == 1


# -- a folder ---------------------------------------------------------------------


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def test_f_S06_a_link_in_the_way_is_not_followed(out: Path, tmp_path: Path):
    """A folder that is a link is refused; a file that is one is left, and the copy gets another name."""
    away = tmp_path / "away"
    away.mkdir()
    (out / "2026-08-03").symlink_to(away)
    refused = keep(FolderStorage(out), tmp_path, b"video")
    (out / "2026-08-03").unlink()
    (out / "2026-08-03").mkdir()
    (away / "target").write_bytes(b"video")
    (out / f"{NAME}.mp4").symlink_to(away / "target")
    dangling = out / f"{NAME}-2.mp4"
    dangling.symlink_to(away / "nowhere")
    kept = keep(FolderStorage(out), tmp_path, b"video")

    assert problem(refused) is DeliveryProblem.BLOCKED
    assert kept == f"{NAME}-3.mp4"
    assert sorted(one.name for one in away.iterdir()) == ["target"]
    assert FolderStorage(out).holds(Stored(f"{NAME}.mp4", digest_of(b"video"))) is False


def test_f_S06_copies_are_nobodys_to_change(out: Path, tmp_path: Path):
    """Whatever the process's mask: readable by all, written by its owner alone; folders alike."""
    before = os.umask(0)
    try:
        keep(FolderStorage(out), tmp_path, b"video")
    finally:
        os.umask(before)

    assert stat.S_IMODE((out / f"{NAME}.mp4").stat().st_mode) == 0o644
    assert stat.S_IMODE((out / "2026-08-03").stat().st_mode) == 0o755


def test_what_a_killed_robot_left_is_taken_away(out: Path, tmp_path: Path):
    """Half a file beside its place is no copy, is in nobody's way, and is gone afterwards."""
    (out / "2026-08-03").mkdir()
    left = out / "2026-08-03" / f".rowreel-{digest_of(b'video').sha256[:16]}.part"
    left.write_bytes(b"vi")
    left.chmod(0o400)

    assert keep(FolderStorage(out), tmp_path, b"video") == f"{NAME}.mp4"
    assert [one.name for one in (out / "2026-08-03").iterdir()] == ["big-sale.mp4"]


def test_file_that_changed_on_this_disk_is_not_kept(out: Path, tmp_path: Path):
    """The checksum of what is written is that of what was loaded, or there is no copy."""
    found = FolderStorage(out).keep(NAME, ".mp4", file(tmp_path, b"video"), digest_of(b"other"))

    assert problem(found) is DeliveryProblem.STORAGE_AWAY
    assert list((out / "2026-08-03").iterdir()) == []


def test_folder_that_is_not_there_is_not_made(tmp_path: Path):
    """An empty mount point must not fill the disk below it; what was kept there is not called gone."""
    storage = FolderStorage(tmp_path / "not mounted")
    file_in_the_way = FolderStorage(file(tmp_path, b"no folder", "f"))

    assert problem(keep(storage, tmp_path, b"video")) is DeliveryProblem.STORAGE_AWAY
    assert problem(storage.holds(Stored("a.mp4", digest_of(b"video")))) is DeliveryProblem.STORAGE_AWAY
    assert problem(storage.rehearse()) is DeliveryProblem.STORAGE_AWAY
    assert problem(file_in_the_way.rehearse()) is DeliveryProblem.BLOCKED
    assert not (tmp_path / "not mounted").exists()


@contextmanager
def small_files(most: int) -> Iterator[None]:
    """No file may grow beyond so many bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_no_room_for_a_whole_file_leaves_none(out: Path, tmp_path: Path):
    """No half copy, under no name; with room again it is there."""
    content = b"x" * 100_000
    loaded = file(tmp_path, content)
    storage = FolderStorage(out)
    with small_files(50_000):
        found = storage.keep(NAME, ".mp4", loaded, digest_of(content))
    left = list((out / "2026-08-03").iterdir())

    assert problem(found) is DeliveryProblem.NO_ROOM
    assert left == []
    assert storage.keep(NAME, ".mp4", loaded, digest_of(content)) == f"{NAME}.mp4"


def test_folder_nobody_may_write_in(tmp_path: Path):
    """Refused, and told from a folder that is not there. The superuser becomes nobody for it."""
    with tempfile.TemporaryDirectory() as closed:
        Path(closed).chmod(0o555)
        is_superuser = os.geteuid() == 0
        if is_superuser:
            os.seteuid(65534)
        try:
            found = FolderStorage(Path(closed)).rehearse()
        finally:
            if is_superuser:
                os.seteuid(0)

    assert problem(found) is DeliveryProblem.NOT_ALLOWED


@pytest.mark.parametrize(
    ("number", "what"),
    [
        (errno.ENOSPC, DeliveryProblem.NO_ROOM),
        (errno.EDQUOT, DeliveryProblem.NO_ROOM),
        (errno.EROFS, DeliveryProblem.NOT_ALLOWED),
        (errno.EIO, DeliveryProblem.STORAGE_AWAY),
        (errno.ESTALE, DeliveryProblem.STORAGE_AWAY),
        (None, DeliveryProblem.STORAGE_AWAY),
    ],
)
def test_what_a_disk_says_is_sorted_by_what_helps(number: int | None, what: DeliveryProblem):
    """Room, rights, or a look at the machine."""
    error = OSError(number, "words") if number else OSError("words")

    assert disk_trouble(error).problem is what


# -- a bucket ---------------------------------------------------------------------


def test_large_video_goes_in_parts(s3: str, tmp_path: Path):
    """More than one request carries it; it is the same file, and never put in another's place."""
    urllib.request.urlopen(urllib.request.Request(f"{s3}/videos", method="PUT"), timeout=5).close()
    storage = bucket(s3, prefix="large")
    content, other = os.urandom(9_000_000), os.urandom(9_000_000)
    names = [keep(storage, tmp_path, one) for one in (content, other, content)]
    with urllib.request.urlopen(f"{s3}/videos/large/{NAME}.mp4", timeout=10) as answer:
        said, kind = answer.read(), answer.headers["Content-Type"]

    assert names == [f"{NAME}.mp4", f"{NAME}-2.mp4", f"{NAME}.mp4"]
    assert (said, kind) == (content, "video/mp4")


def test_bucket_that_is_not_there(s3: str, tmp_path: Path):
    """Said by the service's own word, and what was kept there is not called gone."""
    storage = bucket(s3, "nowhere")
    found = [
        keep(storage, tmp_path, b"video"),
        storage.rehearse(),
    ]

    assert {problem(one) for one in found} == {DeliveryProblem.STORAGE_AWAY}
    assert "NoSuchBucket" in str(found[1])


def test_f_S01_storage_that_does_not_answer_gives_no_secret_away(tmp_path: Path):
    """Nobody listens there: told as that, and neither key nor address stands in what is told."""
    found = keep(bucket("http://127.0.0.1:9"), tmp_path, b"video")

    assert problem(found) is DeliveryProblem.STORAGE_AWAY
    assert "does not answer (Connection refused)" in str(found)
    assert "key" not in str(found)
    assert "key-secret" not in repr(KEY)


def test_an_empty_folder_says_nothing_of_its_copies(tmp_path: Path):
    """So looks the place where a disk should be: nothing is copied anew because of it."""
    gone = Stored("2026-08-03/a.mp4", digest_of(b"video"))
    empty = FolderStorage(tmp_path).holds(gone)
    (tmp_path / "lost+found").mkdir()

    assert problem(empty) is DeliveryProblem.STORAGE_AWAY
    assert FolderStorage(tmp_path).holds(gone) is False
