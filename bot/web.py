"""The client of Slack's Web API: it never sends a post twice by itself, and keeps its connection for the next call."""

from __future__ import annotations

import http.client
import io
import select
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, getproxies, proxy_bypass

from slack_sdk.web.client import WebClient

_IDLE_S = 5.0  # a connection that was not used for longer may be about to be closed at the other end
_MOST_IDLE = 8


class _Whole(http.client.HTTPConnection):
    """Sends head and body of a request in one piece: in two, the other end wakes up twice."""

    _parts: list[bytes] | None = None

    def post(self, target: str, body: Any, headers: Mapping[str, str]) -> None:
        parts: list[bytes] = []
        self._parts = parts
        try:
            self.request("POST", target, body=body, headers=headers)
        finally:
            self._parts = None
        self.send(b"".join(parts))

    def send(self, data: Any) -> None:
        if self._parts is None:
            super().send(data)
        else:
            self._parts.append(data)


class _WholeOverTls(_Whole, http.client.HTTPSConnection):
    """The same, over https."""


class KeptConnections:
    """Connections to one place that wait for the next request. Safe to share."""

    def __init__(self, scheme: str, place: str, timeout_s: float, context: ssl.SSLContext | None) -> None:
        self._place, self._timeout_s = place, timeout_s
        # Made once: reading the system's certificates takes longer than a request.
        self._context = context or ssl.create_default_context() if scheme == "https" else None
        self._idle: list[tuple[float, _Whole]] = []
        self._lock = threading.Lock()

    def take(self) -> _Whole:
        """One that is open at both ends, or a new one, which is not connected yet."""
        while True:
            with self._lock:
                if not self._idle:
                    return self._new()
                since, connection = self._idle.pop()
            if time.monotonic() - since <= _IDLE_S and not _ended(connection.sock):
                return connection
            connection.close()

    def give_back(self, connection: _Whole) -> None:
        with self._lock:
            if len(self._idle) < _MOST_IDLE:
                self._idle.append((time.monotonic(), connection))
                return
        connection.close()

    def _new(self) -> _Whole:
        if self._context:
            return _WholeOverTls(self._place, timeout=self._timeout_s, context=self._context)
        return _Whole(self._place, timeout=self._timeout_s)


def _ended(sock: socket.socket | None) -> bool:
    """Whether the other end has closed it, or has said what nobody asked for."""
    if sock is None:
        return True
    try:
        return bool(select.select([sock], [], [], 0)[0])
    except (OSError, ValueError):
        return True


class KeptClient(WebClient):
    """Requests go one after the other through open connections; behind a proxy each has its own, as slack_sdk does it.

    A request is sent once: where its connection turns out to be dead, that is an error like any other.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept: dict[tuple[str, str], KeptConnections | None] = {}  # by scheme and place; None is behind a proxy

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        parts = urlsplit(url)
        place = parts.scheme, parts.netloc
        if place not in self._kept:
            direct = not self.proxy and parts.scheme in ("http", "https") and not _proxied(*place)
            self._kept[place] = KeptConnections(*place, self.timeout, self.ssl) if direct else None
        kept = self._kept[place]
        if kept is None:
            return super()._perform_urllib_http_request_internal(url, req)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return _sent(kept, target, req)


def _sent(kept: KeptConnections, target: str, req: Request) -> dict[str, Any]:
    """What slack_sdk expects of a request; raises HTTPError and URLError as urllib does."""
    connection = kept.take()
    try:
        connection.post(target, req.data, {**req.headers, **req.unredirected_hdrs})
    except OSError as error:
        connection.close()
        raise URLError(error) from error
    try:
        answer = connection.getresponse()
        body = answer.read()
    except BaseException:
        connection.close()
        raise
    if answer.will_close:
        connection.close()
    else:
        kept.give_back(connection)
    if answer.status not in range(200, 300):
        raise HTTPError(req.full_url, answer.status, answer.reason, answer.headers, io.BytesIO(body))
    if answer.headers.get_content_type() == "application/gzip":
        return {"status": answer.status, "headers": answer.headers, "body": body}
    charset = answer.headers.get_content_charset() or "utf-8"
    return {"status": answer.status, "headers": answer.headers, "body": body.decode(charset)}


def _proxied(scheme: str, place: str) -> bool:
    proxies = getproxies()
    return bool(proxies.get(scheme)) and not proxy_bypass(place)


def web_client(token: str, api_url: str, *, timeout_s: int = 15) -> KeptClient:
    """A client that never sends a post twice by itself: its retries are off (infra: one drop, two messages)."""
    return KeptClient(token=token, base_url=api_url, timeout=timeout_s, retry_handlers=[])
