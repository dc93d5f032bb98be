"""keys: the escrow pair and its three papers; keys of offices made, listed, rotated, recovered.

Passphrases and shares are asked for or read from standard input, one a line: never arguments, which other users of the
machine see.
"""

import argparse
import getpass
import sys
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction

from jiandu.base.accounts.models import User
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.sealing.keyring import keyring_file
from jiandu.base.sealing.shares import NEEDED, read_share, split
from jiandu.base.sealing.suites import PrivateKey, PublicKey, suite
from jiandu.net.access.selectors import account_named
from jiandu.net.access.standing import viewer_of
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.selectors import find_office
from jiandu.net.vaults import selectors, services
from jiandu.net.vaults.unlocking import unlock
from jiandu.surfaces.console.output import aligned, answer

WHERE = "三份分片分别交三处保管,任意两份可恢复,一份无用;写下后清屏 · three shares for three keepers: any two recover, one is useless; clear the screen"


def escrow(args: argparse.Namespace) -> int:
    """Makes a pair, on a machine without network, and shows it once; with --register notes the public half on the server."""
    if args.register:
        with transaction.atomic(), guard.acting(guard.system("keys")) as by:
            row = services.register_escrow(public=_public(args.register), by=by)
        answer({"key": row.key_id}, [f"已登记托管密钥 · registered: {row.fingerprint}"], as_json=args.json)
        return 0
    key = PrivateKey.new(settings.SEALING_SUITE)
    shares = [share.text for share in split(key)]
    lines = [f"公钥 · public  {key.public.text}", f"指纹 · fingerprint  {key.public.fingerprint}", *shares, WHERE]
    answer({"public": key.public.text, "shares": shares}, lines, as_json=args.json)
    return 0


def make(args: argparse.Namespace) -> int:
    """The first key of an office for a compartment."""
    with transaction.atomic(), guard.acting(guard.system("keys")) as by:
        members = _people(args.members, by)
        row = services.make_office_key(
            office=_office(args.office, by), compartment=args.compartment, members=members, by=by
        )
    answer({"key": row.key_id}, [f"已启用 · made: {row}  {row.fingerprint}"], as_json=args.json)
    return 0


def listed(args: argparse.Namespace) -> int:
    """Every key in force, who holds it, whether two can open it, and whether the log knows it.

    A key put into the table by hand has no entry. Exit 2 for one of either kind; the demo may have one holder.
    """
    suite(settings.SEALING_SUITE)  # says what is wrong with it
    with transaction.atomic(), guard.acting(guard.system("keys")) as by:
        keys = selectors.office_keys(by)
        held, known = selectors.holders(keys), selectors.logged_keys(by)
        kept, short = selectors.escrow_in_force(), {key.pk for key in selectors.short_of_holders(by)}
        rows = [
            {
                "office": key.office.name,
                "compartment": str(key.get_compartment_display()),
                "key": key.key_id,
                "since": key.since,
                "holders": [user.username for user in held[key.pk]],
                "is_logged": key.key_id in known,
                "is_short": key.pk in short,
            }
            for key in keys
        ]
    found = {"escrow": kept.key_id if kept else None, "keys": rows}
    answer(found, _lines(found), as_json=args.json)
    return 0 if all(row["is_logged"] and (settings.DEMO or not row["is_short"]) for row in rows) else 2


def _lines(found: dict[str, Any]) -> list[str]:
    rows = found["keys"]
    table: list[tuple[str, ...]] = [
        (
            row["office"],
            row["compartment"],
            row["key"][:16],
            str(row["since"]),
            "✓" if row["is_logged"] else "日志中没有这一密钥 · not in the log",
            " ".join([*row["holders"], *(["不足两人 · fewer than two"] if row["is_short"] else [])]),
        )
        for row in rows
    ]
    head = f"托管密钥 · escrow: {found['escrow'] or '未登记 · none'}"
    return [head, *(aligned(table) if table else ["没有机构密钥 · no key of an office"])]


def rotate(args: argparse.Namespace) -> int:
    """A new key for the same members, by one of them with his passphrase; everything is sealed anew."""
    user = _people([args.by], guard.system("keys"))[0]
    with guard.acting(viewer_of(user)) as by:
        opened = unlock(by, _asked("解锁口令 · unlock passphrase: "))
        with transaction.atomic():
            place = {"office": _office(args.office, by), "compartment": args.compartment}
            row, count = services.rotate(unlocked=opened, by=by, **place)
    words = f"已更换,重新密封{count}件 · rotated, {count} sealed anew: {row.fingerprint}"
    answer({"key": row.key_id, "sealed_anew": count}, [words], as_json=args.json)
    return 0


def recover(args: argparse.Namespace) -> int:
    """With two of the three papers, for members who have set new passphrases."""
    shares = [read_share(_asked(f"分片{number} · share {number}: ")) for number in range(1, NEEDED + 1)]
    with transaction.atomic(), guard.acting(guard.system("keys")) as by:
        members = _people(args.members, by)
        place = {"office": _office(args.office, by), "compartment": args.compartment}
        row = services.recover(shares=shares, members=members, by=by, **place)
    tail = "托管密钥已在本机出现过,请另制一份并更换机构密钥 · make a new escrow pair, then rotate"
    answer({"key": row.key_id}, [f"已恢复 · recovered: {row}", tail], as_json=args.json)
    return 0


def columns(args: argparse.Namespace) -> int:
    """A new key of encrypted columns: what is written from now on is under it, what was written before stays readable."""
    with transaction.atomic(), guard.acting(guard.system("keys")) as by:
        number = services.renew_keyring(by=by)
    words = (
        f"已新增第{number}把字段密钥,请另存 {keyring_file()} · key {number} added: keep a copy apart from the database"
    )
    answer({"key": number}, [words], as_json=args.json)
    return 0


def _public(text: str) -> PublicKey:
    try:
        return PublicKey.read(text)
    except ValueError as error:
        raise Refused("not-public-key", "不是公钥，请从“公钥”一行完整抄入") from error


def _office(name: str, by: Viewer) -> Office:
    found = find_office(by, name)
    if found is None:
        raise Refused("no-office", "没有这个机构：%(name)s", name=name)
    return found


def _people(usernames: Iterable[str], by: Viewer) -> list[User]:
    with guard.acting(by):
        found = {name: account_named(by, name) for name in usernames}
    for name, user in found.items():
        if user is None:
            raise Refused("no-account", "没有这个账户：%(name)s", name=name)
    return [user for user in found.values() if user is not None]


def _asked(words: str) -> str:
    """Typed unseen at a terminal, else the next line of standard input."""
    return getpass.getpass(words) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
