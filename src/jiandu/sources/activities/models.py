"""Work that is planned and done: projects, rounds, topics, campaigns, checks; who shares each, and what happened in it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.guarded import Part
from jiandu.base.core.models import Stamped, Withdrawable
from jiandu.base.lexicon.models import Item
from jiandu.net.access.instructed import Instructed, answered_whole
from jiandu.net.access.models import Owned
from jiandu.net.access.signing import Scanned, Signing, signed_with_scan
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation, Person
from jiandu.sources.activities import arrangements, project_parts  # noqa: F401 -- their tables are of this package


class Activity(Owned):
    """One piece of work. Findings made in it name it as their source, and its parties reach them."""

    still_open = Q(ended_on__isnull=True, merged_into__isnull=True, dropped_on__isnull=True)

    class Kind(models.TextChoices):
        PROJECT = "project", _("项目化监督")
        LOOK_BACK = "look_back", _("回头看")
        ROUND = "round", _("委领导挂钩监督")
        TOPIC = "topic", _("点题整治")
        CAMPAIGN = "campaign", _("专项整治")
        CHECK = "check", _("监督检查")

    kind = models.CharField(_("类别"), max_length=16, choices=Kind.choices)
    year = models.PositiveSmallIntegerField(_("年度"))
    code = models.CharField(_("编号"), max_length=32)
    name = models.CharField(_("名称"), max_length=200)
    approved_on = models.DateField(_("立项日期"), null=True, blank=True)
    approved_is_derived = models.BooleanField(_("立项日期为推定"), default=False)
    due_on = models.DateField(_("计划结项日期"), null=True, blank=True)  # of a project; moved by 延期结项 alone
    dropped_on = models.DateField(_("不予立项日期"), null=True, blank=True)  # proposed, and never begun
    ended_on = models.DateField(_("结项日期"), null=True, blank=True)
    is_stopped = models.BooleanField(_("已终止"), default=False)  # ended without having reached its targets
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("并入")
    )
    merged_on = models.DateField(_("并入日期"), null=True, blank=True)  # figures as of an earlier day still count it
    merged_at = models.DateTimeField(null=True, editable=False)  # when that was entered: a frozen figure keeps it
    plan = models.TextField(_("方案"), blank=True)
    period_from = models.DateField(_("起始日期"), null=True, blank=True)  # of a round: when its work is to be done
    period_to = models.DateField(_("截止日期"), null=True, blank=True)
    field = models.ForeignKey(  # what a campaign is about: the figures of a field count its campaigns
        Item, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("领域")
    )
    points = models.JSONField(_("监督要点"), default=list, blank=True)  # list of str: the sentences that teams check

    class Meta(Owned.Meta):
        verbose_name = _("监督活动")
        constraints = [
            models.UniqueConstraint(fields=["owner_office", "kind", "code"], name="activity_code_once_per_office"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(approved_on__isnull=False, ended_on__gte=F("approved_on")),
                name="activity_in_order",
            ),
            models.CheckConstraint(
                condition=Q(is_stopped=False) | Q(ended_on__isnull=False), name="activity_stopped_on_a_day"
            ),
            models.CheckConstraint(
                condition=Q(period_from__isnull=True, period_to__isnull=True)
                | Q(period_from__isnull=False, period_to__isnull=False, period_to__gte=F("period_from")),
                name="activity_period",
            ),
            models.CheckConstraint(
                condition=Q(dropped_on__isnull=True) | Q(approved_on__isnull=True, merged_into__isnull=True),
                name="activity_dropped_before_approval",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="activity_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True, merged_on__isnull=True, merged_at__isnull=True)
                | Q(merged_into__isnull=False, merged_on__isnull=False, merged_at__isnull=False),
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


class Event(Part, Stamped, Withdrawable):
    """One dated turn in the life of an activity: `on` is when it happened, created_at when it was entered. Never changed."""

    class Verb(models.TextChoices):
        START = "start", _("印发方案并启动")
        REPORT = "report", _("报送报告")
        APPROVE_REPORT = "approve_report", _("审定报告")
        FINISH = "finish", _("结束本轮")
        CARRY_ON = "carry_on", _("深化推进")
        CONCLUDE = "conclude", _("结题完成")
        FOLLOW_UP = "follow_up", _("跟进")
        NO_CHANGE = "no_change", _("本月无变化")
        PUT_OFF = "put_off", _("延期结项")
        NOTE = "note", _("记事")

    ONCE = (Verb.START, Verb.APPROVE_REPORT, Verb.FINISH, Verb.CARRY_ON, Verb.CONCLUDE)

    root_field = "activity"
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="events")
    verb = models.CharField(_("事项"), max_length=16, choices=Verb.choices)
    on = models.DateField(_("日期"))
    by_name = models.CharField(_("办理人"), max_length=64)
    office = models.ForeignKey(  # in which who entered it serves: of a shared project, which body told
        Office, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("室组")
    )
    note = models.TextField(_("说明"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("活动记事")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "verb"],
                condition=Q(
                    verb__in=["start", "approve_report", "finish", "carry_on", "conclude"], withdrawn_on__isnull=True
                ),
                name="event_once",
            ),
        ]
        indexes = [models.Index(fields=["verb", "on"], name="event_by_verb")]  # measures

    def __str__(self) -> str:
        return f"{self.on} {self.get_verb_display()}"


class ActivityApproval(Signing, Scanned, Part, Stamped):
    """What a leader decided about an activity, online or on paper. A granted one has made what it says."""

    class Verb(models.TextChoices):
        APPROVE = "approve", _("立项")
        END = "end", _("结项")
        STOP = "stop", _("终止")
        PUT_OFF = "put_off", _("延期结项")
        MERGE = "merge", _("并入")
        DROP = "drop", _("不予立项")
        APPROVE_REPORT = "approve_report", _("审定报告")
        CARRY_ON = "carry_on", _("深化推进")
        CONCLUDE = "conclude", _("结题完成")

    root_field = "activity"
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="approvals")
    verb = models.CharField(_("事项"), max_length=16, choices=Verb.choices)
    note = models.TextField(_("说明"), blank=True)
    merge_into = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("并入")
    )
    until = models.DateField(_("延期至"), null=True)  # of 延期结项

    class Meta(Part.Meta):
        verbose_name = _("监督活动签批")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "verb"],
                condition=Q(status__in=["waiting", "on_paper"]),
                name="activity_approval_one_waiting",
            ),
            *signed_with_scan("activity_approval"),
        ]
        indexes = [models.Index(fields=["status", "asked_on"], name="activity_approval_waiting")]  # approval queue

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.get_status_display()}"


class ActivityInstruction(Instructed, Part, Stamped):
    """A leader's 批示 on a project, a round, a topic, a campaign or a check."""

    root_field = "activity"
    can_take = Q(merged_into__isnull=True)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="instructions")

    class Meta(Part.Meta):
        verbose_name = _("监督活动批示")
        constraints = [answered_whole("activity_instruction")]


