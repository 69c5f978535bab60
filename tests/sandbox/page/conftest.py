"""A sandbox with a filled sheet, real videos to play, and a real Chromium to look at it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import httpx
import pytest
from page_workbook import Book, create_book
from PIL import Image
from sheet_page import open_book
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.app import Sandbox
from bot.sandbox.serve import SandboxServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright
    from starlette.requests import Request

SHAPES = {"vertical": (270, 480), "square": (360, 360), "wide": (480, 270)}
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(frozen=True)
class Media:
    """A small real video and its picture, as bytes."""

    mp4: bytes
    jpg: bytes


@pytest.fixture(scope="session")
def media() -> dict[str, Media]:
    return {shape: make_media(*size) for shape, size in SHAPES.items()}


def make_media(width: int, height: int) -> Media:
    """Two seconds of a moving bar, encoded for real."""
    film = io.BytesIO()
    picture = None
    with av.open(film, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=Fraction(15, 1))
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(30):
            picture = Image.new("RGB", (width, height), (40, 38, 92))
            picture.paste(
                (45, 212, 191), (0, height * 2 // 3, width * (number + 1) // 30, height * 2 // 3 + 14)
            )
            picture.paste((250, 204, 21), (width // 4, height // 4, width * 3 // 4, height // 2))
            container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode())
    still = io.BytesIO()
    assert picture is not None
    picture.save(still, "JPEG")
    return Media(film.getvalue(), still.getvalue())


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, media: dict[str, Media]) -> Iterator[SandboxServer]:
    """One sandbox for all: every test has a spreadsheet of its own in it."""
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox"))

    async def file(request: Request) -> Response:
        shape, kind = request.path_params["shape"], request.path_params["kind"]
        mime = {"mp4": "video/mp4", "jpg": "image/jpeg"}[kind]
        return Response(getattr(media[shape], kind), media_type=mime)

    # Finished videos need a render of their own; these stand where those would be.
    sandbox.app.router.routes.insert(0, Route("/media/{shape}-{number:int}.{kind}", file))
    with SandboxServer(sandbox) as running:
        yield running


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(headers={"Authorization": "Bearer page"}, timeout=10) as client:
        yield client


@pytest.fixture
def book(server: SandboxServer, http: httpx.Client) -> Book:
    return create_book(server.base_url, http)


@pytest.fixture(scope="module")
def playwright_driver() -> Iterator[Playwright]:
    """Not longer than its module: while it is open, no other test's asyncio.run() works in this thread."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(playwright_driver: Playwright, chromium: str) -> Iterator[Browser]:
    running = playwright_driver.chromium.launch(executable_path=chromium, args=QUIET)
    yield running
    running.close()


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """One browser profile for all tests of a module."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
    )
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture(scope="module")
def pane(window: BrowserContext) -> Iterator[tuple[Page, list[str]]]:
    """One page for all tests of a module, each of which opens a sheet of its own in it; and its complaints."""
    sheet = window.new_page()
    complaints: list[str] = []
    sheet.on("console", lambda message: complaints.append(message.text) if message.type != "log" else None)
    sheet.on("pageerror", lambda error: complaints.append(str(error)))
    yield sheet, complaints
    sheet.close()


@pytest.fixture
def console(pane: tuple[Page, list[str]]) -> list[str]:
    """What the console complained about; a test that provokes a complaint takes it out."""
    return pane[1]


@pytest.fixture
def page(pane: tuple[Page, list[str]], book: Book, console: list[str]) -> Iterator[Page]:
    """The sheet, open and ready; whatever the console complains about fails the test."""
    sheet = pane[0]
    open_book(sheet, book)
    yield sheet
    complaints = console.copy()
    console.clear()
    assert complaints == []


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keeps a screenshot for people to look at, under `.artifacts/page/`."""
    folder = request.config.rootpath / ".artifacts" / "page"

    def keep(sheet: Page, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        sheet.screenshot(path=folder / f"{name}.png")

    return keep
