"""Topics across years, and what hangs on a year's activity: “四定” plan, progress, messages, evaluation, results."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.guarded import Part
from jiandu.base.core.models import Stamped, Withdrawable
from jiandu.net.access.models import Owned
from jiandu.net.subjects.models import Organisation
from jiandu.sources.activities.models import Activity


class Topic(Owned, Withdrawable):
    """What the public named, whatever the year. Each year that it is worked on is an activity (`TopicYear`)."""

    class Tier(models.TextChoices):
        PROVINCE = "province", _("省级")
        CITY = "city", _("市级")
        DISTRICT = "district", _("区级")

    code = models.CharField(_("编号"), max_length=32)
    name = models.CharField(_("点题事项"), max_length=200)
    tier = models.CharField(_("层级"), max_length=8, choices=Tier.choices, default=Tier.CITY)
    chosen_by = models.CharField(_("选题来源"), max_length=200, blank=True)

    class Meta(Owned.Meta):
        verbose_name = _("点题事项")
        constraints = [models.UniqueConstraint(fields=["owner_office", "code"], name="topic_code_once_per_office")]
        indexes = [
            models.Index(fields=["owner_office"], name="topic_by_office"),  # scope
            models.Index(fields=["owner_path"], name="topic_by_path"),  # scope
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class TopicYear(Part, Stamped):
    """The year in which an activity works on a topic, and its plan by 四定: 定措施, 定进度 (who and what are rows)."""

    root_field = "activity"
    activity = models.OneToOneField(Activity, on_delete=models.PROTECT, related_name="topic_year")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+", verbose_name=_("点题事项"))
    year = models.PositiveSmallIntegerField(_("年度"))  # of the activity
    measures = models.TextField(_("定措施"), blank=True)
    schedule = models.TextField(_("定进度"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("点题年度")
        constraints = [models.UniqueConstraint(fields=["topic", "year"], name="topic_once_a_year")]

    def __str__(self) -> str:
        return f"{self.year}"


class LeadDepartment(Part, Stamped, Withdrawable):
    """定主体: a department that answers the topic; there may be several leading ones."""

    class Role(models.TextChoices):
        LEAD = "lead", _("牵头部门")
        MEMBER = "member", _("责任部门")

    root_field = "activity"
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="departments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("部门"))
    role = models.CharField(_("分工"), max_length=8, choices=Role.choices, default=Role.LEAD)

    class Meta(Part.Meta):
        verbose_name = _("答题部门")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "organisation"], condition=Q(withdrawn_on__isnull=True), name="lead_department_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class Target(Part, Stamped, Withdrawable):
    """定目标: something counted that is to be reached by a day."""

    root_field = "activity"
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="targets")
    name = models.CharField(_("目标"), max_length=200)
    unit = models.CharField(_("单位"), max_length=16)
    planned = models.PositiveIntegerField(_("目标值"))
    due_on = models.DateField(_("完成时限"), null=True, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("量化目标")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "name"], condition=Q(withdrawn_on__isnull=True), name="target_once"
            ),
            models.CheckConstraint(condition=Q(planned__gt=0), name="target_is_something"),
        ]

    def __str__(self) -> str:
        return self.name


class Reached(Part, Stamped, Withdrawable):
    """How far a target had come by a day: cumulative, not added up."""

    root_field = "activity"
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="reached")
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="+", verbose_name=_("目标"))
    on = models.DateField(_("截至"))
    amount = models.PositiveIntegerField(_("完成值"))

    class Meta(Part.Meta):
        verbose_name = _("目标完成情况")
        constraints = [
            models.UniqueConstraint(
                fields=["target", "on"], condition=Q(withdrawn_on__isnull=True), name="reached_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.amount}"


class Progress(Part, Stamped, Withdrawable):
    """What was done in a month, in words."""

    root_field = "activity"
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="progress")
    month = models.DateField(_("月份"))  # its first day
    text = models.TextField(_("进展"))
    by_name = models.CharField(_("填报人"), max_length=64)

    class Meta(Part.Meta):
        verbose_name = _("月度进展")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "month"], condition=Q(withdrawn_on__isnull=True), name="progress_once_a_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class MonthlyCount(Part, Stamped, Withdrawable):
    """How many matters came in and were closed in a month: messages of the public, or the departments' own lists."""

    class Kind(models.TextChoices):
        MESSAGES = "messages", _("群众留言")
        OWN_LIST = "own_list", _("部门自查清单")

    root_field = "activity"
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="counts")
    kind = models.CharField(_("类别"), max_length=8, choices=Kind.choices)
    month = models.DateField(_("月份"))  # its first day
    on = models.DateField(editable=False)  # its last day: from then on it counts
    received = models.PositiveIntegerField(_("受理"))
    closed = models.PositiveIntegerField(_("办结"))

    class Meta(Part.Meta):
        verbose_name = _("月度件数")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "kind", "month"],
                condition=Q(withdrawn_on__isnull=True),
                name="monthly_count_once",
            ),
            models.CheckConstraint(condition=Q(on__gte=F("month")), name="monthly_count_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.get_kind_display()}"


class Evaluation(Part, Stamped, Withdrawable):
    """社会评价: three rates in hundredths of a per cent, how many were asked, and by whom."""

    root_field = "activity"
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="evaluations")
    on = models.DateField(_("评价日期"))
    evaluator = models.CharField(_("评价单位"), max_length=128)
    sample = models.PositiveIntegerField(_("样本量"))
    known = models.PositiveIntegerField(_("知晓率"))
    satisfied = models.PositiveIntegerField(_("满意率"))
    supported = models.PositiveIntegerField(_("支持率"))

    class Meta(Part.Meta):
        verbose_name = _("社会评价")
        constraints = [
            models.CheckConstraint(
                condition=Q(known__lte=10_000, satisfied__lte=10_000, supported__lte=10_000, sample__gt=0),
                name="evaluation_within_hundred",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.evaluator}"


class Achievement(Part, Stamped, Withdrawable):
    """A line of the list of results that is published."""

    root_field = "activity"
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="achievements")
    on = models.DateField(_("日期"))
    text = models.CharField(_("成果"), max_length=300)

    class Meta(Part.Meta):
        verbose_name = _("整治成果")

    def __str__(self) -> str:
        return self.text
