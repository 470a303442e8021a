"""What a failed chat.postMessage means: surely not posted, never going to be, or nobody knows."""

from __future__ import annotations

import errno
import socket
import ssl
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from typing import Literal
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError

NETWORK = (SlackClientError, OSError, HTTPException)  # what a WebClient raises

_WAIT_S = 60.0  # before a broken token or a network that is gone is tried again
_RATE_S = 30.0  # where a 429 does not say how long
_LONGEST_S = 3600.0

_RATE = {"ratelimited", "rate_limited"}
# The whole app may not post; who runs it has to do something, and then the same rows can go.
_APP = {
    "access_denied",
    "accesslimited",
    "account_inactive",
    "enterprise_is_restricted",
    "invalid_auth",
    "message_limit_exceeded",
    "missing_scope",
    "not_allowed_token_type",
    "not_authed",
    "org_login_required",
    "team_access_not_granted",
    "team_added_to_org",
    "token_expired",
    "token_revoked",
}
# Slack's own trouble, which may come after the message was taken; and two that say: there is one like it already.
_UNCLEAR = {
    "duplicate_channel_not_found",
    "duplicate_message_not_found",
    "fatal_error",
    "internal_error",
    "request_timeout",
    "service_unavailable",
}
# It is the message's form that is refused, not the message.
UNFIT = {"invalid_attachments", "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}
_NO_WAY = {errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}


@dataclass(frozen=True)
class Failure:
    """later: surely not posted, and nothing else can be for after_s seconds; refused: this one never will be;
    unclear: perhaps posted. reason: Slack's code, or the error's name, never a message's text.
    """

    kind: Literal["later", "refused", "unclear"]
    reason: str
    after_s: float = 0.0


def understand(error: Exception) -> Failure:
    """What an exception of a posting WebClient without retry handlers means."""
    if isinstance(error, SlackApiError):
        return _answered(error)
    if isinstance(error, URLError) and _never_left(error.reason):
        return Failure("later", type(error.reason).__name__, _WAIT_S)
    return Failure("unclear", type(error).__name__)


def _answered(error: SlackApiError) -> Failure:
    response = error.response
    status, code = response.status_code, str(response.get("error") or "")
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in _RATE:
        return Failure("later", "ratelimited", _seconds(response.headers))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Failure("unclear", f"http_{status}")
    if status >= HTTPStatus.BAD_REQUEST:  # a proxy's word, or Slack's gate: no method of Slack answers so
        return Failure("later", f"http_{status}", _WAIT_S)
    if not code.replace("_", "").isalnum() or not code.isascii():  # a page in place of JSON
        return Failure("unclear", "no_json")
    if code in _APP:
        return Failure("later", code, _WAIT_S)
    return Failure("unclear" if code in _UNCLEAR else "refused", code)


def _seconds(headers: object) -> float:
    """Retry-After, as whatever mapping the SDK keeps it in."""
    found = dict(headers) if isinstance(headers, dict) else {}
    for name, value in found.items():
        if str(name).lower() == "retry-after":
            try:
                return min(max(1.0, float(value[0] if isinstance(value, list) else value)), _LONGEST_S)
            except (ValueError, IndexError):
                break
    return _RATE_S


def _never_left(reason: object) -> bool:
    """Whether the connection was never made."""
    if isinstance(reason, (socket.gaierror, ssl.SSLCertVerificationError, ConnectionRefusedError)):
        return True
    return isinstance(reason, OSError) and (reason.errno in _NO_WAY or "Tunnel connection failed" in str(reason))
