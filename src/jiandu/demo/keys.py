"""The keys of the fictional net: each member has the passphrase that the page of 解锁 says."""

from collections.abc import Mapping

from jiandu.base.accounts.models import User
from jiandu.base.core.guard import Viewer
from jiandu.base.intake.models import Side
from jiandu.base.intake.services.keys import NewKeys, publish_keys
from jiandu.demo.year import CITY
from jiandu.net.overseers.models import Office
from jiandu.net.vaults.models import Compartment
from jiandu.net.vaults.passphrases import DEMO_PASSPHRASE
from jiandu.net.vaults.selectors import sealing_keys
from jiandu.net.vaults.services import enrol, make_office_key

#: Office, what is sealed to it, and the roles that hold the key.
KEYS = (
    ("信访室", Compartment.CONTENT, ("petition_clerk", "petition_clerk_2")),
    ("信访室", Compartment.IDENTITY, ("identity_custodian", "identity_custodian_2")),
    (CITY, Compartment.CONTENT, ("leader",)),
    ("第一监督检查室", Compartment.CONTENT, ("supervision_officer", "office_head")),
    ("思明区纪委监委", Compartment.CONTENT, ("district_officer", "district_head")),
)


def open_portal(offices: Mapping[str, Office]) -> None:
    """The portal seals to the petition office's keys from the first start."""
    office = offices["信访室"]
    public = {one: tuple(key.text for key in sealing_keys(office, one)) for one in Compartment}
    new = NewKeys(office.uid, office.name, Side.OWN, public[Compartment.CONTENT], public[Compartment.IDENTITY])
    publish_keys(keys=[new])


def give_keys(users: Mapping[str, User], offices: Mapping[str, Office], by: Viewer) -> None:
    """A passphrase for each who holds one, then the offices' keys."""
    for role in dict.fromkeys(role for _, _, held in KEYS for role in held):
        enrol(user=users[role], passphrase=DEMO_PASSPHRASE, by=by)
    for office, compartment, held in KEYS:
        members = [users[role] for role in held]
        make_office_key(office=offices[office], compartment=compartment, members=members, by=by)
