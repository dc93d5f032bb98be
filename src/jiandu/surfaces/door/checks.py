"""The start-up gate: an installation for real work starts only when each of these holds. Exit 78 (EX_CONFIG), with code,
reason and remedy in both languages.

`Situation` is what is judged, so that each condition can be broken alone in a test; `gate()` is called by whatever
serves or works; those conditions that need no database are Django system checks as well.
"""

import os
import stat
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError
from django.db.transaction import atomic

from jiandu.base.accounts.selectors import unfit_accounts
from jiandu.base.core import guard
from jiandu.base.core.vendor.row_security import gaps
from jiandu.base.sealing.errors import Missing
from jiandu.base.sealing.keyring import keyring_file
from jiandu.base.sealing.suites import suite
from jiandu.net.access.models import Assignment
from jiandu.net.vaults.selectors import escrow_in_force, office_keys, short_of_holders
from jiandu.surfaces.door.demo import is_loopback
from jiandu.surfaces.door.middleware import headers_are_first

EX_CONFIG = 78
SHORTEST_KEY, FEWEST_LETTERS = 50, 10
PLACEHOLDERS = ("insecure", "secret", "change", "example", "password")
OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Situation:
    """What the settings, the environment, the data folder and the table of accounts say."""

    profile: str
    secret_key: str
    is_key_given: bool
    hosts: tuple[str, ...]
    https: bool
    mfa_required: bool
    debug: bool
    headers_first: bool
    mode: int | None  # of the data folder; None when there is none
    unfit: tuple[str, ...] | None = ()  # accounts that nobody should have; None: there is no table of accounts
    gaps: tuple[str, ...] = ()  # in row-level security
    sealing: tuple[str, ...] = ()  # what is wrong with the cryptography, or with the keyring of encrypted columns
    short: tuple[str, ...] = ()  # keys of offices that fewer than two people can open
    has_escrow: bool = True  # or no office has a key

    @property
    def is_demo(self) -> bool:
        return self.profile == "demo"


@dataclass(frozen=True)
class Problem:
    """Why an installation must not start, and what to do."""

    code: str
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str

    def lines(self) -> str:
        return f"{self.code} {self.zh} · {self.en}\n      → {self.remedy_zh} · {self.remedy_en}"


