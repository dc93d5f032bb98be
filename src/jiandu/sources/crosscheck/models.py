"""What rules said and what officers made of it: data sets as taken in, runs, alerts with their steps, settings of rules.

An alert shows masked values alone; those in clear lie sealed beside them (`clear`) and are opened by a right of its own,
each look logged. Nothing here names a person.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiandu.base.core.guarded import Part
from jiandu.base.core.models import Stamped
from jiandu.base.sealing.fields import EncryptedText
from jiandu.net.access.models import Owned
from jiandu.sources.crosscheck.states import Colour, LinkState, State, Verb
from jiandu.sources.signals.models import Signal

KIND = "crosscheck"  # of what runs rules, in roles.csv


class Dataset(Owned):
    """One folder of tables as it was taken in on a day: {table: version, rows, faults, span}. Never changed."""

    access_kind: ClassVar[str] = KIND
    words = "name"

    name = models.CharField(_("数据集"), max_length=64)
    day = models.DateField(_("数据日期"))
    digest = models.CharField(_("数据版本"), max_length=64)  # of the versions of its tables
    tables = models.JSONField(_("数据表"))

    class Meta(Owned.Meta):
        verbose_name = _("比对数据集")
        constraints = [
            models.UniqueConstraint(fields=["owner_office", "name", "digest", "day"], name="dataset_version_once")
        ]
        indexes = [models.Index(fields=["owner_path"], name="dataset_by_path")]  # scope

    def __str__(self) -> str:
        return f"{self.name} {self.day}"


class RuleRun(Owned):
    """One run of rules over a data set: what ran in which version with which parameters, and what came of each.

    `rules`: a list of {id, name, version, params, hits, new, again, left, seconds, kept, missing, doubts, judged,
    fills, lacks}.
    """

    access_kind: ClassVar[str] = KIND
    words = "code"

    code = models.CharField(_("比对编号"), max_length=32)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="runs", verbose_name=_("数据集"))
    on = models.DateField(_("判断日期"))
    engine = models.CharField(_("引擎"), max_length=64)
    started_at = models.DateTimeField(_("开始时间"))
    finished_at = models.DateTimeField(_("结束时间"))
    by_name = models.CharField(_("运行人"), max_length=64)
    rules = models.JSONField(_("规则"))
    hits = models.PositiveIntegerField(_("命中"))
    fresh = models.PositiveIntegerField(_("新疑点"))
    again = models.PositiveIntegerField(_("再次命中"))

    class Meta(Owned.Meta):
        verbose_name = _("数据比对")
        constraints = [models.UniqueConstraint(fields=["owner_office", "code"], name="run_code_once_per_office")]
        indexes = [
            models.Index(fields=["owner_office", "-finished_at"], name="run_by_office"),  # scope, list
            models.Index(fields=["owner_path"], name="run_by_path"),  # scope
        ]

    def __str__(self) -> str:
        return self.code


class RuleSetting(Owned):
    """How an office runs a rule, from one change to the next: rows are added, never changed; the highest number counts."""

    access_kind: ClassVar[str] = KIND
    words = "rule"

    rule = models.CharField(_("规则"), max_length=40)
    number = models.PositiveIntegerField(_("版次"))
    params = models.JSONField(_("参数"), default=dict)
    is_active = models.BooleanField(_("启用"), default=True)
    floor = models.PositiveSmallIntegerField(_("准确率下限（%）"), default=0)
    definition = models.JSONField(null=True)  # of a rule made by form (shapes.from_data)
    note = models.CharField(_("调整原因"), max_length=200)
    by_name = models.CharField(_("调整人"), max_length=64)

    class Meta(Owned.Meta):
        verbose_name = _("规则设置")
        constraints = [
            models.UniqueConstraint(fields=["owner_office", "rule", "number"], name="rule_setting_once"),
            models.CheckConstraint(condition=Q(floor__lte=100), name="rule_setting_floor_is_share"),
        ]
        indexes = [models.Index(fields=["owner_path"], name="rule_setting_by_path")]  # scope

    def __str__(self) -> str:
        return f"{self.rule} {self.number}"


class Alert(Owned):
    """疑点: one rule on one key. A repeated hit joins it; what was made of it before stays with it.

    `sentence`, `key`, `values` and `behind` are masked; `clear` holds the same in clear, sealed.
    """

    still_open = Q(state=State.WAITING)
    words = "sentence"

    code = models.CharField(_("疑点编号"), max_length=32)
    rule = models.CharField(_("规则"), max_length=40)
    rule_name = models.CharField(_("规则名称"), max_length=64)
    version = models.CharField(_("规则版本"), max_length=16)  # of the last hit
    mark = models.BinaryField(max_length=32, editable=False)  # finds the key again, unread
    same = models.BinaryField(max_length=32, null=True, editable=False)  # equal for the same key under any rule
    key = models.CharField(_("疑点对象"), max_length=200)
    place = models.CharField(_("地点"), max_length=64, blank=True)
    sentence = models.TextField(_("疑点说明"))
    values = models.JSONField(default=list)  # [label, value]
    behind = models.JSONField(default=list)  # [{table, columns, rows}]
    clear = EncryptedText(blank=True)
    doubts = models.JSONField(_("数据存疑"), default=list)  # of the last run: [{table, column, kind, rows, of}]
    linked = models.JSONField(
        _("关联认定"), default=list
    )  # numbers that came by linkage: [{table, column, score, pair}]
    first_run = models.ForeignKey(RuleRun, on_delete=models.PROTECT, related_name="+", verbose_name=_("首次比对"))
    last_run = models.ForeignKey(RuleRun, on_delete=models.PROTECT, related_name="+", verbose_name=_("最近比对"))
    first_on = models.DateField(_("首次命中"))
    last_on = models.DateField(_("最近命中"))
    times = models.PositiveIntegerField(_("命中次数"), default=1)
    told_colour = models.CharField(_("规则级别"), max_length=8, choices=Colour.choices)
    # caches of the steps
    colour = models.CharField(_("级别"), max_length=8, choices=Colour.choices)
    state = models.CharField(_("状态"), max_length=16, choices=State.choices, default=State.WAITING)
    handled_on = models.DateField(_("处置日期"), null=True)
    handled_by = models.CharField(_("处置人"), max_length=64, blank=True)
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    handled_version = models.CharField(max_length=16, blank=True)
    handled_digest = models.CharField(max_length=64, blank=True)  # of the values that were judged
    digest = models.CharField(max_length=64, editable=False)  # of the values of the last hit
    verifier = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    signal = models.ForeignKey(
        Signal, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("来源线头")
    )

    class Meta(Owned.Meta):
        verbose_name = pgettext_lazy("crosscheck", "疑点")
        constraints = [
            models.UniqueConstraint(fields=["owner_office", "code"], name="alert_code_once_per_office"),
            models.UniqueConstraint(fields=["owner_office", "rule", "mark"], name="alert_once_a_rule_and_key"),
            models.CheckConstraint(
                condition=Q(state=State.WAITING, handled_on__isnull=True, handled_by="")
                | (~Q(state=State.WAITING) & Q(handled_on__isnull=False) & ~Q(handled_by="")),
                name="alert_handled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(verifier__isnull=True) | Q(handler__isnull=True) | ~Q(verifier=F("handler")),
                name="alert_verified_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(colour=Colour.CLEARED) | ~Q(state=State.WAITING), name="alert_waiting_has_colour"
            ),
            models.CheckConstraint(
                condition=Q(state=State.TAKEN, signal__isnull=False) | ~Q(state=State.TAKEN),
                name="alert_taken_by_signal",
            ),
        ]
        indexes = [
            models.Index(fields=["owner_office", "state", "colour"], name="alert_by_office"),  # scope, queue
            models.Index(fields=["owner_path"], name="alert_by_path"),  # scope
            models.Index(fields=["subject_path"], name="alert_by_subject"),  # scope
            models.Index(fields=["rule", "place"], name="alert_by_rule"),  # queue, precision, neighbours
            models.Index(fields=["same"], name="alert_by_same"),  # neighbours
            models.Index(fields=["signal"], name="alert_by_signal"),  # finding: where it came from
        ]

    def __str__(self) -> str:
        return self.code


class AlertStep(Part, Stamped):
    """One dated act on an alert, never changed; a hit of a rule is one too, with the run that it came of."""

    root_field = "alert"
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    verb = models.CharField(_("办理"), max_length=16, choices=Verb.choices)
    from_state = models.CharField(max_length=16, choices=State.choices, blank=True)
    to_state = models.CharField(_("状态"), max_length=16, choices=State.choices)
    to_colour = models.CharField(_("级别"), max_length=8, choices=Colour.choices)
    on = models.DateField(_("日期"))
    by_name = models.CharField(_("办理人"), max_length=64)
    version = models.CharField(_("规则版本"), max_length=16)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    run = models.ForeignKey(RuleRun, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(Part.Meta):
        verbose_name = _("疑点处置")
        constraints = [models.UniqueConstraint(fields=["alert", "seq"], name="alert_step_seq_once")]

    def __str__(self) -> str:
        return f"{self.on} {self.get_verb_display()}"


class AlertHit(Part):
    """That a run hit an alert: its list is exactly what it hit, whatever later runs do."""

    root_field = "alert"
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="hits")
    run = models.ForeignKey(RuleRun, on_delete=models.PROTECT, related_name="+")

    class Meta(Part.Meta):
        verbose_name = _("比对命中")
        constraints = [models.UniqueConstraint(fields=["run", "alert"], name="hit_once_a_run")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.alert_id}"


class LinkPair(Owned):
    """Two rows that may be of the same person or company, without a number that says so: it waits for a person.

    What is decided is found again by `mark` and `row`, which say nothing of whom; names stand in `clear` alone, sealed.
    """

    access_kind: ClassVar[str] = "alert"  # who sees and disposes of alerts decides on what they rest on
    words = "code"

    code = models.CharField(_("关联编号"), max_length=32)
    mark = models.BinaryField(max_length=32, editable=False)  # of both rows
    row = models.BinaryField(max_length=32, editable=False)  # of the row whose number is missing
    kind = models.CharField(_("对象"), max_length=16)  # of linkage's schemes: persons, companies
    table = models.CharField(_("数据表"), max_length=32)
    column = models.CharField(_("数据项"), max_length=32)  # which the number is missing in
    place = models.CharField(_("地点"), max_length=64, blank=True)
    compared = models.JSONField(default=list)  # masked: [{label, left, right, words, english, weight}]
    left = models.JSONField(default=list)  # masked: [label, value] of the whole row
    right = models.JSONField(default=list)
    clear = EncryptedText(blank=True)  # {number, compared, left, right}
    probability = models.FloatField(_("相似度"))
    start = models.FloatField()  # bits, as the weights: how rare the same is among all pairs
    reason = models.CharField(_("待认定原因"), max_length=200, blank=True)
    last_run = models.ForeignKey(RuleRun, on_delete=models.PROTECT, related_name="+", verbose_name=_("最近比对"))
    state = models.CharField(_("状态"), max_length=16, choices=LinkState.choices, default=LinkState.WAITING)
    decided_on = models.DateField(_("认定日期"), null=True)
    decided_by = models.CharField(_("认定人"), max_length=64, blank=True)
    note = models.CharField(_("认定理由"), max_length=300, blank=True)

    class Meta(Owned.Meta):
        verbose_name = _("关联认定")
        constraints = [
            models.UniqueConstraint(fields=["owner_office", "code"], name="link_code_once_per_office"),
            models.UniqueConstraint(fields=["owner_office", "mark"], name="link_once_a_pair"),
            models.UniqueConstraint(
                fields=["owner_office", "row"], condition=Q(state=LinkState.SAME), name="link_one_person_a_row"
            ),
            models.CheckConstraint(
                condition=Q(state=LinkState.WAITING, decided_on__isnull=True, decided_by="")
                | (~Q(state=LinkState.WAITING) & Q(decided_on__isnull=False) & ~Q(decided_by="")),
                name="link_decided_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["owner_office", "state"], name="link_by_office"),  # scope, queue, run
            models.Index(fields=["owner_path"], name="link_by_path"),  # scope
        ]

    def __str__(self) -> str:
        return self.code
