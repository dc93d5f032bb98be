"""bundle export, bundle import: sealed reports, answers and notices between two installations, by file."""

import argparse
from contextlib import nullcontext
from pathlib import Path

from django.conf import settings
from django.db import connection

from jiandu.base.core.errors import Refused
from jiandu.base.core.vendor.ownership import as_owner
from jiandu.base.intake.bundles import own_signer, write_inward, write_outward
from jiandu.base.intake.services.crossing import take_bundle
from jiandu.base.intake.signers import From, trust
from jiandu.sources.petitions.intake import take_in_all
from jiandu.surfaces.console.output import answer


def export(args: argparse.Namespace) -> int:
    """On the public side what waits for the inside; inside the answers and notices, or with --up what is the superior's."""
    path = Path(args.file)
    is_public = settings.SURFACES == "public"
    count = write_inward(path, superior_only=args.up) if is_public or args.up else write_outward(path)
    said = {"file": args.file, "count": count, "signer": own_signer()}
    answer(said, [f"已写入 · written: {args.file} ({count})", f"签名 · signer  {said['signer']}"], as_json=args.json)
    return 0


def take(args: argparse.Namespace) -> int:
    """Takes a bundle in; inside, reports become petitions at once. --trust notes the signer of the other side first, --as where it stands."""
    if not Path(args.file).is_file():
        raise Refused("no-file", "没有这个文件:%(name)s", name=args.file)
    if args.trust:
        trust(args.trust, From(args.direction) if args.direction else None)
    is_public = settings.SURFACES == "public"
    if is_public and connection.vendor == "postgresql" and not settings.DATABASE_OWNER:
        raise Refused("owner-needed", "对外一侧的数据包须以数据表所有者的身份导入，请设置JIANDU_DATABASE_OWNER_FILE")
    with as_owner() if is_public else nullcontext():  # the server's own role changes no notice
        kind, count = take_bundle(path=Path(args.file))
    taken = 0 if is_public else take_in_all()
    answer(
        {"kind": kind, "new": count, "taken_in": taken},
        [f"已导入 · imported: {kind}, {count}; 转入信访件 · petitions {taken}"],
        as_json=args.json,
    )
    return 0