class Team(Part, Stamped):
    """A team of a round, led by a commission leader; its other members by name."""

    root_field = "activity"
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(_("组别"), max_length=64)
    leader = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("带队委领导"))
    members = models.CharField(_("成员"), max_length=300, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("挂钩监督组")
        constraints = [models.UniqueConstraint(fields=["activity", "name"], name="team_once")]

    def __str__(self) -> str:
        return self.name


class LinkedUnit(Part, Stamped, Withdrawable):
    """A unit that a team of the round is to visit, with the day planned. One team a unit and round."""

    root_field = "activity"
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="linked_units")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", verbose_name=_("挂钩监督组"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("挂钩单位")
    )
    planned_on = models.DateField(_("计划走访日期"), null=True, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("挂钩单位")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "organisation"],
                condition=Q(withdrawn_on__isnull=True),
                name="linked_unit_one_team",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}"


class Visit(Part, Stamped, Withdrawable):
    """走访: a team was at a unit on a day. Several visits of one unit are 家次; the unit counts once a year."""

    root_field = "activity"
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="visits")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("挂钩监督组"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("走访单位")
    )
    on = models.DateField(_("走访日期"))
    place = models.CharField(_("地点"), max_length=128, blank=True)
    members = models.CharField(_("参加人员"), max_length=300, blank=True)
    attendees = models.CharField(_("单位参加人员"), max_length=300, blank=True)
    note = models.TextField(_("了解到的情况"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("走访")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "organisation", "on"],
                condition=Q(withdrawn_on__isnull=True),
                name="visit_once_a_day",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "on"], name="visit_by_unit")]  # measures, unit file

    def __str__(self) -> str:
        return f"{self.on} {self.organisation}"


class SelfCheck(Part, Stamped, Withdrawable):
    """自查自纠 of a unit in a campaign: what it found itself, and what of that it had put right by then."""

    root_field = "activity"
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="self_checks")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("自查单位")
    )
    on = models.DateField(_("自查日期"))
    found_count = models.PositiveIntegerField(_("自查发现问题"))
    fixed_count = models.PositiveIntegerField(_("已自纠"))
    note = models.TextField(_("自查情况"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("自查自纠")
        constraints = [
            models.CheckConstraint(condition=Q(fixed_count__lte=F("found_count")), name="self_check_adds_up"),
            models.UniqueConstraint(
                fields=["activity", "organisation", "on"],
                condition=Q(withdrawn_on__isnull=True),
                name="self_check_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.organisation}"


class Material(Part, Stamped):
    """A paper that a unit is asked for before or during a visit, and when it came."""

    root_field = "activity"
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="materials")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("单位"))
    name = models.CharField(_("材料名称"), max_length=200)
    asked_on = models.DateField(_("调取日期"))
    received_on = models.DateField(_("收到日期"), null=True, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("调取材料")
        constraints = [
            models.UniqueConstraint(fields=["activity", "organisation", "name"], name="material_once"),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True) | Q(received_on__gte=F("asked_on")), name="material_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name