Test = Callable[[Situation], bool]
DEMO_HOSTS = Problem(
    "door.E001",
    "演示环境只能在本机使用",
    "the demo profile serves this machine only",
    "JIANDU_HOSTS 只写 127.0.0.1、localhost,正式使用请设 JIANDU_PROFILE=office",
    "name only loopback hosts in JIANDU_HOSTS; for real work set JIANDU_PROFILE=office",
)
#: Said at the start and no reason to stay away: the desk is where a colleague is admitted. Until then nothing is sealed to it.
FEW_HOLDERS = Problem(
    "door.W001",
    "机构密钥能打开的人不足两人,暂不接收密封内容",
    "fewer than two people can open these keys of offices: nothing more is sealed to them",
    "由持有人在“密钥”页授予一名同事,或用两份分片 ./jiandu keys recover",
    "a holder admits a colleague on the page of keys, or ./jiandu keys recover with two shares",
)
NO_ESCROW = Problem(
    "door.W002",
    "没有登记托管密钥,暂不接收密封内容",
    "no escrow key is registered: nothing is sealed to an office",
    "在不联网的机器上 ./jiandu keys escrow,再 ./jiandu keys escrow --register 公钥",
    "./jiandu keys escrow on a machine without network, then ./jiandu keys escrow --register PUBLIC",
)
CONDITIONS: tuple[tuple[Test, Problem], ...] = (
    (
        lambda now: now.profile in {"demo", "office"},
        Problem(
            "door.E002",
            "未知的运行方式",
            "unknown profile",
            "JIANDU_PROFILE 写 demo 或 office",
            "set JIANDU_PROFILE to demo or office",
        ),
    ),
    (
        lambda now: now.is_key_given and _is_strong(now.secret_key),
        Problem(
            "door.E003",
            "没有给出可靠的会话密钥",
            "no strong secret key is given",
            "用 JIANDU_SECRET_KEY_FILE 指向一个存有50个以上随机字符的文件",
            "point JIANDU_SECRET_KEY_FILE at a file with 50 or more random characters",
        ),
    ),
    (
        lambda now: bool(now.hosts) and not any(_is_vague(host) for host in now.hosts),
        Problem(
            "door.E004",
            "没有写明主机名",
            "the host names are not named",
            "JIANDU_HOSTS 写明网址中的主机名,不用通配符",
            "name each host in JIANDU_HOSTS, without wildcards",
        ),
    ),
    (
        lambda now: now.https,
        Problem("door.E005", "没有启用 HTTPS", "HTTPS is off", "设 JIANDU_HTTPS=1", "set JIANDU_HTTPS=1"),
    ),
    (
        lambda now: now.mfa_required,
        Problem(
            "door.E006",
            "没有要求双因素验证",
            "a second factor is not required",
            "去掉 JIANDU_MFA_REQUIRED=0",
            "remove JIANDU_MFA_REQUIRED=0",
        ),
    ),
    (
        lambda now: not now.debug,
        Problem("door.E007", "调试方式未关闭", "DEBUG is on", "设 DEBUG = False", "set DEBUG = False"),
    ),
    (
        lambda now: now.mode is not None and not now.mode & OTHERS,
        Problem(
            "door.E008",
            "数据目录不存在或他人可读",
            "the data folder is missing or open to others",
            "chmod 700 数据目录",
            "chmod 700 the data folder",
        ),
    ),
    (
        lambda now: now.unfit is not None,
        Problem(
            "door.E011",
            "数据库还没有建立",
            "the database has not been set up",
            "先运行 ./jiandu init",
            "run ./jiandu init first",
        ),
    ),
    (
        lambda now: not now.unfit,
        Problem(
            "door.E009",
            "存在演示账户或弱散列的密码",
            "there are demo accounts, or passwords not hashed by Argon2id",
            "停用这些账户或重设密码",
            "disable these accounts or reset their passwords",
        ),
    ),
    (
        lambda now: not now.gaps,
        Problem(
            "door.E012",
            "数据库账户权限过大,或表上缺少行级安全策略",
            "the database role has too much power, or tables lack their row-level security",
            "JIANDU_DATABASE 用不拥有表的账户,并用所有者账户运行一次 ./jiandu init",
            "name a role that owns nothing in JIANDU_DATABASE, and run ./jiandu init once with the owner's address",
        ),
    ),
    (
        lambda now: not now.sealing,
        Problem(
            "door.E013",
            "密码算法或字段密钥文件不可用",
            "the cryptography or the keyring of encrypted columns is not fit",
            "核对 JIANDU_SEALING_SUITE 与已装的算法库;字段密钥文件 chmod 400",
            "check JIANDU_SEALING_SUITE and its library; chmod 400 the keyring",
        ),
    ),
    (
        lambda now: now.headers_first,
        Problem(
            "door.E010",
            "安全响应头未启用",
            "the security headers are not on every answer",
            "HeadersMiddleware 应为 MIDDLEWARE 的第一项",
            "make HeadersMiddleware the first of MIDDLEWARE",
        ),
    ),
)


def problems(now: Situation) -> list[Problem]:
    """What keeps this installation from starting; the demo needs nothing but to stay on this machine."""
    if now.is_demo:
        return [] if all(is_loopback(host) for host in now.hosts) else [DEMO_HOSTS]
    return [_named(problem, now) for holds, problem in CONDITIONS if not holds(now)]


def warnings(now: Situation) -> list[Problem]:
    """What should not stay as it is, though the installation starts. The demo has keys of its own."""
    if now.is_demo:
        return []
    return [*([_named(FEW_HOLDERS, now)] if now.short else []), *([] if now.has_escrow else [NO_ESCROW])]


