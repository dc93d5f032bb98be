"""Reads of keys: what to seal to; what a member's key unlocks; who holds what."""

import json
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from jiandu.base.accounts.models import User
from jiandu.base.audit.models import Payload
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.sealing.errors import Unopenable
from jiandu.base.sealing.suites import PrivateKey, PublicKey, unwrap
from jiandu.net.access.models import Grant
from jiandu.net.access.roles import roles
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import in_force
from jiandu.net.vaults.holding import VERBS, Held, Unlocked, may_hold
from jiandu.net.vaults.models import Compartment, EscrowKey, MemberKey, OfficeKey, Wrap

FEWEST = 2  # members of a key in an installation for real work: one may leave
SIZE = 32  # bytes of the private half; the blind-index key follows


def sealing_keys(office: Office, compartment: str) -> list[PublicKey]:
    """What is sealed for this office is sealed to these: its key in force, and escrow.

    Raises Refused: no-office-key; in an installation for real work also no-escrow and too-few-members.
    """
    key = OfficeKey.objects.filter(office=office, compartment=compartment, until__isnull=True).first()
    escrow = EscrowKey.objects.filter(until__isnull=True).first()
    if key is None:
        raise Refused("no-office-key", "“%(name)s”还没有设置密封用的密钥，暂不能接收", name=office.name)
    if not settings.DEMO and escrow is None:
        raise Refused("no-escrow", "还没有登记托管密钥，暂不能接收密封内容")
    if not settings.DEMO and key.wraps.filter(user__is_active=True).count() < FEWEST:
        raise Refused("too-few-members", "“%(name)s”的密钥不足两人持有，暂不能接收", name=office.name)
    return [key.public_key, *([escrow.public_key] if escrow else [])]


def key_ids(office: Office, compartment: str) -> set[bytes]:
    """Of all keys that the office ever had, as envelopes name them."""
    rows = OfficeKey.objects.filter(office=office, compartment=compartment).values_list("key_id", flat=True)
    return {bytes.fromhex(key_id) for key_id in rows}


def member_key(viewer: Viewer) -> MemberKey | None:
    """The viewer's own."""
    guard.check_is_actor(viewer)
    return MemberKey.objects.filter(made_by_id=viewer.user_id or 0).first()


def unlocked_by(viewer: Viewer, member: PrivateKey) -> Unlocked:
    """What the member's private key opens now: wraps that are still there, of offices where his role still lets him.

    Raises Refused (keys-altered) where a wrap is not of the key that it stands beside.
    """
    guard.check_is_actor(viewer)
    rows = Wrap.objects.filter(user_id=viewer.user_id or 0, to_key=member.public.id.hex()).select_related(
        "office_key__office"
    )
    held = {}
    for wrap in rows.order_by("office_key__pk"):
        key = wrap.office_key
        if may_hold(viewer, key.office_id, key.compartment):
            private, blind = _sound(wrap, member)
            held[private.public.id] = Held(key.office_id, key.compartment, key.until is None, private, blind)
    return Unlocked(member, held)


def _sound(wrap: Wrap, member: PrivateKey) -> tuple[PrivateKey, bytes]:
    try:
        return open_wrap(wrap, member)
    except Unopenable as error:
        name = wrap.office_key.office.name
        raise Refused("keys-altered", "“%(name)s”的密钥记录已被改动，请立即报告安全管理员", name=name) from error


def open_wrap(wrap: Wrap, key: PrivateKey) -> tuple[PrivateKey, bytes]:
    """(the office's private key, its blind-index key). Raises Unopenable, also where it is not that office's."""
    said, of = unwrap(bytes(wrap.data), key), wrap.office_key.public_key
    private = PrivateKey(of.suite, said[:SIZE])
    if len(said) != 2 * SIZE or private.public != of:
        raise Unopenable
    return private, said[SIZE:]


def office_keys(viewer: Viewer) -> list[OfficeKey]:
    """The keys in force, each with its members (`members`): for those who hold it, and for the console."""
    guard.check_is_actor(viewer)
    rows = list(OfficeKey.objects.filter(until__isnull=True).select_related("office").order_by("office__path", "pk"))
    return [row for row in rows if viewer.is_system or may_hold(viewer, row.office_id, row.compartment)]


