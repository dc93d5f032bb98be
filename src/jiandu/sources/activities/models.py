"""Work that is planned and done: supervision projects and look-back rounds, and the offices that share each."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.guarded import Part
from jiandu.base.core.models import Stamped
from jiandu.net.access.models import Owned
from jiandu.net.overseers.models import Office


class Activity(Owned):
    """One piece of work. Findings made in it name it as their source, and its parties reach them."""

    still_open = Q(ended_on__isnull=True, merged_into__isnull=True)

    class Kind(models.TextChoices):
        PROJECT = "project", _("项目化监督")
        LOOK_BACK = "look_back", _("回头看")

    kind = models.CharField(_("类别"), max_length=16, choices=Kind.choices)
    year = models.PositiveSmallIntegerField(_("年度"))
    code = models.CharField(_("编号"), max_length=32)
    name = models.CharField(_("名称"), max_length=200)
    approved_on = models.DateField(_("立项日期"), null=True, blank=True)
    approved_is_derived = models.BooleanField(_("立项日期为推定"), default=False)
    ended_on = models.DateField(_("结项日期"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("并入")
    )
    merged_at = models.DateTimeField(_("并入时间"), null=True, blank=True)  # figures before it still count the project
    plan = models.TextField(_("方案"), blank=True)

    class Meta(Owned.Meta):
        verbose_name = _("监督活动")
        constraints = [
            models.UniqueConstraint(fields=["owner_office", "kind", "code"], name="activity_code_once_per_office"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(approved_on__isnull=False, ended_on__gte=F("approved_on")),
                name="activity_in_order",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="activity_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True, merged_at__isnull=True)
                | Q(merged_into__isnull=False, merged_at__isnull=False),
                name="activity_merged_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "year", "code"], name="activity_by_year"),  # measures, pickers, import
            models.Index(fields=["owner_office", "kind"], name="activity_by_office"),  # scope
            models.Index(fields=["owner_path"], name="activity_by_path"),  # scope
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Party(Part, Stamped):
    """An office that shares an activity: the lead office, or a body taking part. The activity counts once."""

    class Role(models.TextChoices):
        LEAD = "lead", _("牵头")
        MEMBER = "member", _("参与")

    root_field = "activity"
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="parties")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("室组"))
    role = models.CharField(_("分工"), max_length=8, choices=Role.choices)
    since = models.DateField(_("参加日期"))

    class Meta(Part.Meta):
        verbose_name = _("承办室组")
        constraints = [models.UniqueConstraint(fields=["activity", "office"], name="party_once")]

    def __str__(self) -> str:
        return f"{self.office} {self.get_role_display()}"