def situation(*, with_accounts: bool) -> Situation:
    """The situation of this process; asking for accounts needs the database."""
    folder = Path(settings.DATA)
    is_asked = with_accounts and settings.PROFILE != "demo"
    short, has_escrow = _keys() if is_asked else ((), True)
    return Situation(
        profile=settings.PROFILE,
        secret_key=settings.SECRET_KEY,
        is_key_given=any(os.environ.get(name) for name in ("JIANDU_SECRET_KEY", "JIANDU_SECRET_KEY_FILE")),
        hosts=tuple(settings.ALLOWED_HOSTS),
        https=settings.HTTPS,
        mfa_required=settings.MFA_REQUIRED,
        debug=settings.DEBUG,
        headers_first=headers_are_first(),
        mode=stat.S_IMODE(folder.stat().st_mode) if folder.is_dir() else None,
        unfit=_unfit() if is_asked else (),
        sealing=_sealing() if settings.PROFILE != "demo" else (),
        gaps=tuple(gaps(Assignment._meta.db_table)) if is_asked else (),
        short=short,
        has_escrow=has_escrow,
    )


def _sealing() -> tuple[str, ...]:
    """The suite of new keys answers its known vectors; the keyring, where there is one, is closed to others."""
    wrong = []
    try:
        suite(settings.SEALING_SUITE)
    except Missing as missing:
        wrong.append(str(missing))
    file = keyring_file()
    if file.exists() and stat.S_IMODE(file.stat().st_mode) & (OTHERS | stat.S_IWUSR):
        wrong.append(f"{file} {stat.filemode(file.stat().st_mode)}")
    return tuple(wrong)


def _unfit() -> tuple[str, ...] | None:
    try:
        return tuple(unfit_accounts())
    except DatabaseError:
        return None


def _keys() -> tuple[tuple[str, ...], bool]:
    """(keys that fewer than two people can open; whether there is escrow, or nothing that needs it)."""
    try:
        with atomic(), guard.acting(guard.system("keys")) as by:
            short = tuple(f"{key.office.name}({key.get_compartment_display()})" for key in short_of_holders(by))
            return short, escrow_in_force() is not None or not office_keys(by)
    except DatabaseError:
        return (), True


def gate(now: Situation | None = None) -> None:
    """Raises SystemExit(78) after saying on standard error what is wrong; returns when nothing is, with its warnings said."""
    now = now or situation(with_accounts=True)
    found = problems(now)
    if not found:
        sys.stderr.writelines(f"  {problem.lines()}\n" for problem in warnings(now))
        return
    sys.stderr.write("监督网不能启动 · jiandu does not start\n")
    sys.stderr.writelines(f"  {problem.lines()}\n" for problem in found)
    raise SystemExit(EX_CONFIG)


def register_all() -> None:
    """Makes the conditions that need no database part of Django's checks."""
    register(_system_check, Tags.security)


def _system_check(app_configs: Any, **_: Any) -> Iterable[CheckMessage]:
    return [
        Error(f"{problem.zh} · {problem.en}", hint=f"{problem.remedy_zh} · {problem.remedy_en}", id=problem.code)
        for problem in problems(situation(with_accounts=False))
    ]


def _named(problem: Problem, now: Situation) -> Problem:
    """With the accounts or tables in question."""
    about = {"door.E009": now.unfit or (), "door.E012": now.gaps, "door.E013": now.sealing, "door.W001": now.short}
    if problem.code not in about:
        return problem
    names = "、".join(about[problem.code][:10])
    return replace(problem, zh=f"{problem.zh}:{names}", en=f"{problem.en}: {names}")


def _is_strong(key: str) -> bool:
    lowered = key.lower()
    is_random = len(key) >= SHORTEST_KEY and len(set(key)) >= FEWEST_LETTERS
    return is_random and not any(word in lowered for word in PLACEHOLDERS)


def _is_vague(host: str) -> bool:
    return "*" in host or host.startswith(".") or host == "testserver"
