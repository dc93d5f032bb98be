"""Findings and what hangs on them. Steps are the truth; the columns marked as caches are written with each step."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.guarded import Own, Part
from jiandu.base.core.models import Stamped, Withdrawable
from jiandu.base.lexicon.models import Item
from jiandu.loop.findings import lacking
from jiandu.loop.findings.states import UNFINISHED, State, Verb
from jiandu.net.access.instructed import Instructed, answered_whole
from jiandu.net.access.models import Level, Owned
from jiandu.net.access.signing import Signing, signed_in_order
from jiandu.net.subjects.models import Person
from jiandu.sources.activities.models import Activity
from jiandu.sources.signals.models import Signal
from jiandu.sources.talks.models import Talk


class Finding(Owned):
    """A problem in a public body: about work and units, never about a person's suspected violation."""

    still_open = Q(state__in=sorted(UNFINISHED))
    words = "problem"

    class Rectification(models.TextChoices):
        AT_ONCE = "at_once", _("立行立改")
        BY_TERM = "by_term", _("限期整改")
        LASTING = "lasting", _("长期坚持")

    class Urging(models.IntegerChoices):
        NONE = 0, _("未催办")
        REMIND = 1, _("提醒")
        SUPERVISE = 2, _("督办")
        LISTED = 3, _("挂牌督办")

    code = models.CharField(_("问题编号"), max_length=32)
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("项目/轮次")
    )
    signal = models.ForeignKey(
        Signal, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("来源线头")
    )
    source = models.CharField(_("来源类型"), max_length=16)
    problem = models.CharField(_("问题表现"), max_length=500)
    facts = models.TextField(_("具体事实"), blank=True)
    basis = models.CharField(_("依据条款"), max_length=200, blank=True)
    aspect = models.ForeignKey(
        Item, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("问题类别(方面)")
    )
    rectification = models.CharField(_("整改类型"), max_length=8, choices=Rectification.choices, blank=True)
    amount_fen = models.BigIntegerField(_("涉及金额(分)"), null=True)
    people_count = models.PositiveIntegerField(_("涉及人数"), null=True)
    lead_leader = models.CharField(_("牵头领导"), max_length=64, blank=True)
    rectifier_name = models.CharField(_("责任人"), max_length=64, blank=True)
    rectifier = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    found_by = models.CharField(_("发现人"), max_length=128, blank=True)
    registered_on = models.DateField(_("登记日期"))
    first_due_on = models.DateField(_("原整改时限"), null=True)
    due_on = models.DateField(_("整改时限"), null=True)
    repeat_key = models.CharField(max_length=64, editable=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("并入")
    )
    # caches of the steps
    state = models.CharField(_("状态"), max_length=16, choices=State.choices, default=State.REGISTERED)
    urging = models.PositiveSmallIntegerField(_("催办"), choices=Urging.choices, default=Urging.NONE)
    closed_on = models.DateField(_("销号日期"), null=True)  # of the latest settling
    left_on = models.DateField(_("重新挂账日期"), null=True)  # when it left that settled state; null while it holds
    settled_count = models.PositiveSmallIntegerField(_("销号次数"), default=0)
    excluded_on = models.DateField(null=True, editable=False)
    step_count = models.PositiveIntegerField(default=0, editable=False)
    told_at = models.DateTimeField(null=True, editable=False)  # when the latest step was entered
    looked_on = models.DateField(null=True, editable=False)  # the first look-back
    rebound_on = models.DateField(null=True, editable=False)  # the first look-back that found it not put right
    breach_count = models.PositiveIntegerField(null=True, editable=False)  # of its recorded history; null: none

    class Meta(Owned.Meta):
        verbose_name = _("问题")
        constraints = [
            models.UniqueConstraint(fields=["owner_office", "code"], name="finding_code_once_per_office"),
            models.CheckConstraint(
                condition=Q(activity__isnull=False, signal__isnull=True)
                | Q(activity__isnull=True, signal__isnull=False),
                name="finding_from_one_activity_or_signal",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.CLOSED, State.STAGED]) | Q(closed_on__isnull=False, left_on__isnull=True),
                name="finding_settled_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.MERGED) | Q(merged_into__isnull=False), name="finding_merged_has_main"
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(first_due_on__isnull=False), name="finding_keeps_first_due"
            ),
        ]
        indexes = [
            models.Index(fields=["-registered_on", "-id"], name="finding_newest"),  # ledger, default order
            models.Index(fields=["state", "-registered_on", "-id"], name="finding_by_state"),  # ledger filter
            models.Index(fields=["subject", "-registered_on", "-id"], name="finding_by_subject"),  # filter, unit page
            models.Index(fields=["aspect", "-registered_on", "-id"], name="finding_by_aspect"),  # ledger filter
            models.Index(fields=["source", "-registered_on", "-id"], name="finding_by_source"),  # filter, measures
            models.Index(fields=["rectification", "-registered_on", "-id"], name="finding_by_type"),  # filter
            models.Index(fields=["activity", "registered_on"], name="finding_by_activity"),  # project page, measures
            models.Index(fields=["due_on", "id"], name="finding_due_order"),  # ledger by due date
            models.Index(fields=["closed_on", "id"], name="finding_closed_order"),  # ledger and desk by closing
            models.Index(fields=["state", "due_on", "-registered_on", "-id"], name="finding_by_due"),  # due, overdue
            models.Index(fields=["urging", "-registered_on", "-id"], name="finding_by_urging"),  # filter
            models.Index(fields=["owner_office", "-registered_on", "-id"], name="finding_by_office"),  # scope
            models.Index(fields=["owner_path"], name="finding_by_path"),  # scope
            models.Index(fields=["subject_path"], name="finding_by_subject_path"),  # scope
            models.Index(fields=["source_uid"], name="finding_by_source_uid"),  # scope: assigned activities
            models.Index(fields=["repeat_key", "-registered_on", "-id"], name="finding_by_repeat"),  # repeat proposals
            models.Index(fields=["-registered_on", "-id"], condition=Q(breach_count__gte=1), name="finding_breached"),
            *lacking.indexes(),  # ledger filter, desk
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.listed}"


