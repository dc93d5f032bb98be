"""Verbs of keys: a member's pair and passphrase; the pair of an office, who is admitted to it, who leaves; escrow.

Who leaves had the key in hand: so it is rotated, what was sealed to it is sealed anew, and the old one opens none of it.
"""

import secrets
from collections.abc import Iterable, Sequence
from hmac import compare_digest

from django.conf import settings
from django.db.transaction import atomic

from jiandu.base.accounts.models import User
from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.sealing.keyring import add_key
from jiandu.base.sealing.shares import Share, join
from jiandu.base.sealing.suites import PrivateKey, PublicKey, suite, wrap
from jiandu.net.access.standing import viewer_of
from jiandu.net.overseers.models import Office
from jiandu.net.vaults import passphrases
from jiandu.net.vaults.holding import Held, Unlocked, may_hold
from jiandu.net.vaults.models import Compartment, EscrowKey, MemberKey, OfficeKey, Wrap
from jiandu.net.vaults.passphrases import Cost
from jiandu.net.vaults.resealing import reseal
from jiandu.net.vaults.selectors import FEWEST, SIZE, escrow_in_force, keys_not_in_escrow, members_of, open_wrap

IN_FORCE = True


@atomic
def enrol(*, user: User, passphrase: str, by: Viewer, anew: bool = False) -> MemberKey:
    """设置解锁口令: the person's own pair. `anew` when the passphrase is lost: all wraps go, a colleague admits him again."""
    if not by.is_system and by.user_id != user.pk:
        raise Refused("not-allowed", "只能为本人设置解锁口令")
    with guard.acting(guard.system("个人密钥")):
        held = MemberKey.objects.select_for_update().filter(made_by=user).first()
        if held is not None and not anew:
            raise Refused("already-enrolled", "已经设置过解锁口令")
        passphrases.check(passphrase, user)
        row = held or MemberKey(made_by=user)
        lost = Wrap.objects.filter(user=user).delete()[0] if held else 0
        _lock(row, PrivateKey.new(settings.SEALING_SUITE), passphrase)
        row.save()
    record(by, "key.enrol", user, payload={"user": user.username, "key": row.key_id, "anew": anew, "wraps_gone": lost})
    return row


@atomic
def change_passphrase(*, member: PrivateKey, passphrase: str, by: Viewer) -> MemberKey:
    """The same pair under another passphrase. The surface has unlocked the pair with the present one."""
    row = MemberKey.objects.select_for_update().filter(made_by_id=by.user_id or 0).first()
    if row is None or row.key_id != member.public.id.hex():
        raise Refused("not-enrolled", "请先设置解锁口令")
    passphrases.check(passphrase, row.made_by)
    _lock(row, member, passphrase)
    row.save()
    record(by, "key.passphrase", row, payload={"key": row.key_id})
    return row


def _lock(row: MemberKey, key: PrivateKey, passphrase: str) -> None:
    cost = passphrases.usual_cost()
    row.public, row.key_id = key.public.text, key.public.id.hex()
    row.locked, row.ops, row.memory = passphrases.lock(key, passphrase, cost), cost.ops, cost.memory


def open_member_key(row: MemberKey, passphrase: str) -> PrivateKey:
    """The private half. Raises Unopenable for a wrong passphrase."""
    return passphrases.unlock(bytes(row.locked), passphrase, Cost(row.ops, row.memory), row.public_key)


@atomic
def make_office_key(*, office: Office, compartment: str, members: Iterable[User], by: Viewer) -> OfficeKey:
    """启用机构密钥: a pair for the office, each of the members and escrow holding it. Raises Refused."""
    if not (by.is_system or may_hold(by, office.pk, compartment)):
        raise Refused("not-allowed", "您没有“启用机构密钥”的权限")
    if OfficeKey.objects.filter(office=office, compartment=compartment, until__isnull=True).exists():
        raise Refused("key-exists", "“%(name)s”已有这一密钥", name=office.name)
    people = list(members)
    _check_enough(len(people))
    for user in people:
        _check_member(user, office, compartment)
    held = Held(office.pk, compartment, IN_FORCE, PrivateKey.new(settings.SEALING_SUITE), secrets.token_bytes(SIZE))
    row = _new_key(office, held, people, escrow_in_force())
    record(by, "key.make", row, payload=_said(row, members=[user.username for user in people]))
    return row


@atomic
def admit(*, user: User, office: Office, compartment: str, unlocked: Unlocked, by: Viewer) -> OfficeKey:
    """授予密钥: somebody who holds the key, unlocked, seals it to a colleague; with it the retired ones, for what comes late."""
    row, _ = _in_hand(office, compartment, unlocked, by)
    _check_member(user, office, compartment)
    if row.wraps.filter(user=user).exists():
        raise Refused("already-member", "“%(name)s”已持有这一密钥", name=user.name)
    for key in OfficeKey.objects.filter(office=office, compartment=compartment).order_by("pk"):
        mine = unlocked.held.get(bytes.fromhex(key.key_id))
        if mine is not None:
            _give(key, mine, user)
    record(by, "key.admit", row, payload=_said(row, user=user.username))
    return row