def fingerprints(viewer: Viewer, people: Iterable[User]) -> dict[int, str]:
    """The fingerprint of each one's own key, to be compared with what he sees himself."""
    guard.check_is_actor(viewer)
    with guard.acting(guard.system("个人密钥")):
        rows = MemberKey.objects.filter(made_by__in=[user.pk for user in people])
        return {row.made_by_id: row.fingerprint for row in rows}


def office_key_by_uid(viewer: Viewer, uid: UUID) -> OfficeKey | None:
    """A key in force, for those who may hold it."""
    return next((key for key in office_keys(viewer) if key.uid == uid), None)


def candidates(viewer: Viewer, key: OfficeKey) -> QuerySet[User]:
    """Who could be admitted: in service, with a role for it at the office, with a passphrase, and without it yet."""
    guard.check_is_actor(viewer)
    granted = Grant.objects.filter(in_force(today()), office=key.office_id, role__in=_fit_roles(key.compartment))
    with guard.acting(guard.system("个人密钥")):
        enrolled = list(MemberKey.objects.values_list("made_by_id", flat=True))
    rows = User.objects.filter(is_active=True, pk__in=granted.values("user_id")).filter(pk__in=enrolled)
    return rows.exclude(pk__in=[user.pk for user in members_of(key)]).order_by("name", "pk")


def members_of(key: OfficeKey) -> QuerySet[User]:
    """Who holds a key."""
    return User.objects.filter(pk__in=key.wraps.filter(user__isnull=False).values("user_id")).order_by("name", "pk")


def holders(keys: Iterable[OfficeKey]) -> dict[int, list[User]]:
    """Who holds each of the keys, by the key's pk: one statement."""
    found: dict[int, list[User]] = {key.pk: [] for key in keys}
    rows = Wrap.objects.filter(office_key__in=list(found), user__isnull=False).select_related("user")
    for wrap in rows.order_by("user__name", "pk"):
        if wrap.user is not None:
            found[wrap.office_key_id].append(wrap.user)
    return found


def gone(keys: Iterable[OfficeKey], held_by: dict[int, list[User]]) -> dict[int, list[User]]:
    """Of the holders those whom no role lets hold the key any more, or who are out of service: it should be taken back."""
    keys = list(keys)
    granted = Grant.objects.filter(in_force(today()), office__in=[key.office_id for key in keys])
    held = {(user_id, office_id, role) for user_id, office_id, role in granted.values_list("user", "office", "role")}
    found: dict[int, list[User]] = {}
    for key in keys:
        fit = _fit_roles(key.compartment)
        able = {user_id for user_id, office_id, role in held if office_id == key.office_id and role in fit}
        found[key.pk] = [user for user in held_by.get(key.pk, []) if user.pk not in able or not user.is_active]
    return found


def short_of_holders(viewer: Viewer) -> list[OfficeKey]:
    """Keys in force that fewer than two people can still open: with the next who leaves, what is sealed to them is lost."""
    keys = office_keys(viewer)
    held = holders(keys)
    left = gone(keys, held)
    return [key for key in keys if len(held[key.pk]) - len(left[key.pk]) < FEWEST]


def _fit_roles(compartment: str) -> frozenset[str]:
    """The roles that may hold a key of this compartment."""
    verb = VERBS[Compartment(compartment)]
    return frozenset(role.key for role in roles().values() if role.may(verb, "office_key"))


def keys_not_in_escrow(unlocked: Unlocked) -> list[OfficeKey]:
    """Which of the keys in my hands the escrow key in force does not hold."""
    escrow = escrow_in_force()
    if escrow is None:
        return []
    given = Wrap.objects.filter(escrow=escrow).values("office_key_id")
    rows = OfficeKey.objects.filter(key_id__in=[key_id.hex() for key_id in unlocked.held]).exclude(pk__in=given)
    return list(rows.select_related("office").order_by("pk"))


def logged_keys(viewer: Viewer) -> set[str]:
    """The ids of keys that the log knows as made here: one put into the table by hand is not among them."""
    guard.check_is_actor(viewer)
    bodies = Payload.objects.filter(entry__verb__in=["key.make", "key.rotate"]).values_list("body", flat=True)
    return {str(json.loads(body).get("key")) for body in bodies if body}


def escrow_in_force() -> EscrowKey | None:
    """The public half of the newest escrow pair."""
    return EscrowKey.objects.filter(until__isnull=True).first()