class Step(Part):
    """One dated act on a finding: `on` is when it happened, `recorded_at` when it was entered. Never changed."""

    root_field = "finding"
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    verb = models.CharField(_("办理"), max_length=16, choices=Verb.choices)
    from_state = models.CharField(max_length=16, choices=State.choices, blank=True)
    to_state = models.CharField(_("状态"), max_length=16, choices=State.choices)
    on = models.DateField(_("日期"))
    recorded_at = models.DateTimeField(_("录入时间"))
    by_name = models.CharField(_("办理人"), max_length=64)
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(_("说明"), blank=True)
    method = models.CharField(_("核验方式"), max_length=16, blank=True)
    is_derived = models.BooleanField(_("日期为推定"), default=False)
    is_history = models.BooleanField(_("历史补录"), default=False)
    on_paper = models.BooleanField(_("纸质签批"), default=False)
    due_on = models.DateField(_("整改时限"), null=True)  # as it stood after the step
    columns = models.CharField(max_length=200, blank=True, editable=False)  # corrected; + before those filled in

    class Meta(Part.Meta):
        verbose_name = _("办理步骤")
        constraints = [
            models.UniqueConstraint(fields=["finding", "seq"], name="step_in_sequence"),
            models.CheckConstraint(condition=~Q(by_name=""), name="step_has_a_person"),
        ]
        indexes = [
            models.Index(fields=["finding", "on", "seq"], name="step_as_of"),  # state as of any date
            models.Index(fields=["recorded_at"], name="step_recorded"),  # what changed since
            models.Index(fields=["finding", "on"], condition=Q(verb="stage"), name="step_staged"),  # note of a measure
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_verb_display()}"


