"""Whose bundles are taken, and from which direction: what comes up from below says nothing of what has gone, and what comes down brings no report.

`keys/bundle.trusted` holds a signer and its direction a line. A line of an older installation names none: it is learnt from
the first bundle, in the direction that harms nothing on this side, and else has to be named.
"""

import os
from enum import StrEnum
from pathlib import Path

from django.conf import settings

from jiandu.base.core.errors import Refused

INWARD, OUTWARD = "inward", "outward"
KEY = 32


class From(StrEnum):
    """Where a signer stands."""

    BELOW = "below"  # the portal's machine, a lower house: reports come from there
    HOUSE = "house"  # the inside of this public side: answers, receipts and notices come from there
    ABOVE = "above"  # the superior: answers and receipts, and no notice of ours


KIND = {From.BELOW: INWARD, From.HOUSE: OUTWARD, From.ABOVE: OUTWARD}


def keys() -> Path:
    """The folder of what this side signs with and whom it trusts."""
    folder = Path(settings.DATA) / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def trusted() -> dict[str, From | None]:
    """Whose bundles are taken, each with where it stands, if that was said."""
    file = keys() / "bundle.trusted"
    lines = [line.split() for line in file.read_text(encoding="ascii").splitlines()] if file.exists() else []
    return {line[0]: From(line[1]) if len(line) > 1 else None for line in lines if line}


def trust(signer: str, direction: From | None = None) -> None:
    """From now on bundles of this signer are taken, in one direction: what was said before, or what such a side has. Raises Refused (bad-signer)."""
    if len(signer) != 2 * KEY or not set(signer) <= set("0123456789abcdef"):
        raise Refused("bad-signer", "签名公钥应为64个十六进制字符")
    _note(signer, direction or trusted().get(signer) or (From.HOUSE if _is_public() else From.BELOW))


def check_direction(signer: str, kind: object) -> From:
    """Where the signer of a bundle of this kind stands. Raises Refused: unknown-signer, unknown-kind, wrong-direction."""
    known = trusted()
    if signer not in known:
        raise Refused("unknown-signer", "数据包由未登记的一方签名:%(signer)s", signer=signer)
    if kind not in (INWARD, OUTWARD):
        raise Refused("unknown-kind", "数据包的种类不明，没有导入任何内容")
    direction = known[signer] or _learnt(str(kind), known)
    if direction is None or KIND[direction] != kind:
        raise Refused(
            "wrong-direction",
            "数据包方向不符:%(signer)s没有登记为%(kind)s数据包的来源，没有导入任何内容。来自互联网侧的，请勿放行并立即报告；确系上级的，电话核实后用--trust和--as登记",
            kind=kind,
            signer=signer,
        )
    if known[signer] is None:
        _note(signer, direction)
    return direction


def _learnt(kind: str, known: dict[str, From | None]) -> From | None:
    """Where somebody stands of whom nobody said it. Only a side that keeps nothing of its own hears so from above: elsewhere its words empty reports."""
    if kind == INWARD:
        return None if _is_public() else From.BELOW
    if not _is_public():
        return None
    return From.ABOVE if From.HOUSE in known.values() else From.HOUSE


def _is_public() -> bool:
    return bool(settings.SURFACES == "public")


def _note(signer: str, direction: From) -> None:
    lines = {name: f"{name} {one}" if one else name for name, one in trusted().items()}
    lines[signer] = f"{signer} {direction}"
    part = keys() / "bundle.trusted.part"
    with part.open("w", encoding="ascii") as handle:
        handle.write("".join(f"{line}\n" for _name, line in sorted(lines.items())))
        handle.flush()
        os.fsync(handle.fileno())
    part.replace(keys() / "bundle.trusted")
