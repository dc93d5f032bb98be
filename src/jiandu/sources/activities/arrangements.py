"""上门安排: the day on which a unit is to be inspected or visited in an activity; and 合并开展: two bodies that come together.

A unit of a round has its planned day with its team (LinkedUnit); whatever else is planned has an arrangement.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.guarded import Part
from jiandu.base.core.models import Stamped, Withdrawable
from jiandu.net.access.models import Level, Owned
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation


class Arrangement(Part, Stamped, Withdrawable):
    """上门安排 of one unit, until it is carried out (`held_on`) or cancelled. Unannounced, it is told to no other office."""

    still_open = Q(withdrawn_on__isnull=True, held_on__isnull=True)

    root_field = "activity"
    activity = models.ForeignKey("activities.Activity", on_delete=models.PROTECT, related_name="arrangements")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("单位"))
    on = models.DateField(_("计划日期"))
    note = models.CharField(_("内容"), max_length=200, blank=True)
    is_unannounced = models.BooleanField(_("不打招呼"), default=False)
    held_on = models.DateField(_("开展日期"), null=True, editable=False)

    class Meta(Part.Meta):
        verbose_name = _("上门安排")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "organisation"],
                condition=Q(withdrawn_on__isnull=True, held_on__isnull=True),
                name="arrangement_one_open",
            ),
            models.CheckConstraint(
                condition=Q(held_on__isnull=True) | Q(withdrawn_on__isnull=True), name="arrangement_held_or_cancelled"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "on"], name="arrangement_by_unit")]  # calendar, clashes

    def __str__(self) -> str:
        return f"{self.on} {self.organisation}"


class Joint(Owned, Withdrawable):
    """合并开展: an office moved its visit to the day on which another body comes to the unit, and asked it to come together.

    Owned by who asked, opened to the other office. It names neither activity: each side finds its own by the uid alone.
    """

    access_kind = "activity"
    still_open = Q(withdrawn_on__isnull=True, answered_on__isnull=True)

    class Answer(models.TextChoices):
        WAITING = "waiting", _("待答复")
        AGREED = "agreed", _("同意合并")
        DECLINED = "declined", _("不便合并")

    on = models.DateField(_("开展日期"))
    kind = models.CharField(_("类别"), max_length=16)  # schedule.Kind
    other_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("对方室组"))
    other_kind = models.CharField(_("对方类别"), max_length=16)
    plan_uid = models.UUIDField(editable=False)  # of the planned day that was moved
    other_plan_uid = models.UUIDField(editable=False)
    other_uid = models.UUIDField(editable=False)  # of their activity
    by_name = models.CharField(_("提出人"), max_length=64)
    asked_on = models.DateField(_("提出日期"))
    answer = models.CharField(_("答复"), max_length=8, choices=Answer.choices, default=Answer.WAITING)
    answered_on = models.DateField(_("答复日期"), null=True)
    answered_by = models.CharField(_("答复人"), max_length=64, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta(Owned.Meta):
        verbose_name = _("合并开展")
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="waiting", answered_on__isnull=True, answered_by="")
                | ~Q(answer="waiting") & Q(answered_on__isnull=False) & ~Q(answered_by=""),
                name="joint_answered_by_somebody",
            ),
            models.CheckConstraint(condition=Q(level__lte=Level.INTERNAL), name="joint_is_known_to_both"),
            models.UniqueConstraint(
                fields=["plan_uid", "other_plan_uid"],
                condition=Q(withdrawn_on__isnull=True),
                name="joint_once",
            ),
        ]
        indexes = [
            models.Index(fields=["owner_path"], name="joint_by_path"),  # scope
            models.Index(fields=["source_uid"], name="joint_by_source"),  # scope, activity page
            models.Index(fields=["other_uid"], name="joint_by_other"),  # the other activity's page
            models.Index(fields=["other_office", "answered_on"], name="joint_by_other_office"),  # its desk
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.subject}"
