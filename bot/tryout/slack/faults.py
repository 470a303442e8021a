"""Faults on request: an error, a 429, a connection that drops after the call was taken, a slow answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass
class Fault:
    """What goes wrong with a method ("*": with each). `where` looks at the arguments; `times` None: always."""

    method: str
    error: str | None = None  # ok: false, with this error
    status: int | None = None  # an HTTP status; 429 with retry_after seconds
    retry_after: int = 1
    drop: bool = False  # the connection is cut before anything happens
    drop_after_accept: bool = False  # it is cut after the call took effect
    delay_s: float = 0.0
    times: int | None = 1
    where: Callable[[Mapping[str, Any]], bool] | None = None
    more: Mapping[str, Any] | None = None  # further keys of an error's answer: {"needed": …}


class Faults:
    """The faults that are still to come, in the order they were asked for."""

    def __init__(self) -> None:
        self.coming: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        self.coming.append(fault)
        return fault

    def clear(self) -> None:
        self.coming.clear()

    def take(self, method: str, arguments: Mapping[str, Any]) -> Fault | None:
        """The fault that meets this call; its count goes down."""
        for fault in self.coming:
            if fault.method in (method, "*") and (fault.where is None or fault.where(arguments)):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self.coming.remove(fault)
                return fault
        return None