class Approval(Signing, Part, Stamped):
    """An act that waits for a decision, online or on paper. Deciding it makes the move."""

    root_field = "finding"
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="approvals")
    verb = models.CharField(_("事项"), max_length=16, choices=Verb.choices)
    reason = models.TextField(_("事由"), blank=True)
    new_due_on = models.DateField(_("延期至"), null=True)
    merge_into = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, related_name="+")
    receiver = models.CharField(_("移交(送)对象"), max_length=128, blank=True)
    new_level = models.PositiveSmallIntegerField(_("级别"), choices=Level.choices, null=True)  # 放宽知悉范围
    scan = models.ForeignKey(
        "Evidence", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("签批件扫描")
    )

    class Meta(Part.Meta):
        verbose_name = _("签批")
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "verb"], condition=Q(status__in=["waiting", "on_paper"]), name="approval_one_waiting"
            ),
            *signed_in_order("approval"),
        ]
        indexes = [
            models.Index(fields=["status", "asked_on"], name="approval_waiting"),  # approval queue
            models.Index(  # the queue in its order: in a wide scope the first of it are met soon
                fields=["asked_on", "id"], condition=Q(status__in=["waiting", "on_paper"]), name="approval_queue"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.get_status_display()}"


class Measure(Part, Stamped):
    """A rectification measure (整改措施) or milestone, with partial progress; its result is four-valued."""

    class Result(models.TextChoices):
        DONE = "done", _("已完成")
        UNDER_WAY = "under_way", _("正在整改")
        LASTING = "lasting", _("长期整改")
        NOT_BEGUN = "not_begun", _("尚未整改")

    root_field = "finding"
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="measures")
    text = models.TextField(_("整改措施"))
    due_on = models.DateField(_("节点时限"), null=True, blank=True)
    progress_percent = models.PositiveSmallIntegerField(_("进度(%)"), default=0)
    result = models.CharField(_("结果"), max_length=16, choices=Result.choices, default=Result.NOT_BEGUN)
    done_on = models.DateField(_("完成日期"), null=True, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("整改措施")
        constraints = [
            models.CheckConstraint(condition=Q(progress_percent__lte=100), name="measure_percent"),
            models.CheckConstraint(
                condition=~Q(result="done") | Q(progress_percent=100, done_on__isnull=False), name="measure_done"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Evidence(Part, Stamped):
    """An evidence file by its hash. A newer version replaces an older one; nothing is deleted."""

    root_field = "finding"
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="evidence")
    name = models.CharField(_("材料名称"), max_length=200)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField(_("大小"))
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    on = models.DateField(_("提交日期"))
    given_by = models.CharField(_("提交人"), max_length=64)

    class Meta(Part.Meta):
        verbose_name = _("佐证材料")

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class Instruction(Instructed, Part, Stamped):
    """A leader's 批示 on a finding; it is a step of the finding as well."""

    root_field = "finding"
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="instructions")

    class Meta(Part.Meta):
        verbose_name = _("批示")
        constraints = [answered_whole("instruction")]


class LookBack(Part, Stamped):
    """A look-back (回头看) on a settled finding, planned by sampling in a look-back activity or done on its own."""

    class Result(models.TextChoices):
        HELD = "held", _("整改到位")
        NEARLY = "nearly", _("基本到位继续跟踪")
        NOT_HELD = "not_held", _("整改不到位")
        REBOUND = "rebound", _("问题反弹")
        FALSE = "false", _("虚假整改")

    root_field = "finding"
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="look_backs")
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("回头看计划")
    )
    planned_on = models.DateField(_("计划日期"), null=True)
    done_on = models.DateField(_("回头看日期"), null=True)
    result = models.CharField(_("回头看结论"), max_length=16, choices=Result.choices, blank=True)
    checker_name = models.CharField(_("回头看人员"), max_length=64, blank=True)
    checker = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(_("情况"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("回头看")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, result="") | (Q(done_on__isnull=False) & ~Q(result="")),
                name="look_back_done_has_result",
            )
        ]
        indexes = [models.Index(fields=["done_on", "planned_on"], name="look_back_plan")]  # look-back plan

    def __str__(self) -> str:
        return f"{self.done_on or self.planned_on} {self.get_result_display()}"


