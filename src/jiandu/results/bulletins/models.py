"""情况分析稿: a period of an office, drafted and kept; 批示 on it; 预警提示: what was sent to whom, and what came back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiandu.base.core.guarded import Part
from jiandu.base.core.models import Stamped, Withdrawable
from jiandu.base.lexicon.models import Item
from jiandu.net.access.instructed import Instructed, answered_whole
from jiandu.net.access.models import Level, Owned
from jiandu.net.overseers.models import Office
from jiandu.results.alarms.models import Alarm
from jiandu.results.bulletins import states


class PetitionBulletin(Owned, Withdrawable):
    """The bulletin of an office for a period; with a domain or a unit (`subject`) 专题. A draft has no figure of its own:
    it is counted when it is looked at. Kept, it is what was counted that day, within and for outside.
    """

    words = "code"
    still_open = Q(withdrawn_on__isnull=True, state="drafted")

    class Span(models.TextChoices):
        WEEK = "week", pgettext_lazy("bulletin", "周分析")
        MONTH = "month", pgettext_lazy("bulletin", "月分析")
        QUARTER = "quarter", pgettext_lazy("bulletin", "季度分析")
        MONTHS = "months", pgettext_lazy("bulletin", "月度累计分析")
        YEAR = "year", pgettext_lazy("bulletin", "年度分析")

    State = states.State

    code = models.CharField(_("分析编号"), max_length=32)
    span = models.CharField(_("周期"), max_length=8, choices=Span.choices)
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveSmallIntegerField(_("期次"))
    last_on = models.DateField(_("截止日期"))
    domain = models.ForeignKey(
        Item, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("领域")
    )
    remarks = models.TextField(_("特点和建议"), blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.DRAFTED)
    kept_on = models.DateField(_("定稿日期"), null=True)
    kept_by = models.CharField(_("定稿人"), max_length=64, blank=True)
    inner = models.JSONField(null=True, editable=False)  # digests.freezing
    outer = models.JSONField(null=True, editable=False)  # none: too few to leave the office

    class Meta(Owned.Meta):
        verbose_name = _("情况分析稿")
        constraints = [
            models.UniqueConstraint(fields=["owner_office", "code"], name="bulletin_code_once_per_office"),
            models.UniqueConstraint(
                fields=["owner_office", "span", "year", "number"],
                condition=Q(withdrawn_on__isnull=True, domain__isnull=True, subject__isnull=True),
                name="bulletin_once_a_period",
            ),
            models.CheckConstraint(condition=Q(level__gte=Level.SENSITIVE), name="bulletin_is_sensitive"),
            models.CheckConstraint(
                condition=Q(state="kept", kept_on__isnull=False, inner__isnull=False) & ~Q(kept_by="")
                | Q(state="drafted", kept_on__isnull=True, kept_by="", inner__isnull=True, outer__isnull=True),
                name="bulletin_kept_with_its_figures",
            ),
        ]
        indexes = [
            models.Index(fields=["owner_office", "-last_on"], name="bulletin_by_office"),  # scope, list
            models.Index(fields=["owner_path"], name="bulletin_by_path"),  # scope
            models.Index(fields=["subject_path"], name="bulletin_by_subject"),  # scope
        ]

    def __str__(self) -> str:
        return self.code


class BulletinInstruction(Instructed, Part, Stamped):
    """A leader's 批示 on a bulletin, for an office to act on."""

    root_field = "bulletin"
    can_take = Q(withdrawn_on__isnull=True, state="kept")
    bulletin = models.ForeignKey(PetitionBulletin, on_delete=models.PROTECT, related_name="instructions")

    class Meta(Part.Meta):
        verbose_name = _("情况分析批示")
        constraints = [answered_whole("bulletin_instruction")]


class Advisory(Owned, Withdrawable):
    """预警提示: the outside version of a bulletin, or what an alarm may say, as it was sent to an office or a body;
    or 工作提醒函: how much is overdue with an office or a body.
    """

    class Kind(models.TextChoices):
        WARNING = "warning", _("预警提示")
        REMINDER = "reminder", _("工作提醒函")

    words = "code"
    still_open = Q(withdrawn_on__isnull=True, asks_answer=True, answered_on__isnull=True)

    kind = models.CharField(_("类型"), max_length=8, choices=Kind.choices, default=Kind.WARNING)
    code = models.CharField(_("提示编号"), max_length=32)
    bulletin = models.ForeignKey(
        PetitionBulletin, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("情况分析稿")
    )
    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("苗头预警"))
    title = models.CharField(_("标题"), max_length=200)
    told = models.TextField(_("提示内容"))  # the sentences as they went
    figures = models.JSONField(null=True, editable=False)  # the outside version, digests.freezing
    asked = models.TextField(_("工作要求"), blank=True)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("接收部门")
    )
    body = models.CharField(_("接收机关"), max_length=128, blank=True)  # one without an office here: on paper
    sent_on = models.DateField(_("分送日期"))
    sent_by = models.CharField(_("分送人"), max_length=64)
    asks_answer = models.BooleanField(_("要求反馈"), default=True)
    due_on = models.DateField(_("反馈期限"), null=True)
    received_on = models.DateField(_("签收日期"), null=True)
    received_by = models.CharField(_("签收人"), max_length=64, blank=True)
    answered_on = models.DateField(_("反馈日期"), null=True)
    answered_by = models.CharField(_("反馈人"), max_length=64, blank=True)
    answer = models.TextField(_("反馈情况"), blank=True)

    class Meta(Owned.Meta):
        verbose_name = _("预警提示")
        constraints = [
            models.UniqueConstraint(fields=["owner_office", "code"], name="advisory_code_once_per_office"),
            models.CheckConstraint(
                condition=Q(bulletin__isnull=False, alarm__isnull=True) | Q(bulletin__isnull=True, alarm__isnull=False),
                name="advisory_of_one",
            ),
            models.CheckConstraint(
                condition=Q(office__isnull=False, body="") | (Q(office__isnull=True) & ~Q(body="")),
                name="advisory_to_one",
            ),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True, received_by="", answered_on__isnull=True)
                | (Q(received_on__gte=models.F("sent_on")) & ~Q(received_by="")),
                name="advisory_received_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, answered_by="", answer="")
                | (Q(answered_on__gte=models.F("received_on")) & ~Q(answered_by="") & ~Q(answer="")),
                name="advisory_answered_in_words",
            ),
            models.CheckConstraint(condition=Q(level__gte=Level.SENSITIVE), name="advisory_is_sensitive"),
            models.CheckConstraint(
                condition=Q(kind="warning") | Q(kind="reminder", bulletin__isnull=False),
                name="advisory_reminds_of_a_bulletin",
            ),
        ]
        indexes = [
            models.Index(fields=["owner_office", "-sent_on"], name="advisory_by_office"),  # scope, list
            models.Index(fields=["owner_path"], name="advisory_by_path"),  # scope
            models.Index(fields=["subject_path"], name="advisory_by_subject"),  # scope
            models.Index(fields=["source_uid"], name="advisory_by_source"),  # scope, page of the bulletin
            models.Index(fields=["office", "received_on"], name="advisory_to_office"),  # the recipient's desk
        ]

    def __str__(self) -> str:
        return self.code
