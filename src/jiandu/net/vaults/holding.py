"""What an unlocked member holds, for as long as a request; and who may hold it at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.sealing.envelope import Context, open_envelope, recipients
from jiandu.base.sealing.suites import PrivateKey
from jiandu.net.access.roles import roles
from jiandu.net.access.standing import Standing
from jiandu.net.vaults.models import Compartment

VERBS = {Compartment.CONTENT: "hold_content", Compartment.IDENTITY: "hold_identity"}


@dataclass(frozen=True)
class Held:
    """A key of an office in the hands of a member."""

    office_id: int
    compartment: str
    is_current: bool
    private: PrivateKey = field(repr=False)
    blind: bytes = field(repr=False)


@dataclass(frozen=True)
class Unlocked:
    """The keys that a passphrase gave. It is not stored, pickled or shown; it ends with the request."""

    member: PrivateKey = field(repr=False)
    held: Mapping[bytes, Held] = field(repr=False)  # by key id

    @property
    def keys(self) -> dict[bytes, PrivateKey]:
        """The private keys by their ids, those in force and retired ones."""
        return {key_id: one.private for key_id, one in self.held.items()}

    @property
    def blind_keys(self) -> dict[int, bytes]:
        """The key of blind indexes of what is told, by office."""
        return {one.office_id: one.blind for one in self.held.values() if one.compartment == Compartment.CONTENT}

    @property
    def identity_blind_keys(self) -> dict[int, bytes]:
        """The key of blind indexes of who tells it, by office: for custodians alone."""
        return {one.office_id: one.blind for one in self.held.values() if one.compartment == Compartment.IDENTITY}

    def key_for(self, envelope: bytes) -> PrivateKey | None:
        """The key of mine that opens it, None where it is sealed to others. Raises Unopenable for what is no envelope."""
        found = (self.held[key_id].private for key_id in recipients(envelope) if key_id in self.held)
        return next(found, None)

    def open(self, envelope: bytes, context: Context) -> bytes:
        """The content. Raises Refused (sealed-to-others), and Unopenable where it was altered or stands in another's place."""
        key = self.key_for(envelope)
        if key is None:
            raise Refused("sealed-to-others", "这份内容没有密封给您持有的密钥")
        return open_envelope(envelope, key=key, context=context)

    def current(self, office_id: int, compartment: str) -> Held | None:
        """The key in force of that office, if it is mine."""
        found = (one for one in self.held.values() if (one.office_id, one.compartment) == (office_id, compartment))
        return next((one for one in found if one.is_current), None)

    def __reduce__(self) -> NoReturn:
        raise TypeError("unlocked keys are not pickled")


def may_hold(viewer: Viewer, office_id: int, compartment: str) -> bool:
    """Whether a role at this office lets the person hold that key today. No administrator's does."""
    standing = viewer.standing
    if not isinstance(standing, Standing):
        return False
    verb = VERBS[Compartment(compartment)]
    return any(hold.office_id == office_id and roles()[hold.role].may(verb, "office_key") for hold in standing.holds)
