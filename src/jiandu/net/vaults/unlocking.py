"""解锁: a passphrase gives what its owner holds. Throttled as sign-in is; every try is logged, never what was typed."""

from django.db.transaction import atomic

from jiandu.base.accounts import throttle
from jiandu.base.audit.services import record
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.sealing.errors import Unopenable
from jiandu.base.sealing.suites import PrivateKey
from jiandu.net.vaults.holding import Unlocked
from jiandu.net.vaults.models import MemberKey
from jiandu.net.vaults.selectors import member_key, unlocked_by
from jiandu.net.vaults.services import open_member_key


def unlock(viewer: Viewer, passphrase: str) -> Unlocked:
    """The viewer's keys. Raises Refused: not-enrolled, wait, wrong-passphrase.

    Deriving takes half a second: it runs outside a transaction, so that nobody waits for it, and a wrong try stays
    counted. Called inside one, a refusal that rolls it back takes the count along.
    """
    private = prove(viewer, passphrase)
    with atomic():
        unlocked = unlocked_by(viewer, private)
        record(viewer, "key.unlock", member_key(viewer), payload={"keys": sorted(key.hex() for key in unlocked.held)})
    return unlocked


def prove(viewer: Viewer, passphrase: str) -> PrivateKey:
    """The member's private key, for the right passphrase. Raises as `unlock`."""
    with atomic():
        row = member_key(viewer)
    if row is None:
        raise Refused("not-enrolled", "请先设置解锁口令")
    own = throttle.key("unlock", str(viewer.user_id))
    attempt = throttle.begin((throttle.Meter(own, own),))
    try:
        private = open_member_key(row, passphrase)
    except Unopenable as error:
        _refused(viewer, row, attempt.failures)
        raise Refused("wrong-passphrase", "解锁口令不对") from error
    throttle.passed(attempt)
    return private


@atomic
def _refused(viewer: Viewer, row: MemberKey, failures: int) -> None:
    record(viewer, "key.unlock", row, payload={"failures": failures}, outcome="refused")
