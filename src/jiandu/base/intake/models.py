"""Sealed reports and what goes with them. Days instead of moments, random ids instead of numbers, padded sizes.

A report's uid is that of the petition to be: its envelopes name it, so they travel inward without being opened.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiandu.base.core.ids import new_uid


class Compartment(models.TextChoices):
    """What is sealed apart: what is told, and who tells it."""

    CONTENT = "content", _("信访内容")
    IDENTITY = "identity", _("举报人信息")


class Side(models.TextChoices):
    """Whose key: the office that receives, or its superior, for what the office itself may not read."""

    OWN = "own", _("本机关")
    SUPERIOR = "superior", _("上级机关")


class Rank(models.TextChoices):
    """职级 of the person reported, as whoever reports knows it."""

    BUREAU = "bureau", _("厅局级")
    COUNTY = "county", _("县处级")
    TOWNSHIP = "township", _("乡科级")
    STAFF = "staff", _("一般干部")
    INSTITUTION = "institution", _("事业单位人员")
    ENTERPRISE = "enterprise", _("企业人员")
    RURAL = "rural", _("农村人员")
    COMMUNITY = "community", _("社区人员")
    OTHER = "other", _("其他人员")


class State(models.TextChoices):
    """Whether it has gone inward."""

    WAITING = "waiting", pgettext_lazy("intake", "待转入")
    CARRIED = "carried", pgettext_lazy("intake", "已转入")


class PublishedKey(models.Model):
    """What is sealed for an office in a compartment is sealed to all of `public`: its key, and escrow. No private half."""

    office = models.UUIDField(editable=False)
    name = models.CharField(_("受理机关"), max_length=128)
    side = models.CharField(_("机关"), max_length=8, choices=Side.choices)
    compartment = models.CharField(_("密封范围"), max_length=8, choices=Compartment.choices)
    public = models.JSONField(default=list)  # "1:…" each
    ranks = models.JSONField(default=list)  # whom the office may deal with; the superior has the others

    class Meta:
        verbose_name = _("公布的密钥")
        constraints = [models.UniqueConstraint(fields=["office", "compartment"], name="published_key_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.get_compartment_display()}"


class Report(models.Model):
    """One report. `lookup` and `reply` follow from the receipt, which nobody keeps but whoever reported."""

    uid = models.UUIDField(primary_key=True, default=new_uid, editable=False)
    lookup = models.CharField(max_length=64, unique=True, editable=False)  # hexadecimal
    reply = models.CharField(max_length=160, editable=False)  # the public key that answers are sealed to
    office = models.UUIDField(editable=False)
    through = models.UUIDField(null=True, editable=False)  # the office that was chosen, where it went to the superior
    side = models.CharField(_("机关"), max_length=8, choices=Side.choices)
    on = models.DateField(_("收件日期"))
    content = models.BinaryField(_("密封件"))
    identity = models.BinaryField(_("举报人信息"), null=True)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)

    class Meta:
        verbose_name = _("网上举报")
        indexes = [models.Index(fields=["state", "office"], name="report_waiting")]

    def __str__(self) -> str:
        return str(self.uid)


class Attachment(models.Model):
    """A sealed file on the disk, under a random name and with a fixed time. Its key and real name lie in the report's envelope."""

    uid = models.UUIDField(primary_key=True, default=new_uid, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="attachments")
    place = models.CharField(max_length=64, unique=True, editable=False)
    size = models.PositiveBigIntegerField(_("大小"))  # bytes, padded

    class Meta:
        verbose_name = _("举报附件")

    def __str__(self) -> str:
        return str(self.uid)


class Message(models.Model):
    """A word of the dialogue: from who reported to the office's key, or from the office to the receipt's."""

    uid = models.UUIDField(primary_key=True, default=new_uid, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="messages")
    seq = models.PositiveIntegerField()
    is_answer = models.BooleanField(_("答复"), default=False)
    on = models.DateField(_("日期"))
    envelope = models.BinaryField(_("密封件"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)

    class Meta:
        verbose_name = _("举报留言")
        constraints = [models.UniqueConstraint(fields=["report", "seq"], name="intake_message_seq_once")]

    def __str__(self) -> str:
        return f"{self.on} {self.seq}"


class SpentTicket(models.Model):
    """A ticket that was used, kept until none of its day is valid any more."""

    ticket = models.CharField(max_length=32, primary_key=True)
    until = models.DateField()

    class Meta:
        verbose_name = _("已用凭单")
        indexes = [models.Index(fields=["until"], name="spent_until")]

    def __str__(self) -> str:
        return self.ticket


class Tally(models.Model):
    """How much came in on a day, against the caps of `services.caps`."""

    on = models.DateField()
    what = models.CharField(max_length=16)
    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("收件计数")
        constraints = [
            models.UniqueConstraint(fields=["on", "what"], name="intake_tally_once"),
            models.CheckConstraint(condition=Q(count__gte=0), name="intake_tally_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.what} {self.count}"
