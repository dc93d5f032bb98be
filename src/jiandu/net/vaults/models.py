"""Public keys as they are; private halves only sealed. No page lists these rows; what they say to nobody is a secret."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.guarded import Own
from jiandu.base.core.models import Stamped
from jiandu.base.sealing.suites import PublicKey
from jiandu.net.overseers.models import Office


class Compartment(models.TextChoices):
    """What is sealed apart: what is told, and who tells it."""

    CONTENT = "content", _("信访内容")
    IDENTITY = "identity", _("举报人信息")


class Public(models.Model):
    """A public key and its id (hexadecimal)."""

    public = models.CharField(max_length=160, editable=False)
    key_id = models.CharField(max_length=32, unique=True, editable=False)

    class Meta:
        abstract = True

    @property
    def public_key(self) -> PublicKey:
        """As the sealing floor has it."""
        number, _, raw = self.public.partition(":")
        return PublicKey.of_text(number, raw)

    @property
    def fingerprint(self) -> str:
        """For two people to compare: eight groups of four."""
        return " ".join(self.key_id[start : start + 4].upper() for start in range(0, 32, 4))


class MemberKey(Stamped, Own, Public):
    """A person's pair. `locked`: salt, nonce and the private half, sealed under Argon2id of the unlock passphrase."""

    locked = models.BinaryField()
    ops = models.PositiveSmallIntegerField()
    memory = models.PositiveBigIntegerField()  # bytes
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(Own.Meta):
        verbose_name = _("个人密钥")
        constraints = [models.UniqueConstraint(fields=["made_by"], name="member_key_once")]

    def __str__(self) -> str:
        return self.fingerprint


class OfficeKey(Stamped, Public):
    """The pair of an office for a compartment. One is in force; retired ones still open what arrives late."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("机构"))
    compartment = models.CharField(_("密封范围"), max_length=16, choices=Compartment.choices)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True)

    class Meta:
        verbose_name = _("机构密钥")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "compartment"], condition=Q(until__isnull=True), name="office_key_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="office_key_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office.name} {self.get_compartment_display()}"


class EscrowKey(Stamped, Public):
    """The public half of the pair whose private half lies in three papers outside. The newest is in force."""

    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True)

    class Meta:
        verbose_name = _("托管密钥")
        constraints = [
            models.UniqueConstraint(
                Coalesce("until", date.max), condition=Q(until__isnull=True), name="escrow_one_in_force"
            ),  # NULLs differ from one another
        ]

    def __str__(self) -> str:
        return self.fingerprint


class Wrap(Stamped):
    """A key of an office, and its blind-index key, sealed to a member's key or to escrow. Taken away, it is deleted."""

    office_key = models.ForeignKey(OfficeKey, on_delete=models.PROTECT, related_name="wraps")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("持有人")
    )
    escrow = models.ForeignKey(EscrowKey, on_delete=models.PROTECT, null=True, related_name="+")
    to_key = models.CharField(max_length=32)  # the id of the key that opens it
    data = models.BinaryField()
    mark = models.BinaryField(default=b"")  # a MAC under the office's key: no row was added by who has not got it

    class Meta:
        verbose_name = _("持有的密钥")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True, escrow__isnull=False) | Q(user__isnull=False, escrow__isnull=True),
                name="wrap_member_or_escrow",
            ),
            models.UniqueConstraint(fields=["office_key", "to_key"], name="wrap_once"),
        ]
        indexes = [
            models.Index(fields=["user", "to_key"], name="wrap_by_member")
        ]  # every request of an unlocked session

    def __str__(self) -> str:
        return f"{self.office_key_id} → {self.to_key[:8]}"
