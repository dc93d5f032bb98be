"""An application behind the front, for tests: `python -m granian … tests.surfaces.console.inside:application`."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jiandu.surfaces.console.front import Front

SEEN = {"counted": 0, "closed": 0}


class Long:
    def __init__(self, *, breaks: bool = False) -> None:
        self.breaks = breaks

    def __iter__(self) -> Iterator[bytes]:
        yield b"x" * 65_536
        if self.breaks:
            raise ValueError
        yield from [b"x" * 65_536] * 63

    def close(self) -> None:
        SEEN["closed"] += 1


def inside(environ: dict[str, Any], start: Any) -> Any:
    path = environ["PATH_INFO"]
    if path == "/fault":
        raise ValueError
    start("200 OK", [("Content-Type", "application/octet-stream")])
    if path in {"/long", "/broken"}:
        return Long(breaks=path == "/broken")
    if path == "/slow":
        time.sleep(float(environ["QUERY_STRING"]))
    SEEN["counted"] += path == "/counted"
    said = {"/count": str(SEEN["counted"]).encode(), "/closed": str(SEEN["closed"]).encode()}
    if path == "/back":
        return [environ["wsgi.input"].read()]
    return [said.get(path) or json.dumps({k: v for k, v in environ.items() if isinstance(v, str)}).encode()]


def most(scope: Any) -> int:
    return {"/none": 0, "/little": 2**20}.get(scope.path, 2**28)


application = Front(inside, folder=Path(os.environ["FOLDER"]), most=most, threads=int(os.environ["THREADS"]), queued=20)
