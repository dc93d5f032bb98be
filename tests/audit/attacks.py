"""What somebody with every right on the database could do to the log. Each attack does one thing, at random.

It answers (the first bad entry, the one that a check without anchors names: None where it cannot see anything).
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from django.db import connection

from jiandu.base.audit.hashes import ERASE, canonical_body, hash_of_entry, payload_hash_of
from jiandu.base.audit.models import GENESIS, Entry, Head, Payload

Outcome = tuple[int, int | None]
TABLES = ("audit_entry", "audit_payload", "audit_head")
LATE = 8  # behind the record of the erasure, which would otherwise be missed as well
TEXTS = ("actor", "actor_name", "verb", "obj", "org", "outcome", "request_id", "payload_hash", "prev", "hash")


@dataclass
class Attacker:
    """Has switched off the triggers, and knows the algorithm."""

    chance: Random

    def __post_init__(self) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                for table in TABLES:
                    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                return
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")

    @property
    def last(self) -> int:
        return int(Entry.objects.order_by("-seq").values_list("seq", flat=True)[0])

    def any(self, first: int = 1, before_last: int = 0) -> int:
        return self.chance.randint(first, self.last - before_last)

    def with_payload(self) -> int:
        """An entry whose payload is there and not erased."""
        keys = Payload.objects.exclude(body="").order_by("pk").values_list("pk", flat=True)
        return int(self.chance.choice(list(keys)))

    def remove(self, first: int, last: int) -> None:
        Payload.objects.filter(pk__gte=first, pk__lte=last).delete()
        Entry.objects.filter(pk__gte=first, pk__lte=last).delete()

    def rechain(self, first: int) -> None:
        """Makes the hashes right again from `first` to the end, and the head."""
        prev = Entry.objects.get(pk=first - 1).hash if first > 1 else GENESIS
        for entry in Entry.objects.filter(seq__gte=first).order_by("seq"):
            prev = self.rehash(entry, prev)
        self.set_head()

    def rehash(self, entry: Entry, prev: str) -> str:
        entry.prev = prev
        entry.hash = hash_of_entry(entry)
        Entry.objects.filter(pk=entry.pk).update(prev=entry.prev, hash=entry.hash)
        return entry.hash

    def set_head(self) -> None:
        last = Entry.objects.order_by("-seq").first()
        Head.objects.filter(pk=1).update(seq=last.seq if last else 0, hash=last.hash if last else GENESIS)

    def shift(self, seq: int) -> None:
        """Makes room at `seq`."""
        for number in range(self.last, seq - 1, -1):
            payload = Payload.objects.filter(pk=number).values("salt", "body").first()
            Payload.objects.filter(pk=number).delete()
            Entry.objects.filter(pk=number).update(seq=number + 1)
            if payload:
                Payload.objects.create(entry_id=number + 1, **payload)

    def forge(self, seq: int) -> None:
        """An entry that looks like its neighbours, right in itself."""
        like = Entry.objects.order_by("seq").first()
        assert like is not None
        entry = Entry(
            seq=seq, at=like.at, actor="user:8", actor_name="李", verb="act.1", outcome="done",
            prev=Entry.objects.get(pk=seq - 1).hash if seq > 1 else GENESIS,
        )  # fmt: skip
        entry.hash = hash_of_entry(entry)
        entry.save(force_insert=True)


def edit_text(by: Attacker) -> Outcome:
    seq, column = by.any(), by.chance.choice(TEXTS)
    value = getattr(Entry.objects.get(pk=seq), column)
    other = by.chance.choice([value + "x", value[:-1] if value else "x", "", "x" * max(1, len(value))])
    if other == value:
        other = value + "y"
    Entry.objects.filter(pk=seq).update(
        **{column: other[:64] if len(value) == 64 and other != value + "x" else other[:60]}
    )
    return seq, seq


def edit_level(by: Attacker) -> Outcome:
    seq = by.any()
    Entry.objects.filter(pk=seq).update(level=Entry.objects.get(pk=seq).level + 1)
    return seq, seq


def edit_moment(by: Attacker) -> Outcome:
    seq = by.any()
    at = Entry.objects.get(pk=seq).at
    Entry.objects.filter(pk=seq).update(
        at=at.replace(microsecond=(at.microsecond + by.chance.choice([1, 10**5])) % 10**6)
    )
    return seq, seq


def edit_and_rehash_one(by: Attacker) -> Outcome:
    seq = by.any()
    entry = Entry.objects.get(pk=seq)
    Entry.objects.filter(pk=seq).update(verb="act.9")
    entry.verb = "act.9"
    by.rehash(entry, entry.prev)
    return seq, seq


def edit_payload(by: Attacker) -> Outcome:
    seq = by.with_payload()
    body = Payload.objects.get(pk=seq).body
    place = by.chance.randrange(len(body))
    Payload.objects.filter(pk=seq).update(body=body[:place] + "乙" + body[place + 1 :])
    return seq, seq


def edit_salt(by: Attacker) -> Outcome:
    seq = by.with_payload()
    Payload.objects.filter(pk=seq).update(salt=secrets.token_hex(16))
    return seq, seq


def move_salt_into_body(by: Attacker) -> Outcome:
    """The same bytes together, another body."""
    seq = by.with_payload()
    payload = Payload.objects.get(pk=seq)
    Payload.objects.filter(pk=seq).update(salt=payload.salt[:-1], body=payload.salt[-1] + payload.body)
    return seq, seq


def empty_payload_silently(by: Attacker) -> Outcome:
    seq = by.with_payload()
    Payload.objects.filter(pk=seq).update(body="", salt="")
    return seq, seq


def delete_payload(by: Attacker) -> Outcome:
    seq = by.with_payload()
    Payload.objects.filter(pk=seq).delete()
    return seq, seq


def add_payload(by: Attacker) -> Outcome:
    silent = list(Entry.objects.filter(payload_hash="").order_by("seq").values_list("seq", flat=True))
    seq = by.chance.choice(silent)
    Payload.objects.create(entry_id=seq, salt="ab" * 16, body="{}")
    return seq, seq


def swap_payloads(by: Attacker) -> Outcome:
    one, other = sorted((by.with_payload(), by.with_payload()))
    if one == other:
        return edit_payload(by)
    rows = [Payload.objects.filter(pk=seq).values("salt", "body").get() for seq in (one, other)]
    Payload.objects.filter(pk=one).update(**rows[1])
    Payload.objects.filter(pk=other).update(**rows[0])
    return one, one


def delete_entry(by: Attacker) -> Outcome:
    seq = by.any()
    by.remove(seq, seq)
    return seq, seq


def delete_and_close_the_gap(by: Attacker) -> Outcome:
    seq = by.any(LATE, before_last=1)
    by.remove(seq, seq)
    for number in range(seq + 1, by.last + 1):
        payload = Payload.objects.filter(pk=number).values("salt", "body").first()
        Payload.objects.filter(pk=number).delete()
        Entry.objects.filter(pk=number).update(seq=number - 1)
        if payload:
            Payload.objects.create(entry_id=number - 1, **payload)
    return seq, seq


def insert_entry(by: Attacker) -> Outcome:
    seq = by.any(LATE)
    by.shift(seq)
    by.forge(seq)
    return seq, seq + 1


def insert_before_the_first(by: Attacker) -> Outcome:
    seq = -by.chance.randint(0, 9)
    by.forge(seq)
    return seq, seq


def append_behind_the_head(by: Attacker) -> Outcome:
    seq = by.last + 1
    by.forge(seq)
    return seq, seq


def swap_entries(by: Attacker) -> Outcome:
    one, other = sorted(by.chance.sample(range(1, by.last + 1), 2))
    rows = [Entry.objects.filter(pk=seq).values().get() for seq in (one, other)]
    for seq, row in ((one, rows[1]), (other, rows[0])):
        row.pop("seq")
        Entry.objects.filter(pk=seq).update(**row)
    return one, one


def truncate_tail(by: Attacker) -> Outcome:
    seq = by.any()
    by.remove(seq, by.last)
    return seq, seq


def edit_head(by: Attacker) -> Outcome:
    last = by.last
    Head.objects.filter(pk=1).update(hash="f" * 64)
    return last, last


def delete_head(by: Attacker) -> Outcome:
    Head.objects.all().delete()
    return by.last + 1, by.last + 1


def roll_back_tail(by: Attacker) -> Outcome:
    """As an older backup would be."""
    seq = by.any(LATE)
    by.remove(seq, by.last)
    by.set_head()
    return seq, None


def rechain_after_edit(by: Attacker) -> Outcome:
    seq = by.any()
    Entry.objects.filter(pk=seq).update(actor_name="赵")
    by.rechain(seq)
    return seq, None


def rechain_after_payload(by: Attacker) -> Outcome:
    seq = by.with_payload()
    body, salt = canonical_body({"说": "另一件事"}), secrets.token_hex(16)
    Payload.objects.filter(pk=seq).update(body=body, salt=salt)
    Entry.objects.filter(pk=seq).update(payload_hash=payload_hash_of(salt, body))
    by.rechain(seq)
    return seq, None


def rechain_after_deletion(by: Attacker) -> Outcome:
    seq, _ = delete_and_close_the_gap(by)
    by.rechain(seq)
    return seq, None


def rechain_after_insertion(by: Attacker) -> Outcome:
    seq, _ = insert_entry(by)
    by.rechain(seq)
    return seq, None


def rechain_after_forged_erasure(by: Attacker) -> Outcome:
    """A payload emptied, and another entry turned into the record of it."""
    seq = by.chance.choice(
        [key for key in Payload.objects.exclude(body="").values_list("pk", flat=True) if key < by.last]
    )
    record = by.any(max(LATE, seq + 1))
    Payload.objects.filter(pk=seq).update(body="", salt="")
    Entry.objects.filter(pk=record).update(verb=ERASE, obj=f"audit.entry:{seq}")
    by.rechain(record)
    return record, None


ATTACKS: tuple[Callable[[Attacker], Outcome], ...] = (
    edit_text, edit_level, edit_moment, edit_and_rehash_one, edit_payload, edit_salt, move_salt_into_body,
    empty_payload_silently, delete_payload, add_payload, swap_payloads, delete_entry, delete_and_close_the_gap,
    insert_entry, insert_before_the_first, append_behind_the_head, swap_entries, truncate_tail, edit_head, delete_head,
    roll_back_tail, rechain_after_edit, rechain_after_payload, rechain_after_deletion, rechain_after_insertion,
    rechain_after_forged_erasure,
)  # fmt: skip
