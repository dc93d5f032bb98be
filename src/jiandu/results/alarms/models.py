"""预警: what rose above what was to be expected, in which week, and what an officer made of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiandu.base.core.guarded import Part
from jiandu.base.core.models import Stamped
from jiandu.base.lexicon.models import Item
from jiandu.loop.instruments.models import Instrument
from jiandu.net.access.models import Level, Owned
from jiandu.net.subjects.models import Region


class Alarm(Owned):
    """One rule on one series in one week. `subject`, `domain`, `region` say which series: any of them, none for all."""

    words = "code"
    still_open = Q(state="waiting")

    class Rule(models.TextChoices):
        RISE = "rise", _("件数超出预期")
        SENDERS = "senders", _("多人反映同一人")
        REPEATS = "repeats", _("重复率偏高")
        OVER_LEVEL = "over_level", _("越级件突增")
        SHARED = "shared", _("多个单位同类问题")
        WORD = "word", _("多个单位同一关键词")

    class State(models.TextChoices):
        WAITING = "waiting", _("待研判")
        CONFIRMED = "confirmed", pgettext_lazy("alarm state", "确认")
        DISMISSED = "dismissed", _("排除")

    class Reason(models.TextChoices):
        CHANCE = "chance", _("偶然波动")
        CAMPAIGN = "campaign", _("同一批联名或群发")
        ENTRY = "entry", _("登记或分类有误")
        KNOWN = "known", _("已在处理")
        OTHER = "other", _("其他原因")

    code = models.CharField(_("预警编号"), max_length=32)
    rule = models.CharField(_("规则"), max_length=12, choices=Rule.choices)
    week = models.DateField(_("周起"))  # a Monday
    domain = models.ForeignKey(
        Item, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("领域")
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("属地")
    )
    category = models.CharField(_("内容分类"), max_length=8, blank=True)  # a code of lexicon.categories "domain"
    word = models.BinaryField(_("关键词"), null=True, editable=False)  # out of sealed texts, so sealed to the office
    items = models.JSONField(default=list, blank=True, editable=False)  # uids of those that hold the word
    series = models.CharField(max_length=64, editable=False)  # keys of unit, domain, region …, for once a week
    since = models.DateField(_("统计期起"))
    observed = models.PositiveIntegerField(_("件数"))
    expected = models.FloatField(_("预期"), null=True)
    threshold = models.FloatField(_("上限"), null=True)
    chance = models.FloatField(_("偶然概率"), null=True)
    sure = models.CharField(_("把握"), max_length=12, blank=True)  # a key of results.warnings.judging.SURE
    why = models.CharField(_("说明"), max_length=300)
    why_en = models.CharField(max_length=300)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.WAITING)
    reason = models.CharField(_("排除原因"), max_length=12, choices=Reason.choices, blank=True)
    note = models.CharField(_("研判意见"), max_length=300, blank=True)
    decided_on = models.DateField(_("研判日期"), null=True)
    decided_by = models.CharField(_("研判人"), max_length=64, blank=True)

    class Meta(Owned.Meta):
        verbose_name = _("苗头预警")
        constraints = [
            models.UniqueConstraint(fields=["owner_office", "code"], name="alarm_code_once_per_office"),
            models.UniqueConstraint(fields=["owner_office", "rule", "week", "series"], name="alarm_once_a_week"),
            models.CheckConstraint(condition=Q(level__gte=Level.SENSITIVE), name="alarm_is_sensitive"),
            models.CheckConstraint(
                condition=Q(rule="word", word__isnull=False) | (~Q(rule="word") & Q(word__isnull=True)),
                name="alarm_word_sealed",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_on__isnull=True, decided_by="", reason="")
                | (Q(decided_on__isnull=False) & ~Q(decided_by="") & ~Q(state="waiting")),
                name="alarm_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="dismissed", reason__gt="") | (~Q(state="dismissed") & Q(reason="")),
                name="alarm_dismissed_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["owner_office", "week"], name="alarm_by_office"),  # scope, list
            models.Index(fields=["owner_path"], name="alarm_by_path"),  # scope
            models.Index(fields=["subject_path"], name="alarm_by_subject"),  # scope
        ]

    def __str__(self) -> str:
        return self.code


class AlarmLetter(Part, Stamped):
    """A letter to the unit that came of a confirmed alarm."""

    root_field = "alarm"
    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="letters")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+", verbose_name=_("监督文书"))

    class Meta(Part.Meta):
        verbose_name = _("预警文书")
        constraints = [models.UniqueConstraint(fields=["instrument"], name="letter_of_one_alarm")]

    def __str__(self) -> str:
        return str(self.instrument_id)
