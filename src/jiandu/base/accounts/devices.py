"""Which accounts a browser has signed in with: a signed cookie, so that the throttle can tell the owner's browser from
a stranger's. It opens nothing by itself: it is asked only for whose failures are counted together.
"""

from typing import Any

from django.core import signing
from django.utils.crypto import get_random_string

from jiandu.base.accounts.throttle import key

SALT = "jiandu.device"
AGE = 180 * 86400  # seconds
MOST = 6  # accounts of one browser, for a shared desk


def cookie_name(*, https: bool) -> str:
    return "__Host-device" if https else "device"


def known(value: str, username: str) -> str:
    """The mark of this browser for this account, "" when it never signed in with it (or the cookie is not ours)."""
    return _read(value).get(key("account", username), "")


def remember(value: str, username: str) -> str:
    """The cookie after a sign-in: the accounts it held, and this one with a fresh mark unless it has one."""
    marks = _read(value)
    account = key("account", username)
    mark = marks.pop(account, "") or get_random_string(22)
    kept = dict(list(marks.items())[-(MOST - 1) :])
    return signing.dumps({**kept, account: mark}, salt=SALT)


def _read(value: str) -> dict[str, str]:
    try:
        marks: Any = signing.loads(value, salt=SALT, max_age=AGE) if value else {}
    except signing.BadSignature:
        return {}
    return dict(marks) if isinstance(marks, dict) else {}
