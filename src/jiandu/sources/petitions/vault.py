"""What a petition says, and who sent it: put into envelopes, and taken out by whoever holds a key that opens them.

Content is sealed to the office that keeps the petition, the sender to that office's custodian alone: two compartments,
two keys. An installation of the demo kind, where no office has a key yet, seals to a key of its own, which lies beside the
database and is marked as such: it keeps a stolen database from being read, and nothing more.
"""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from jiandu.base.core.errors import Refused
from jiandu.base.sealing.envelope import Context, open_envelope, recipients, rewrap, seal
from jiandu.base.sealing.fields import blind
from jiandu.base.sealing.suites import PrivateKey, PublicKey
from jiandu.net.overseers.models import Office
from jiandu.net.vaults.holding import Unlocked
from jiandu.net.vaults.resealing import Stored
from jiandu.net.vaults.selectors import key_ids, sealing_keys
from jiandu.sources.petitions.models import HandOff, Petition, Reading, Sealed

KIND = "petition"
AT_ONCE = 200
CONTENT, IDENTITY, EXTRACT = Sealed.Compartment.CONTENT, Sealed.Compartment.IDENTITY, "extract"
READ = "reading"
MEANING = Sealed.Compartment.MEANING


@dataclass(frozen=True)
class Content:
    """What a petition says: the officer's summary or the words themselves, whom it is about, and what was answered."""

    summary: str
    topic: str = ""
    person: str = ""
    post: str = ""
    unit: str = ""
    keywords: str = ""
    reply: str = ""
    files: tuple[dict[str, Any], ...] = ()  # of a report from the portal: uid, key, name, size of each attachment


@dataclass(frozen=True)
class Sender:
    """Who sent it. Only the identity custodian opens this."""

    name: str = ""
    contact: str = ""
    id_number: str = ""
    address: str = ""
    unit: str = ""
    representatives: str = ""
    asks: str = ""  # secrecy, protection


Said = TypeVar("Said", Content, Sender)


def seal_content(uid: UUID, office: Office, content: Content, keys: Sequence[PublicKey] = ()) -> bytes:
    """The content for the office that keeps the petition; `keys`: hers, as asked once for many."""
    return seal(_packed(content), to=keys or keys_of(office, CONTENT), context=Context(KIND, uid, CONTENT))


def seal_sender(uid: UUID, office: Office, sender: Sender) -> bytes:
    """The sender for the office's custodian."""
    return seal(_packed(sender), to=keys_of(office, IDENTITY), context=Context(KIND, uid, IDENTITY))


def seal_extract(uid: UUID, to: Office | None, office: Office, extract: str) -> bytes:
    """An extract for whoever receives it, and for the office that wrote it. A body without an office gets it on paper.

    `uid` is the hand-off's: the extract of one hand-off does not open in another's place.
    """
    keys = {key.id: key for each in (to, office) if each is not None for key in keys_of(each, CONTENT)}
    return seal(extract.strip().encode(), to=list(keys.values()), context=Context(KIND, uid, EXTRACT))


def seal_words(uid: UUID, office: Office, words: str) -> bytes:
    """What a reader wrote, for the office that keeps the petition. `uid` is the reading's."""
    return seal(words.strip().encode(), to=keys_of(office, CONTENT), context=Context(KIND, uid, READ))


def keep_meaning(petition: Petition, vector: bytes) -> None:
    """What its content means, for the office alone: of a vector much of a text can be guessed, so it is sealed as the text is."""
    context = Context(KIND, petition.uid, MEANING)
    envelope = seal(vector, to=keys_of(petition.owner_office, CONTENT), context=context)
    Sealed.objects.update_or_create(petition=petition, compartment=MEANING, defaults={"envelope": envelope})


def content_of(petition: Petition, unlocked: Unlocked | None) -> Content | None:
    """What it says; None where no key at hand opens it. The caller has logged the look."""
    envelope = _envelope(petition, CONTENT)
    return _unpacked(Content, _opened(envelope, unlocked, Context(KIND, petition.uid, CONTENT)))


def sender_of(petition: Petition, unlocked: Unlocked | None) -> Sender | None:
    """Who sent it; None where there is nothing, or no key at hand opens it."""
    envelope = _envelope(petition, IDENTITY)
    return _unpacked(Sender, _opened(envelope, unlocked, Context(KIND, petition.uid, IDENTITY)))


