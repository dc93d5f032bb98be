"""keys publish-out, publish-in: public halves go out of the inside as a file; the public side seals to what the files say."""

import argparse
import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.intake.models import Rank
from jiandu.base.intake.services.keys import NewKeys, publish_keys
from jiandu.base.sealing.suites import PublicKey
from jiandu.net.overseers.selectors import find_office
from jiandu.net.vaults.models import Compartment
from jiandu.net.vaults.selectors import sealing_keys
from jiandu.surfaces.console.output import answer


def publish_out(args: argparse.Namespace) -> int:
    """Writes the public keys of offices, escrow among them, to a file. Raises Refused as sealing_keys does, and unknown-rank."""
    wrong = sorted({*args.ranks} - {*Rank.values})
    if wrong:
        raise Refused("unknown-rank", "没有这种职级:%(names)s", names=" ".join(wrong))
    with transaction.atomic(), guard.acting(guard.system("keys")) as by:
        rows = [_row(name, args, by) for name in args.offices]
    Path(args.out).write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    lines = [f"{row['name']}  {_fingerprint(row['content'][0])}" for row in rows]
    answer({"offices": rows}, [f"已写入 · written: {args.out}", *lines], as_json=args.json)
    return 0


def publish_in(args: argparse.Namespace) -> int:
    """From now on reports are sealed to the keys in these files and to no others. Raises Refused: bad-key-file, no-keys, bad-key, same-key."""
    keys = [key for name in args.files for key in _read(Path(name))]
    count = publish_keys(keys=keys)
    lines = [f"{key.name}  {key.side}  {' '.join(key.ranks) or '–'}  {_fingerprint(key.content[0])}" for key in keys]
    answer({"offices": count}, [f"已公布 · published: {count}", *lines], as_json=args.json)
    return 0


def _row(name: str, args: argparse.Namespace, by: Viewer) -> dict[str, Any]:
    office = find_office(by, name)
    if office is None:
        raise Refused("no-office", "没有这个机构:%(name)s", name=name)
    public = {one.value: [key.text for key in sealing_keys(office, one)] for one in Compartment}
    return {"office": str(office.uid), "name": office.name, "side": args.side, "ranks": args.ranks, **public}


def _read(path: Path) -> list[NewKeys]:
    try:
        return [
            NewKeys(
                UUID(row["office"]),
                str(row["name"])[:128],
                {"own": "own", "superior": "superior"}[row["side"]],
                tuple(map(str, row["content"])),
                tuple(map(str, row["identity"])),
                tuple(Rank(rank).value for rank in row["ranks"]),
            )
            for row in json.loads(path.read_text(encoding="utf-8"))
        ]
    except (OSError, ValueError, KeyError, TypeError):
        raise Refused("bad-key-file", "密钥文件不可读或者内容有误:%(name)s", name=path.name) from None


def _fingerprint(public: str) -> str:
    """For two people to compare, here and on the public side."""
    return PublicKey.read(public).fingerprint
