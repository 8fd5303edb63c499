"""Reads documents in a process of its own, with limits of time, memory and output.

A reader works on strangers' bytes. Threads cannot be stopped, share their memory with the bot and hold the
interpreter; a process can be ended, and takes nothing along. ``python -m corpus.reader_process`` is that process:
it answers one document after the other over its standard streams, in JSON, so that nothing it says is executed.
"""

from __future__ import annotations

import atexit
import gc
import json
import math
import os
import queue
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from typing import IO, TYPE_CHECKING

from corpus.errors import ReadError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from corpus.model import Page


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one document may take.

    Attributes:
        seconds: processor time, besides that for its size.
        seconds_per_megabyte: processor time more for each megabyte of the file.
        patience: how many times its processor time a document may take on a busy machine's clock.
        memory: bytes of address space of the process, its code and libraries included.
        output: bytes of what the reader makes of it, as JSON.
    """

    seconds: float = 20.0
    seconds_per_megabyte: float = 15.0
    patience: float = 6.0
    memory: int = 1_000_000_000
    output: int = 200_000_000

    def allowed(self, size: int) -> int:
        """The whole seconds of processor time for a file of so many bytes."""
        return math.ceil(self.seconds + self.seconds_per_megabyte * size / 1e6)


LIMITS = Limits()
MAX_PROCESSES = 2
"""Documents that are read at a time: one that is slow does not keep all others waiting."""
IDLE = 60.0
"""Seconds without a document after which a process ends, and its memory is free."""
_GRACE = 2.0
"""Seconds in which a process ends once nobody asks it any more."""
_LENGTH = struct.Struct(">Q")
_PAGE, _REFUSED = b"+", b"-"
"""What an answer begins with: a page in JSON, or the line that says why there is none."""


class ReaderPool:
    """A few processes that read documents, each started when it is needed. Safe between threads."""

    def __init__(self, limits: Limits = LIMITS, processes: int = MAX_PROCESSES) -> None:
        self._limits = limits
        self._free: queue.LifoQueue[_Process] = queue.LifoQueue()
        self._all = [_Process(limits) for _ in range(processes)]
        for process in self._all:
            self._free.put(process)

    def read(self, path: PurePath | str, data: bytes) -> Page:
        """Read a document as the reader for its name's ending does.

        Args:
            path: its file's name; nothing is opened.
            data: its bytes.

        Raises:
            ReadError: it cannot be read, or not within the limits; the message says which.
        """
        process = self._free.get()
        try:
            return process.read(PurePath(path), data)
        finally:
            self._free.put(process)

    def close(self) -> None:
        """End the processes, also those that read."""
        for process in self._all:
            process.kill()


@cache
def shared_pool() -> ReaderPool:
    """The pool of this process, which ends with it."""
    pool = ReaderPool()
    atexit.register(pool.close)
    return pool


class _Process:
    """One process, started anew when it has ended. Used by one thread at a time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None

    def read(self, path: PurePath, data: bytes) -> Page:
        seconds = self._limits.allowed(len(data))
        answer = status = None
        if self._child is not None:
            answer, status = self._exchange(self._child, path, data, seconds)
        if status == 0 or self._child is None:  # it ended after a while without documents
            self._child = self._started()
            answer, status = self._exchange(self._child, path, data, seconds)
        if answer is None:
            self._child = None
            raise ReadError(_ended(status, seconds))
        if answer[:1] == _PAGE:
            return _adapter().validate_json(answer[1:])
        raise ReadError(answer[1:].decode())

    def kill(self) -> None:
        if self._child and self._child.poll() is None:
            self._child.kill()
            self._child.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}  # no token, no database's password
        return subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "corpus.reader_process", str(self._limits.memory)],
            env={**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C ends what waits for it, which ends it
        )

    def _exchange(
        self, child: subprocess.Popen[bytes], path: PurePath, data: bytes, seconds: int
    ) -> tuple[bytes | None, int | None]:
        """What the process answers; or None, and with which status it ended instead."""
        assert child.stdin is not None  # noqa: S101 - both are pipes
        assert child.stdout is not None  # noqa: S101
        head = json.dumps({"path": str(path), "seconds": seconds, "output": self._limits.output}).encode()
        timer = threading.Timer(seconds * self._limits.patience, child.kill)
        timer.start()
        try:
            for part in (_LENGTH.pack(len(head)), head, _LENGTH.pack(len(data)), data):
                child.stdin.write(part)
            child.stdin.flush()
            if (answer := _received(child.stdout, self._limits.output)) is not None:
                return answer, None
        except OSError:  # it ended while it was asked
            pass
        finally:
            timer.cancel()
        with suppress(OSError):
            child.stdin.close()  # one that is still there ends now
        child.stdout.close()
        try:
            return None, child.wait(_GRACE)
        except subprocess.TimeoutExpired:
            child.kill()
            return None, child.wait()


_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "DIGESTBOT_TODAY", "OPENBLAS_CORETYPE")
"""The variables of the environment that a reader may know."""


def _ended(status: int | None, seconds: int) -> str:
    """Why a process ended without an answer, as its user is told."""
    if status in (-24, -9):  # SIGXCPU, SIGKILL: Windows has neither name
        return f"it takes more than the {seconds} seconds that reading it may take"
    return "its reader broke down over it"


def _received(stream: IO[bytes], most: int) -> bytes | None:
    """One answer; None if the stream ends before, or the answer is longer than ``most`` bytes."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > most:
        return None
    answer = stream.read(length)
    return answer if len(answer) == length else None


@cache
def _adapter() -> TypeAdapter[Page]:
    from pydantic import TypeAdapter

    from corpus.model import Page

    return TypeAdapter(Page)


def main() -> None:
    """Read documents until there are none for ``IDLE`` seconds, or nobody is left to ask."""
    _limit_memory(int(sys.argv[1]))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints is no answer
    gc.disable()  # a tree has few circles, and looking for them takes up to a quarter of the time
    while _comes(source) and (head := _received(source, 1_000_000)) is not None:
        asked = json.loads(head)
        data = _received(source, sys.maxsize)
        if data is None:
            return
        _limit_time(asked["seconds"])
        answer = _answer(PurePath(asked["path"]), data)
        if len(answer) > asked["output"]:
            answer = _refusal(f"it gives more than the {asked['output'] // 1_000_000} MB that a document may give")
        _limit_time(None)
        gc.collect()
        sink.write(_LENGTH.pack(len(answer)) + answer)
        sink.flush()


def _answer(path: PurePath, data: bytes) -> bytes:
    from corpus.readers import reader_for

    try:
        page = reader_for(path).read(data, name=path.stem)
        return _PAGE + _adapter().dump_json(page)
    except ReadError as error:
        return _refusal(str(error))
    except MemoryError:
        return _refusal("it takes more memory than reading it may take")
    except Exception as error:  # noqa: BLE001 - a fault of one document is told, and the next one is read
        return _refusal(f"unexpected {type(error).__name__}: {' '.join(str(error).split())[:200]}")


def _refusal(line: str) -> bytes:
    return _REFUSED + line.encode("utf-8", "replace")


def _comes(source: IO[bytes]) -> bool:
    """Wait for the next document; False when none has come for long."""
    if sys.platform == "win32":  # pipes cannot be waited for there
        return True
    import select

    return bool(select.select([source], [], [], IDLE)[0])


def _limit_memory(most: int) -> None:
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _limit_time(seconds: int | None) -> None:
    """Let the system end this process after so many more seconds of processor time; None: whenever it likes."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        soft = hard if seconds is None else math.ceil(time.process_time()) + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


if __name__ == "__main__":
    main()
