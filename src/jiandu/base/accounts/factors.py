"""Codes of second factors, each good once: a time code is taken only if it is later than the last one taken (RFC 6238
§5.2), a recovery code is struck off. The row is locked, so that of two parallel tries with one code one wins.
"""

import logging
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db.transaction import atomic
from django.utils.crypto import constant_time_compare

from jiandu.base.accounts.models import User
from jiandu.base.accounts.seeds import Unsealable, unseal

log = logging.getLogger(__name__)
PERIOD = 30  # seconds
TOLERANCE = 1  # periods by which a phone's clock may be off
LAST = "last_counter"
STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_factor(user: User) -> bool:
    """Whether the user has set a second factor up; recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=STRONG).exists())


def strong_factors(user: User) -> int:
    return int(Authenticator.objects.filter(user_id=user.pk, type__in=STRONG).count())


@atomic
def use_code(user: User, code: str) -> Any:
    """The authenticator that takes this code, now used up; None when none does."""
    digits = "".join(code.split()).replace("-", "")
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
    for row in Authenticator.objects.select_for_update().filter(user_id=user.pk, type__in=kinds).order_by("type"):
        if _takes(row, digits):
            row.refresh_from_db()
            return row
    return None


def _takes(row: Any, code: str) -> bool:
    try:
        return (
            _use_time_code(row, code) if row.type == Authenticator.Type.TOTP else bool(row.wrap().validate_code(code))
        )
    except Unsealable:
        log.exception("second factor of account %s cannot be read: reset it", row.user_id)
        return False


def counter_of(secret: str, code: str) -> int | None:
    """Which period around now the code belongs to, None when to none."""
    present = int(time.time()) // PERIOD
    fitting = [
        counter
        for counter in range(present - TOLERANCE, present + TOLERANCE + 1)
        if constant_time_compare(format_hotp_value(hotp_value(secret, counter)), code)
    ]
    return fitting[-1] if fitting else None


def burn(user: User, counter: int) -> None:
    """The code that proved a new authenticator is not good for a sign-in as well."""
    row = Authenticator.objects.get(user_id=user.pk, type=Authenticator.Type.TOTP)
    row.data[LAST] = counter
    row.save(update_fields=["data"])


def _use_time_code(row: Any, code: str) -> bool:
    counter = counter_of(unseal(row.data["secret"]), code)
    if counter is None or counter <= row.data.get(LAST, -1):
        return False
    row.data[LAST] = counter
    row.save(update_fields=["data"])
    return True