def marks_of(
    office: Office, content: Content, sender: Sender | None, unlocked: Unlocked | None
) -> tuple[bytes | None, bytes | None]:
    """(of the person reported, of the sender): equal for equal ones, made with the office's own blind key; none while locked."""
    key = unlocked.blind_keys.get(office.pk) if unlocked is not None else None
    if key is None:
        return None, None
    person = blind(f"{content.person}|{content.unit}", key=key, purpose="petition person") if content.person else None
    named = f"{sender.name}|{sender.contact or sender.id_number}" if sender is not None and sender.name else ""
    return person, blind(named, key=key, purpose="petition sender") if named else None


def look_into(petition: Petition, unlocked: Unlocked | None) -> tuple[Content | None, bool]:
    """(what it says, where a key at hand opens it; whether somebody said who he is, not who). The look has been logged."""
    rows = dict(Sealed.objects.filter(petition=petition).values_list("compartment", "envelope"))
    envelope = bytes(rows[CONTENT]) if CONTENT in rows else None
    content = _unpacked(Content, _opened(envelope, unlocked, Context(KIND, petition.uid, CONTENT)))
    return content, IDENTITY in rows


def extract_of(hand_off: HandOff, unlocked: Unlocked | None) -> str | None:
    """The extract of a hand-off; None where there is none, or no key at hand opens it."""
    envelope = bytes(hand_off.envelope) if hand_off.envelope else None
    plain = _opened(envelope, unlocked, Context(KIND, hand_off.uid, EXTRACT))
    return plain.decode() if plain is not None else None


def open_to_office(petition: Petition, office: Office, unlocked: Unlocked | None) -> None:
    """The content is sealed for this office too. Raises Refused (locked) where no key at hand opens it."""
    row = Sealed.objects.get(petition=petition, compartment=CONTENT)
    envelope, context = bytes(row.envelope), Context(KIND, petition.uid, CONTENT)
    key = key_for(envelope, unlocked)
    if key is None:
        raise Refused("locked", "请先解锁本室组密钥，再移交原件内容")
    to = {each.id: each for owner in (petition.owner_office, office) for each in keys_of(owner, CONTENT)}
    _put(row, rewrap(envelope, key=key, to=list(to.values()), context=context))


def close_to_office(petition: Petition, office: Office, unlocked: Unlocked | None) -> None:
    """The content is sealed for its owner alone again; nothing to do where this office got an extract or nothing.

    Raises Refused (locked) where no key at hand opens it: else the office would go on holding what it gave back.
    """
    row = Sealed.objects.get(petition=petition, compartment=CONTENT)
    envelope, context = bytes(row.envelope), Context(KIND, petition.uid, CONTENT)
    if not key_ids(office, CONTENT) & set(recipients(envelope)):
        return
    key = key_for(envelope, unlocked)
    if key is None:
        raise Refused("locked", "请先解锁本室组密钥，再退回原件内容")
    _put(row, rewrap(envelope, key=key, to=list(keys_of(petition.owner_office, CONTENT)), context=context))


def words_of(reading: Reading, unlocked: Unlocked | None) -> str | None:
    """What the reader wrote; None where there is nothing, or no key at hand opens it. The caller has logged the look."""
    envelope = bytes(reading.envelope) if reading.envelope else None
    plain = _opened(envelope, unlocked, Context(KIND, reading.uid, READ))
    return plain.decode() if plain is not None else None


@dataclass(frozen=True)
class Read:
    """A reading with the reader's words, where a key at hand opens them."""

    reading: Reading
    words: str


def read_by(readings: Iterable[Reading], unlocked: Unlocked | None) -> tuple[Read, ...]:
    """Who had the papers, in the order given; also entries taken back. The caller has logged the look."""
    return tuple(Read(row, words_of(row, unlocked) or "") for row in readings)


def key_for(envelope: bytes, unlocked: Unlocked | None) -> PrivateKey | None:
    """A key at hand that opens the envelope."""
    own = unlocked.key_for(envelope) if unlocked is not None else None
    if own is None and settings.DEMO and installation_key().public.id in recipients(envelope):
        return installation_key()
    return own


