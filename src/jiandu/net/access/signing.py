"""The decision of a leader on what is put before him, online or on paper: what every table of approvals shares."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiandu.net.subjects.models import Person


class Signing(models.Model):
    """Who asked for it, who decided what on which day; of paper, who typed it and who confirmed it."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("待审批")
        ON_PAPER = "on_paper", _("纸质签批待确认")
        GRANTED = "granted", _("同意")
        REFUSED = "refused", _("不同意")
        LAPSED = "lapsed", _("已失效")

    asked_on = models.DateField(_("提请日期"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_by_name = models.CharField(_("提请人"), max_length=64)
    status = models.CharField(_("状态"), max_length=16, choices=Status.choices, default=Status.WAITING)
    signer_name = models.CharField(_("签批人"), max_length=64, blank=True)
    signer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    signed_on = models.DateField(_("签批日期"), null=True)
    opinion = models.TextField(_("签批意见"), blank=True)
    is_granted = models.BooleanField(_("同意"), null=True)
    is_paper = models.BooleanField(_("纸质"), default=False)
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True


def signed_in_order(name: str) -> list[models.CheckConstraint]:
    """What holds of every such table, whose constraints begin with `name`."""
    return [
        models.CheckConstraint(
            condition=~Q(status__in=["granted", "refused"])
            | (Q(signed_on__isnull=False) & ~Q(signer_name="") & Q(is_granted__isnull=False)),
            name=f"{name}_decided_has_signer",
        ),
        models.CheckConstraint(
            condition=Q(is_paper=False) | Q(typed_by__isnull=False), name=f"{name}_paper_has_typist"
        ),
        models.CheckConstraint(
            condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("typed_by")), name=f"{name}_two_persons"
        ),
    ]


class Scanned(models.Model):
    """What was signed on paper may carry its scan: a file of the store by its hash, under the name that it came with."""

    scan_name = models.CharField(_("扫描件"), max_length=200, blank=True, editable=False)
    scan_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    past_scans = models.JSONField(default=list, editable=False)  # those taken down: name, sha256, on, by, reason

    class Meta:
        abstract = True


def scan_whole(name: str) -> models.CheckConstraint:
    """A scan has its name and its hash, or there is none."""
    return models.CheckConstraint(
        condition=Q(scan_name="", scan_sha256="") | ~Q(scan_name="") & ~Q(scan_sha256=""), name=f"{name}_scan_whole"
    )


def signed_with_scan(name: str) -> list[models.CheckConstraint]:
    """What holds of a table of approvals whose papers carry their own scan."""
    return [
        *signed_in_order(name),
        models.CheckConstraint(condition=Q(scan_name="") | Q(is_paper=True), name=f"{name}_scan_of_paper"),
        scan_whole(name),
    ]