@atomic
def remove(*, user: User, office: Office, compartment: str, unlocked: Unlocked, by: Viewer) -> tuple[OfficeKey, int]:
    """收回密钥: the person's wraps go, the pair is rotated; gives the new key and how many envelopes were sealed anew."""
    row, held = _in_hand(office, compartment, unlocked, by)
    if user.pk == by.user_id:
        raise Refused("remove-oneself", "不能收回自己的密钥，请由同事办理")
    if not row.wraps.filter(user=user).exists():
        raise Refused("not-member", "“%(name)s”没有持有这一密钥", name=user.name)
    _check_enough(members_of(row).count() - 1)
    Wrap.objects.filter(office_key__office=office, office_key__compartment=compartment, user=user).delete()
    record(by, "key.remove", row, payload=_said(row, user=user.username))
    return _rotate(row, held, by)


@atomic
def rotate(*, office: Office, compartment: str, unlocked: Unlocked, by: Viewer) -> tuple[OfficeKey, int]:
    """更换机构密钥: a new pair for the same members; gives it and how many envelopes were sealed anew."""
    row, held = _in_hand(office, compartment, unlocked, by)
    return _rotate(row, held, by)


@atomic
def recover(
    *, office: Office, compartment: str, shares: Sequence[Share], members: Iterable[User], by: Viewer
) -> OfficeKey:
    """凭分片恢复: with two of the three papers the key of an office goes to these members again. On the console alone.

    The escrow key has now been in one machine: make a new one, then rotate.
    """
    if not by.is_system:
        raise Refused("not-allowed", "恢复密钥只能在服务器上办理")
    escrow = join(shares)
    known = EscrowKey.objects.filter(key_id=escrow.public.id.hex()).first()
    if known is None:
        raise Refused("wrong-shares", "这两份分片不属于同一份已登记的托管密钥")
    row = _locked(office, compartment)
    people = list(members)
    for user in people:
        _check_member(user, office, compartment)
    for key in OfficeKey.objects.filter(office=office, compartment=compartment).order_by("pk"):
        lying = key.wraps.select_related("office_key").filter(to_key=known.key_id).first()
        if lying is None:
            continue
        private, blind = open_wrap(lying, escrow)
        held = Held(office.pk, compartment, key.until is None, private, blind)
        for user in people:
            _give(key, held, user)
    record(by, "key.recover", row, payload=_said(row, members=[user.username for user in people]))
    return row


@atomic
def register_escrow(*, public: PublicKey, by: Viewer) -> EscrowKey:
    """登记托管密钥: from now on what is sealed is sealed to it too; a member of each office gives it the office's key."""
    if not by.is_system:
        raise Refused("not-allowed", "登记托管密钥只能在服务器上办理")
    if EscrowKey.objects.filter(key_id=public.id.hex()).exists():
        raise Refused("key-exists", "这一托管密钥已登记")
    EscrowKey.objects.filter(until__isnull=True).update(until=today())
    row = EscrowKey(public=public.text, key_id=public.id.hex(), since=today())
    row.save(force_insert=True)
    record(by, "key.escrow", row, payload={"key": row.key_id})
    return row


@atomic
def give_to_escrow(*, key_id: str, unlocked: Unlocked, by: Viewer) -> int:
    """密钥交托管: what I hold goes to the escrow key in force, whose fingerprint I have compared; gives how many keys.

    It is an act and never happens by itself: who can write to the database could register an escrow key of his own.
    """
    escrow = escrow_in_force()
    if escrow is None or escrow.key_id != key_id:
        raise Refused("escrow-changed", "托管密钥已变，请重新核对指纹")
    rows = keys_not_in_escrow(unlocked)
    for row in rows:
        _give(row, unlocked.held[bytes.fromhex(row.key_id)], escrow)
        record(by, "key.to_escrow", row, payload=_said(row, escrow=escrow.key_id))
    return len(rows)


@atomic
def renew_keyring(*, by: Viewer) -> int:
    """更换字段密钥: a new key of encrypted columns writes from now on; gives its number. On the console alone."""
    if not by.is_system:
        raise Refused("not-allowed", "更换字段密钥只能在服务器上办理")
    number = add_key()
    record(by, "key.columns", None, payload={"number": number})
    return number


def _rotate(row: OfficeKey, held: Held, by: Viewer) -> tuple[OfficeKey, int]:
    """The retired key stays with those who remain, for what was sealed to it elsewhere and arrives late."""
    people, escrow = _proved_holders(row, held)
    row.until = today()
    row.save(update_fields=["until"])
    fresh = Held(row.office_id, row.compartment, IN_FORCE, PrivateKey.new(settings.SEALING_SUITE), held.blind)
    new = _new_key(row.office, fresh, people, escrow)
    count = reseal(held.private, new.public_key)
    record(by, "key.rotate", new, payload=_said(new, old=row.key_id, sealed_anew=count))
    return new, count


