"""The app's end behind HTTP: requests signed as Slack signs them."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
from slack_sdk.signature import SignatureVerifier


class Refused(aiohttp.ClientError):
    """The app answered, but not with 2xx."""

    def __init__(self, no_retry: bool) -> None:
        super().__init__()
        self.no_retry = no_retry


class SignedHttp:
    """One Request URL for events, commands and interactions.

    Raises ValueError where the URL is not on this machine.
    """

    def __init__(self, url: str, secret: str) -> None:
        if urlsplit(url).hostname not in ("127.0.0.1", "localhost"):
            raise ValueError("only addresses of this machine")
        self.url, self._signer = url, SignatureVerifier(secret)
        self._session = aiohttp.ClientSession()

    async def challenge(self, challenge: str) -> None:
        """What Slack does before it takes a URL. Raises ValueError where it is not answered."""
        try:
            answer = await self.post("events_api", {"type": "url_verification", "challenge": challenge})
        except (aiohttp.ClientError, ConnectionError) as error:
            raise ValueError("the challenge was not answered") from error
        if challenge not in ((answer or {}).get("challenge"), (answer or {}).get("text")):
            raise ValueError("the challenge was not answered")

    async def post(self, kind: str, payload: dict[str, Any], retry: int = 0, reason: str | None = None) -> Any:
        """The answer's JSON, {"text": …} for another body, None for an empty one. Raises Refused where it is no 2xx."""
        if kind == "events_api":
            body, content_type = json.dumps(payload, ensure_ascii=False), "application/json"
        else:
            form = payload if kind == "slash_commands" else {"payload": json.dumps(payload, ensure_ascii=False)}
            body, content_type = urlencode(form), "application/x-www-form-urlencoded"
        headers = {"Content-Type": content_type, **self._signed(body)}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason or ""}
        async with self._session.post(self.url, data=body.encode(), headers=headers) as response:
            text = await response.text()
            if response.status // 100 != 2:
                raise Refused(response.headers.get("X-Slack-No-Retry") == "1")
            if response.content_type == "application/json":
                return json.loads(text) if text else None
            return {"text": text} if text else None

    def _signed(self, body: str) -> dict[str, str]:
        timestamp = str(int(time.time()))  # real time: the app checks it against its own
        signature = self._signer.generate_signature(timestamp=timestamp, body=body)
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": str(signature)}

    async def close(self) -> None:
        await self._session.close()
