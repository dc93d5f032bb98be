"""What crosses between two networks, in one signed file: sealed reports inward; answers, acknowledgements, notices outward.

A zip of `manifest.json` (kind, rows, size and SHA-256 of each file), `signature` (Ed25519 over the manifest, with the
public key before it) and sealed files. Nothing is taken away before the other side has said that it has it, so a lost or
interrupted bundle is made and read again.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from jiandu.base.core.errors import Refused
from jiandu.base.intake import files
from jiandu.base.intake.models import Attachment, Message, Report, Side, State
from jiandu.base.intake.signers import INWARD, KEY, OUTWARD, keys
from jiandu.base.published import services as published
from jiandu.base.sealing.suites import INTERNATIONAL, suite

MANIFEST, SIGNATURE = "manifest.json", "signature"
LARGEST = 2**30  # bytes of a manifest


@dataclass(frozen=True)
class Bundle:
    """A bundle whose signature is that of `signer` (hexadecimal), opened for reading."""

    said: dict[str, Any]
    signer: str
    path: Path

    def file(self, place: str) -> bytes:
        """A sealed file. Raises Refused (bundle-damaged) unless it is the one that the manifest says."""
        told = self.said["files"][place]
        with ZipFile(self.path) as archive, archive.open(f"files/{place}") as handle:
            content = handle.read(told["size"] + 1)
        if len(content) != told["size"] or sha256(content).hexdigest() != told["sha256"]:
            raise damaged()
        return content


def damaged() -> Refused:
    """Said of whatever is not as it was signed."""
    return Refused("bundle-damaged", "数据包已损坏或者被改动，没有导入任何内容")


def write_inward(path: Path, *, superior_only: bool = False) -> int:
    """What waits for the inside, or for the superior; gives how many reports and messages. Making it again gives the same."""
    sides = [Side.SUPERIOR] if superior_only else [*Side]
    reports = list(Report.objects.filter(state=State.WAITING, side__in=sides).order_by("uid"))
    messages = list(
        Message.objects.filter(is_answer=False, state=State.WAITING, report__side__in=sides).order_by("report", "seq")
    )
    attached = list(Attachment.objects.filter(report__in=reports).order_by("uid"))
    said = {
        "kind": INWARD,
        "reports": [_report(each) for each in reports],
        "messages": [_message(each) for each in messages],
        "attachments": [
            {"uid": str(each.uid), "report": str(each.report_id), "place": each.place, "size": each.size}
            for each in attached
        ],
    }
    _write(path, said, [each.place for each in attached])
    return len(reports) + len(messages)


def write_outward(path: Path) -> int:
    """Which reports and messages have come, every answer, every notice or its withdrawal; gives how many answers and notices."""
    answers = list(Message.objects.filter(is_answer=True).order_by("report", "seq"))
    said = {
        "kind": OUTWARD,
        "reports": [str(uid) for uid in Report.objects.order_by("uid").values_list("uid", flat=True)],
        "heard": [
            str(uid) for uid in Message.objects.filter(is_answer=False).order_by("uid").values_list("uid", flat=True)
        ],
        "messages": [_message(each) for each in answers],
        "notices": published.told(),
    }
    _write(path, said, [])
    return len(answers) + len(said["notices"])


def read_bundle(path: Path) -> Bundle:
    """The bundle, its signature proved. Raises Refused: bundle-damaged."""
    try:
        with ZipFile(path) as archive:
            with archive.open(MANIFEST) as handle:
                manifest = handle.read(LARGEST)
            with archive.open(SIGNATURE) as handle:
                signature = handle.read(KEY + 65)
        signer, proof = signature[:KEY], signature[KEY:]
        if not suite(INTERNATIONAL).verify(signer, b"jiandu bundle\x00" + manifest, proof):
            raise damaged()
        return Bundle(json.loads(manifest), signer.hex(), path)
    except (BadZipFile, KeyError, ValueError, OSError, EOFError, NotImplementedError):
        raise damaged() from None


def own_signer() -> str:
    """The public half of this side's signing key, to be told to the other side."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 -- slow import

    return Ed25519PrivateKey.from_private_bytes(_seed()).public_key().public_bytes_raw().hex()


def _write(path: Path, said: dict[str, Any], places: Iterable[str]) -> None:
    listed = list(places)
    said = {**said, "files": {place: _told(files.folder() / place) for place in listed}}
    manifest = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
    proof = suite(INTERNATIONAL).sign(_seed(), b"jiandu bundle\x00" + manifest)
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as handle:
        with ZipFile(handle, "w", ZIP_STORED) as archive:
            archive.writestr(MANIFEST, manifest)
            archive.writestr(SIGNATURE, bytes.fromhex(own_signer()) + proof)
            for place in listed:
                archive.write(files.folder() / place, f"files/{place}")
        handle.flush()
        os.fsync(handle.fileno())
    part.replace(path)


def _told(path: Path) -> dict[str, Any]:
    with path.open("rb") as handle:
        content = sha256()
        for chunk in iter(lambda: handle.read(2**20), b""):
            content.update(chunk)
    return {"size": path.stat().st_size, "sha256": content.hexdigest()}


def _report(row: Report) -> dict[str, Any]:
    return {
        "uid": str(row.uid),
        "lookup": row.lookup,
        "reply": row.reply,
        "office": str(row.office),
        "through": str(row.through) if row.through else None,
        "side": row.side,
        "on": row.on.isoformat(),
        "content": b64encode(bytes(row.content)).decode(),
        "identity": b64encode(bytes(row.identity)).decode() if row.identity is not None else None,
    }


def report_from(said: dict[str, Any]) -> Report:
    """The row that was told."""
    return Report(
        uid=UUID(said["uid"]),
        lookup=said["lookup"],
        reply=said["reply"],
        office=UUID(said["office"]),
        through=UUID(said["through"]) if said["through"] else None,
        side=Side(said["side"]),
        on=date.fromisoformat(said["on"]),
        content=b64decode(said["content"]),
        identity=b64decode(said["identity"]) if said["identity"] is not None else None,
    )


def _message(row: Message) -> dict[str, Any]:
    return {
        "uid": str(row.uid),
        "report": str(row.report_id),
        "is_answer": row.is_answer,
        "on": row.on.isoformat(),
        "envelope": b64encode(bytes(row.envelope)).decode(),
    }


def message_from(said: dict[str, Any], seq: int) -> Message:
    """The row that was told, in its place on this side."""
    return Message(
        uid=UUID(said["uid"]),
        report_id=UUID(said["report"]),
        seq=seq,
        is_answer=said["is_answer"],
        on=date.fromisoformat(said["on"]),
        envelope=b64decode(said["envelope"]),
    )


def _seed() -> bytes:
    """The signing key of this side, made on first use and readable by its owner alone. It opens nothing."""
    file = keys() / "bundle.key"
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as handle:
            handle.write(os.urandom(KEY))
    return file.read_bytes()