def _proved_holders(row: OfficeKey, held: Held) -> tuple[list[User], EscrowKey | None]:
    """Who shall hold the next key: each was let in by somebody who had this one. Raises Refused (keys-altered).

    A row that was put into the table, or a member's public key that was exchanged, would else be given the next key.
    """
    people, kept, now = [], None, escrow_in_force()
    for wrap_row in row.wraps.select_related("user", "escrow").order_by("pk"):
        is_proved = compare_digest(bytes(wrap_row.mark), holder_mark(row, held, wrap_row.to_key))
        user = wrap_row.user
        if not is_proved or (user is not None and _public_of(user).id.hex() != wrap_row.to_key):
            raise Refused("keys-altered", "“%(name)s”的密钥记录已被改动，请立即报告安全管理员", name=row.office.name)
        if user is not None:
            people.append(user)
        elif now is not None and wrap_row.to_key == now.key_id:
            kept = now
    return people, kept


def _new_key(office: Office, held: Held, people: Sequence[User], escrow: EscrowKey | None) -> OfficeKey:
    public = held.private.public
    row = OfficeKey(
        office=office, compartment=held.compartment, public=public.text, key_id=public.id.hex(), since=today()
    )
    row.save(force_insert=True)
    for user in people:
        _give(row, held, user)
    if escrow is not None:
        _give(row, held, escrow)
    return row


def _give(key: OfficeKey, held: Held, holder: User | EscrowKey) -> None:
    """A wrap of the key for a member or for escrow, in place of one that he had."""
    public = holder.public_key if isinstance(holder, EscrowKey) else _public_of(holder)
    whose = {"escrow": holder} if isinstance(holder, EscrowKey) else {"user": holder}
    data = wrap(held.private.raw + held.blind, public)
    made = {"data": data, "mark": holder_mark(key, held, public.id.hex())}
    Wrap.objects.update_or_create(office_key=key, to_key=public.id.hex(), defaults={**whose, **made})


def holder_mark(key: OfficeKey, held: Held, to_key: str) -> bytes:
    """What only somebody with the office's private key can write beside a wrap."""
    used = suite(held.private.suite)
    under = used.derive(held.private.raw, b"jiandu holders")
    return used.mac(under, f"{key.key_id}:{to_key}".encode())


def _public_of(user: User) -> PublicKey:
    """The key to seal to for a member: read by the system, for a member's row is seen by himself alone."""
    with guard.acting(guard.system("个人密钥")):
        row = MemberKey.objects.filter(made_by=user).first()
    if row is None:
        raise Refused("not-enrolled-other", "“%(name)s”还没有设置解锁口令", name=user.name)
    return row.public_key


def _check_member(user: User, office: Office, compartment: str) -> None:
    """In service, with a role for it at this office; and nobody holds both compartments of an office."""
    if not user.is_active or not may_hold(viewer_of(user), office.pk, compartment):
        raise Refused("no-role-for-key", "“%(name)s”没有可以持有这一密钥的角色", name=user.name)
    others = Wrap.objects.filter(user=user, office_key__office=office).exclude(office_key__compartment=compartment)
    if others.exists():
        raise Refused("compartments-apart", "“%(name)s”已持有另一密封范围的密钥，二者不能由一人持有", name=user.name)
    _public_of(user)


def _check_enough(count: int) -> None:
    if count < (1 if settings.DEMO else FEWEST):
        raise Refused("too-few-holders", "机构密钥至少由%(count)d人持有", count=1 if settings.DEMO else FEWEST)


def _in_hand(office: Office, compartment: str, unlocked: Unlocked, by: Viewer) -> tuple[OfficeKey, Held]:
    """The key in force, locked, and it in the hands of who acts. Raises Refused."""
    row = _locked(office, compartment)
    held = unlocked.held.get(bytes.fromhex(row.key_id))
    if held is None or not may_hold(by, office.pk, compartment):
        raise Refused("key-not-held", "请先解锁；只有持有这一密钥的人可以办理")
    return row, held


def _locked(office: Office, compartment: str) -> OfficeKey:
    rows = OfficeKey.objects.select_for_update().filter(
        office=office, compartment=Compartment(compartment), until__isnull=True
    )
    row = rows.first()
    if row is None:
        raise Refused("no-office-key-here", "“%(name)s”还没有这一密钥", name=office.name)
    return row


def _said(row: OfficeKey, **more: object) -> dict[str, object]:
    """For the log: which key, by its id; never the key."""
    return {"office": row.office.name, "compartment": row.compartment, "key": row.key_id, **more}
