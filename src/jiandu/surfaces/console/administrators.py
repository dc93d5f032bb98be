"""administrators: the first accounts of an installation. Everything else is opened by them, on the desk."""

import argparse
import secrets
from dataclasses import dataclass

from django.db import transaction

from jiandu.base.accounts.models import User
from jiandu.base.accounts.passwords import weaknesses
from jiandu.base.accounts.selectors import account_named
from jiandu.base.accounts.services import open_account, reset_factors, set_password
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.access.roles import roles
from jiandu.net.access.selectors import holders_of
from jiandu.net.access.services import NewGrant, grant_role
from jiandu.surfaces.console.output import answer

#: Without letters and digits that are mistaken for each other when copied from paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-+="
LENGTH = 16


@dataclass(frozen=True)
class Opened:
    """An account and the password that its owner must change at the first sign-in."""

    username: str
    role: str
    password: str


def administrators(args: argparse.Namespace) -> int:
    """Opens an account for each of the three administrators that nobody holds; with --renew gives one a new password.

    Whoever may run this owns the data folder anyway. The passwords are shown once and stored nowhere in clear.
    """
    with transaction.atomic(), guard.acting(guard.system("administrators")) as by:
        opened = [_renewed(args.renew, by)] if args.renew else _missing(by)
    data = {"accounts": [vars(one) for one in opened]}
    lines = [f"{one.username}  {one.password}  ({roles()[one.role].zh} · {roles()[one.role].en})" for one in opened]
    tail = "密码只显示这一次,首次登录须更改 · shown once, to be changed at the first sign-in"
    none = "三类管理员均已有账户 · each of the three administrators has an account"
    answer(data, [*lines, tail] if lines else [none], as_json=args.json)
    return 0


def _missing(by: Viewer) -> list[Opened]:
    return [_opened(role.key, by) for role in roles().values() if role.separated and not holders_of(role.key)]


def _opened(role: str, by: Viewer) -> Opened:
    username = role.replace("_", "-")
    password = _password(User(username=username))
    user = open_account(username=username, name=roles()[role].zh, password=password, by=by)
    grant_role(new=NewGrant(user=user, role=role, since=today()), by=by)
    return Opened(username, role, password)


def _renewed(username: str, by: Viewer) -> Opened:
    """For an administrator who is locked out. Nobody else: officers' passwords are the security administrator's business."""
    user = account_named(username)
    held = [role.key for role in roles().values() if role.separated and user in holders_of(role.key)]
    if user is None or not held:
        raise Refused("not-administrator", "没有这个管理员账户:%(name)s", name=username)
    password = _password(user)
    set_password(user=user, password=password, by=by)
    reset_factors(user=user, by=by)
    return Opened(user.username, held[0], password)


def _password(user: User) -> str:
    while True:
        password = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if not weaknesses(password, user):
            return password
