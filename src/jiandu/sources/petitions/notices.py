"""案管通报件: what case supervision was told of, in its own hands: number, days and handling room, nothing of what an item says.

Case supervision reaches no petition of the petition office. The notice is its own row, a pointer (decision 0002).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiandu.net.access.models import Level, Owned
from jiandu.net.overseers.models import Office
from jiandu.sources.petitions.states import Kind


class CaseNotice(Owned):
    """A first item that went to a room, as told to the case office that owns this row. `source_uid` is the petition's."""

    access_kind = "petition"
    words = "petition_code"
    still_open = Q(taken_on__isnull=True)

    petition_code = models.CharField(_("信访编号"), max_length=32)
    kind = models.CharField(_("信访类别"), max_length=12, choices=Kind.choices)
    received_on = models.DateField(_("收件日期"))
    routed_on = models.DateField(_("转办日期"))
    handler = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("承办部门"))
    on = models.DateField(_("通报案管日期"))
    told_by = models.CharField(_("通报人"), max_length=64)
    taken_on = models.DateField(_("签收日期"), null=True, blank=True)
    taken_by = models.CharField(_("签收人"), max_length=64, blank=True)

    class Meta(Owned.Meta):
        verbose_name = _("案管通报件")
        constraints = [
            models.UniqueConstraint(fields=["owner_office", "source_uid"], name="case_notice_once"),
            models.CheckConstraint(condition=Q(level__gte=Level.SENSITIVE), name="case_notice_is_sensitive"),
            models.CheckConstraint(condition=Q(subject__isnull=True), name="case_notice_about_nobody"),
            models.CheckConstraint(condition=Q(on__gte=F("routed_on")), name="case_notice_after_routing"),
            models.CheckConstraint(
                condition=Q(taken_on__isnull=True, taken_by="") | (Q(taken_on__gte=F("on")) & ~Q(taken_by="")),
                name="case_notice_taken_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["owner_office", "-on"], name="case_notice_by_office"),  # scope, list
            models.Index(fields=["owner_path"], name="case_notice_by_path"),  # scope
            models.Index(fields=["source_uid"], name="case_notice_by_source"),  # scope
        ]

    def __str__(self) -> str:
        return self.petition_code