#: What a look-back says of a problem that was not put right, or did not stay so.
NOT_PUT_RIGHT = frozenset({LookBack.Result.REBOUND, LookBack.Result.NOT_HELD, LookBack.Result.FALSE})


class Repeat(Part, Stamped):
    """A proposal that a finding repeats an earlier one. An officer decides; nothing merges by itself."""

    class Decision(models.TextChoices):
        WAITING = "waiting", _("待研判")
        MERGE = "merge", _("并案")
        REOPEN = "reopen", _("重新挂账")
        NEW = "new", _("作为新问题")

    root_field = "finding"
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="repeats")
    earlier = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="+", verbose_name=_("此前问题"))
    by_officer = models.BooleanField(_("干部提出"), default=False)
    decision = models.CharField(_("处理"), max_length=8, choices=Decision.choices, default=Decision.WAITING)
    decided_on = models.DateField(_("处理日期"), null=True)
    decided_by = models.CharField(_("处理人"), max_length=64, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("重复提示")
        constraints = [
            models.UniqueConstraint(fields=["finding", "earlier"], name="repeat_once"),
            models.CheckConstraint(condition=~Q(finding=F("earlier")), name="repeat_of_another"),
            models.CheckConstraint(
                condition=Q(decision="waiting", decided_on__isnull=True)
                | (~Q(decision="waiting") & Q(decided_on__isnull=False)),
                name="repeat_decided_has_date",
            ),
        ]
        indexes = [models.Index(fields=["decision"], name="repeat_waiting")]  # desk: proposals to decide

    def __str__(self) -> str:
        return self.get_decision_display()


class TalkPointer(Part, Stamped, Withdrawable):
    """A talk points to the problem: keys alone. Who sees the finding sees of the talk only what the talk's scope shows."""

    root_field = "finding"
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="+")
    talk = models.ForeignKey(Talk, on_delete=models.PROTECT, related_name="+", verbose_name=_("谈话"))

    class Meta(Part.Meta):
        verbose_name = _("谈话指向的问题")
        constraints = [
            models.UniqueConstraint(
                fields=["talk", "finding"], condition=Q(withdrawn_on__isnull=True), name="talk_pointer_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.talk_id}"


class Breach(Part):
    """A rule that recorded history broke (a verifier who rectified, dates out of order): kept and listed, not refused."""

    root_field = "finding"
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="breaches")
    rule = models.CharField(_("规则"), max_length=32)
    detail = models.CharField(_("说明"), max_length=300)

    class Meta(Part.Meta):
        verbose_name = _("数据预警")
        constraints = [models.UniqueConstraint(fields=["finding", "rule", "detail"], name="breach_once")]

    def __str__(self) -> str:
        return self.detail


class SavedView(Own, Stamped):
    """A person's own way to look at the ledger: conditions as a query string, columns in order; one may open by itself."""

    name = models.CharField(_("名称"), max_length=32)
    query = models.CharField(_("条件"), max_length=1000, blank=True)
    columns = models.CharField(_("栏目"), max_length=300, blank=True)
    is_default = models.BooleanField(_("默认打开"), default=False)
    is_gone = models.BooleanField(default=False, editable=False)  # dropped by its maker; rows are never deleted

    class Meta(Own.Meta):
        verbose_name = _("常用视图")
        constraints = [
            models.UniqueConstraint(fields=["made_by", "name"], name="saved_view_name_once"),
            models.UniqueConstraint(fields=["made_by"], condition=Q(is_default=True), name="saved_view_one_default"),
        ]

    def __str__(self) -> str:
        return self.name
