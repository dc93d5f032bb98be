"""Step-up: whether the person at the keyboard has just proved who they are. With a second factor only the factor counts."""

import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings

from jiandu.base.accounts.factors import has_factor
from jiandu.base.accounts.models import User


def is_fresh(request: Any) -> bool:
    """Whether the last proof in this session is less than five minutes old (ACCOUNT_REAUTHENTICATION_TIMEOUT)."""
    user = request.user
    if not isinstance(user, User):
        return False
    strong = has_factor(user)
    if not strong and not user.has_usable_password():
        return bool(settings.DEMO)  # nothing to prove with: the one-click accounts of the demo
    kinds = {"mfa"} if strong else {"mfa", "password"}
    proofs = [record["at"] for record in get_authentication_records(request, user) if record["method"] in kinds]
    return bool(proofs) and 0 <= time.time() - max(proofs) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
