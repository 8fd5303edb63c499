"""Faults on order: the next request of a kind fails, or its connection is dropped."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any


@dataclass
class Fault:
    """What happens to the next ``times`` requests of a method whose path matches.

    ``path_pattern`` is matched below the API's base ("/channels/*/messages"; a star takes slashes too).
    ``status`` None drops the connection; ``takes_effect`` tells whether the request is carried out first.
    """

    method: str
    path_pattern: str
    status: int | None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    takes_effect: bool = False
    times: int = 1


class Faults:
    """The faults that are still to come, in the order in which they were asked for."""

    def __init__(self) -> None:
        self.pending: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let this fault come after those that are to come already."""
        self.pending.append(fault)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that this request is to meet, used up once."""
        for fault in self.pending:
            if fault.method == method and fnmatchcase(path, fault.path_pattern):
                fault.times -= 1
                if fault.times <= 0:
                    self.pending.remove(fault)
                return fault
        return None
