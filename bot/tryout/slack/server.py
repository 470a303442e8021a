"""The stand-in's server: everything on one port of this machine, one thread, one event loop."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from .acts import Acts
from .api.base import Context
from .api.door import Door
from .events import Events
from .faults import Faults
from .hub import Hub
from .page import Page
from .responses import Responses
from .views import Views
from .workspace import Workspace

HOST = "127.0.0.1"
PAGE = Path(__file__).parents[1] / "page"
APPS = ("/api/", "/link", "/response/", "/upload/", "/files/")
UPLOAD_MOST = 50 * 1024 * 1024
CSP = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


class Server:
    """Built and used on its event loop."""

    def __init__(self, workspace: Workspace, on_bot: Callable[[str], None] | None = None) -> None:
        self.workspace, self.on_bot = workspace, on_bot
        self.views = Views(workspace)
        self.hub = Hub(workspace)
        self.responses = Responses(workspace, Events(workspace, self.hub))
        self.acts = Acts(workspace, self.views, self.hub, self.responses)
        self.faults = Faults()
        self.door = Door(Context(workspace, self.views, self.acts), self.faults)
        self.page = Page(self)
        self.stopping = asyncio.Event()
        self.bot: str | None = None  # set by who runs the bot; None: told by its sockets
        self.hub.on_sockets = self.tell_status
        self._loop = asyncio.get_running_loop()
        workspace.clock.on_move = self._clock_moved
        self.unplugged = False  # the app's way here is cut; the page's is not
        self._runner: web.AppRunner | None = None

    async def start(self, port: int) -> int:
        """Listens; the port, which is a free one where `port` is 0. Raises OSError where it is taken."""
        app = web.Application(middlewares=[self._guard], client_max_size=UPLOAD_MOST)
        app.add_routes(
            [
                web.route("*", "/api/{method}", self.door.serve),
                web.get("/link", self.hub.serve_socket),
                web.post("/response/{token}", self.door.serve_response),
                web.post("/upload/{id}", self._upload),
                web.get("/files/{id}/{name}", self._file),
                web.get("/", self._index),
                web.get("/page/{path:.+}", self._static),
                *self.page.routes(),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name == "posix":  # elsewhere this would share a port that is taken
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
        except OSError:
            listening.close()
            await self._runner.cleanup()
            raise
        await web.SockSite(self._runner, listening, backlog=256).start()
        found: int = listening.getsockname()[1]
        self.workspace.base = f"http://{HOST}:{found}"
        return found

    async def stop(self) -> None:
        self.stopping.set()
        self.workspace.clock.on_move = lambda: None
        self.workspace.tell_all({"type": "stop"})
        await self.hub.close()
        if self._runner:
            await self._runner.cleanup()

    def reset(self) -> None:
        """Everything as at the start, but for the clock and the app's connection."""
        self.workspace.reset()
        self.views.reset()
        self.faults.clear()
        self.workspace.tell_all({"type": "reset"})

    # --- status

    def status(self) -> dict[str, Any]:
        sockets = len(self.hub.sockets)
        running = "running" if sockets or self.hub.http else "stopped"
        return {"connected": sockets, "bot": self.bot or running}

    def tell_status(self) -> None:
        self.workspace.tell_all({"type": "status", **self.status()})

    def _clock_moved(self) -> None:
        self._loop.call_soon_threadsafe(self._tell_clock)  # tests move the clock from their own thread

    def _tell_clock(self) -> None:
        self.workspace.tell_all({"type": "clock", "clock": self.workspace.clock.to_json()})

    # --- requests

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Only under this address: a page elsewhere on the web must not reach what people type here."""
        own = urlsplit(self.workspace.base).port
        hosts = {f"127.0.0.1:{own}", f"localhost:{own}"}
        if request.path == "/link":  # slack_sdk's built-in client leaves the port out of the handshake's Host
            hosts |= {"127.0.0.1", "localhost"}
        origin = request.headers.get("Origin")
        if request.host not in hosts or (origin is not None and origin.removeprefix("http://") not in hosts):
            return web.Response(status=403, text="only from this machine")
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            return web.Response(status=403, text="only from this machine")
        if self.unplugged and request.path.startswith(APPS):
            if request.transport:
                request.transport.abort()
            return web.Response(status=500)
        return await handler(request)

    async def _upload(self, request: web.Request) -> web.Response:
        file = self.workspace.files.get(request.match_info["id"])
        if file is None or file["id"] in self.workspace.file_bytes:
            return web.Response(status=404)
        if request.content_type == "multipart/form-data":
            form = await request.post()
            parts = [p.file.read() for p in form.values() if isinstance(p, web.FileField)]
            data = parts[0] if parts else b""
        else:
            data = await request.read()
        if len(data) != file["size"]:
            return web.Response(status=400, text="length does not match")
        self.workspace.file_bytes[file["id"]] = data
        return web.Response(text=f"OK - {len(data)}")

    async def _file(self, request: web.Request) -> web.Response:
        data = self.workspace.file_bytes.get(request.match_info["id"])
        if data is None:
            return web.Response(status=404)
        kind = self.workspace.files[request.match_info["id"]]["mimetype"]
        return web.Response(body=data, content_type=kind, headers={"Content-Disposition": "attachment"})

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return self._page_file("index.html")

    async def _static(self, request: web.Request) -> web.StreamResponse:
        return self._page_file(request.match_info["path"])

    def _page_file(self, name: str) -> web.StreamResponse:
        path = (PAGE / name).resolve()
        if not path.is_relative_to(PAGE) or not path.is_file():
            return web.Response(status=404)
        return web.FileResponse(path, headers={"Cache-Control": "no-cache", "Content-Security-Policy": CSP})