def keys_of(office: Office, compartment: str) -> Sequence[PublicKey]:
    """The keys to which something for the office is sealed. Raises Refused (no-office-key, …) as `sealing_keys`."""
    try:
        return sealing_keys(office, compartment)
    except Refused as refused:
        if settings.DEMO and refused.rule == "no-office-key":
            return [installation_key().public]
        raise


def sealed_under(key_id: bytes) -> Iterator[Stored]:
    """Every envelope of petitions that is sealed to this key: for a rotation."""
    for row, uid in _with_uids(Sealed.objects.order_by("pk")):
        if key_id in recipients(bytes(row.envelope)):
            yield Stored(bytes(row.envelope), Context(KIND, uid, row.compartment), partial(_put, row))
    for row in HandOff.objects.filter(envelope__isnull=False).order_by("pk").iterator(AT_ONCE):
        envelope = bytes(row.envelope or b"")
        if key_id in recipients(envelope):
            yield Stored(envelope, Context(KIND, row.uid, EXTRACT), partial(_put, row))
    for read in Reading.objects.filter(envelope__isnull=False).order_by("pk").iterator(AT_ONCE):
        envelope = bytes(read.envelope or b"")
        if key_id in recipients(envelope):
            yield Stored(envelope, Context(KIND, read.uid, READ), partial(_put, read))


def _with_uids(rows: QuerySet[Any]) -> Iterator[tuple[Any, UUID]]:
    """Each row with the uid of its petition, some at a time."""
    listed = iter(rows.iterator(AT_ONCE))
    while chunk := list(islice(listed, AT_ONCE)):
        uids = dict(Petition.objects.filter(pk__in={row.petition_id for row in chunk}).values_list("pk", "uid"))
        yield from ((row, uids[row.petition_id]) for row in chunk)


def _put(row: Sealed | HandOff | Reading, envelope: bytes) -> None:
    row.envelope = envelope
    row.save(update_fields=["envelope"])


def installation_key() -> PrivateKey:
    """The key of a demo installation, made on first use and readable by its owner alone."""
    return _installation_key(Path(settings.DATA) / "keys" / "petitions-demo.key")


@lru_cache(maxsize=4)
def _installation_key(file: Path) -> PrivateKey:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as handle:
                handle.write(PrivateKey.new().raw)
        except FileExistsError:
            pass
    return PrivateKey(1, file.read_bytes())


def _envelope(petition: Petition, compartment: str) -> bytes | None:
    found = Sealed.objects.filter(petition=petition, compartment=compartment).values_list("envelope", flat=True).first()
    return bytes(found) if found is not None else None


def _opened(envelope: bytes | None, unlocked: Unlocked | None, context: Context) -> bytes | None:
    key = key_for(envelope, unlocked) if envelope is not None else None
    return open_envelope(envelope, key=key, context=context) if envelope is not None and key is not None else None


def _packed(said: Content | Sender) -> bytes:
    return json.dumps({key: value for key, value in asdict(said).items() if value}, ensure_ascii=False).encode()


def _unpacked(kind: type[Said], plain: bytes | None) -> Said | None:
    """What was packed; a column that this release does not know is left out."""
    if plain is None:
        return None
    known = {field.name for field in fields(kind)}
    return kind(**{key: value for key, value in json.loads(plain).items() if key in known})


def contents_of(petitions: Iterable[Petition], unlocked: Unlocked | None) -> dict[int, Content]:
    """What several say, by key, as far as the keys at hand open them: for repeats and search within an unlocked session."""
    said = ((pk, _unpacked(Content, plain)) for pk, plain in _all_opened(petitions, CONTENT, unlocked))
    return {pk: content for pk, content in said if content is not None}


def meanings_of(petitions: Iterable[Petition], unlocked: Unlocked | None) -> dict[int, bytes]:
    """The vectors of several, by key, as far as they were made and the keys at hand open them."""
    return dict(_all_opened(petitions, MEANING, unlocked))


def _all_opened(
    petitions: Iterable[Petition], compartment: str, unlocked: Unlocked | None
) -> Iterator[tuple[int, bytes]]:
    listed = {row.pk: row for row in petitions}
    rows = Sealed.objects.filter(petition__in=list(listed), compartment=compartment)
    for pk, envelope in rows.values_list("petition_id", "envelope") if listed else ():
        plain = _opened(bytes(envelope), unlocked, Context(KIND, listed[pk].uid, compartment))
        if plain is not None:
            yield pk, plain
