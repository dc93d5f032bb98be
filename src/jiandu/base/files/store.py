"""Files by their content: kept once under their SHA-256, written through to the disk before they count."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from jiandu.base.core.errors import Refused
from jiandu.base.files.marks import first_page, is_marked

LIMIT_BYTES = 50 * 2**20
CLASSIFIED = re.compile(r"(?:绝\s*密|机\s*密|秘\s*密)\s*[★☆*＊]")
ALLOWED = frozenset(
    [
        ".pdf",
        ".ofd",
        ".doc",
        ".docx",
        ".xls",
        ".xlsx",
        ".ppt",
        ".pptx",
        ".wps",
        ".et",
        ".dps",
        ".txt",
        ".csv",
        ".jpg",
        ".jpeg",
        ".png",
        ".tif",
        ".tiff",
        ".zip",
    ]
)


@dataclass(frozen=True)
class Stored:
    """A file in the store: its SHA-256 (hex) and size in bytes."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Upload:
    """A stored file and the name it came with."""

    stored: Stored
    name: str


def folder() -> Path:
    return Path(settings.DATA) / "files"


def path_of(sha256: str) -> Path:
    """Where the content lies. The name is derived from the hash, never from what a user typed."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError("not a SHA-256")
    return folder() / sha256[:2] / sha256


def check_name(name: str) -> str:
    """The bare file name. Raises Refused for a kind that is not taken, or a name bearing a state-secret mark."""
    bare = Path(name.replace("\\", "/")).name.strip()
    if CLASSIFIED.search(bare):
        raise Refused("classified", "文件名带有国家秘密标志,本系统不得存储、处理涉密文件")
    if Path(bare).suffix.lower() not in ALLOWED:
        raise Refused("file-kind", "不支持的文件类型:%(name)s", name=bare)
    return bare


def keep(chunks: Iterable[bytes], *, limit_bytes: int = LIMIT_BYTES) -> Stored:
    """Stores the content and gives its hash and size. Raises Refused when it is empty, too large, or marked as secret."""
    folder().mkdir(parents=True, exist_ok=True)
    incoming = folder() / f".incoming-{secrets.token_hex(8)}"
    stored = receive(chunks, incoming, limit_bytes=limit_bytes)
    _settle(incoming, path_of(stored.sha256))
    return stored


def receive(chunks: Iterable[bytes], target: Path, *, limit_bytes: int = LIMIT_BYTES) -> Stored:
    """Writes the content through to `target`, which is kept by its owner and not under its hash. Raises as `keep`."""
    digest, size = hashlib.sha256(), 0
    with _whole(target), target.open("xb") as file:
        target.chmod(0o600)
        for chunk in chunks:
            size += len(chunk)
            if size > limit_bytes:
                raise Refused("file-size", "文件超过 %(limit)s MB", limit=limit_bytes // 2**20)
            digest.update(chunk)
            file.write(chunk)
        if not size:
            raise Refused("file-empty", "文件是空的")
        file.flush()
        os.fsync(file.fileno())
        _check_marks(target)
    return Stored(digest.hexdigest(), size)


@contextmanager
def _whole(target: Path) -> Iterator[None]:
    """Leaves nothing of a file that did not come in whole."""
    try:
        yield
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _settle(incoming: Path, target: Path) -> None:
    """Puts the file in its place and makes the folder entry durable."""
    target.parent.mkdir(exist_ok=True)
    incoming.replace(target)
    entry = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)


def _check_marks(path: Path) -> None:
    """A file that says on its first page that it is a state secret is not kept: nothing of it stays behind."""
    if is_marked(first_page(path)):
        raise Refused("classified", "文件带有国家秘密标志,本系统不得存储、处理涉密文件")


def read(stored_sha256: str) -> bytes:
    """The content. Raises FileNotFoundError when it is not in the store, ValueError when it does not match its hash."""
    content = path_of(stored_sha256).read_bytes()
    if hashlib.sha256(content).hexdigest() != stored_sha256:
        raise ValueError(f"content does not match its hash: {stored_sha256}")
    return content
