"""Members with passphrases, and a store of envelopes that is sealed anew with the keys."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import transaction
from tests.world import SYSTEM, World, as_

from jiandu.base.core import guard
from jiandu.base.sealing.envelope import Context, recipients, seal
from jiandu.net.vaults.holding import Unlocked
from jiandu.net.vaults.models import OfficeKey
from jiandu.net.vaults.resealing import Stored, register_resealer
from jiandu.net.vaults.selectors import sealing_keys
from jiandu.net.vaults.services import enrol, make_office_key
from jiandu.net.vaults.unlocking import unlock

OFFICE, CITY = "第一监督检查室", "市纪委监委"
NAMES = ("干部甲", "干部丙", "主任甲", "干部乙", "保管员", "保管员乙", "书记", "系统管理员", "内勤甲")


def phrase(name: str) -> str:
    """Nothing of the owner may stand in it."""
    return f"山高月小水落石出，清风徐来{NAMES.index(name)}"


@dataclass
class Store:
    """Envelopes as a context keeps them."""

    rows: dict[UUID, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        register_resealer("tests", self.find)

    def find(self, key_id: bytes) -> Iterable[Stored]:
        for uid, envelope in list(self.rows.items()):
            if key_id in recipients(envelope):
                yield Stored(envelope, context_of(uid), lambda made, uid=uid: self.rows.update({uid: made}))

    def add(self, world: World, text: bytes, *, office: str = OFFICE, compartment: str = "content") -> UUID:
        uid = uuid4()
        keys = sealing_keys(world.offices[office], compartment)
        self.rows[uid] = seal(text, to=keys, context=context_of(uid))
        return uid


def context_of(uid: UUID) -> Context:
    return Context("tests.item", uid)


def enrolled(world: World, *names: str) -> None:
    """Each with a passphrase of his own."""
    for name in names:
        with as_(world.viewer(name)) as by:
            enrol(user=world.users[name], passphrase=phrase(name), by=by)


def keyed(world: World, *names: str, office: str = OFFICE, compartment: str = "content") -> OfficeKey:
    """An office with a key that these hold."""
    enrolled(world, *names)
    with as_(SYSTEM) as by:
        people = [world.users[name] for name in names]
        return make_office_key(office=world.offices[office], compartment=compartment, members=people, by=by)


def unlocked(world: World, name: str) -> Unlocked:
    """As a request would have it."""
    with transaction.atomic(), guard.acting(world.viewer(name)) as viewer:
        return unlock(viewer, phrase(name))
