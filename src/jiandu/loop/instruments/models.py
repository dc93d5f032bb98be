"""Sheets and letters of the commission, and what hangs on them. What happened to one is a dated row, never a changed column."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.guarded import Part
from jiandu.base.core.models import Stamped, Withdrawable
from jiandu.base.lexicon.models import Item
from jiandu.loop.findings.models import Finding
from jiandu.net.access.instructed import Instructed, answered_whole
from jiandu.net.access.models import Owned
from jiandu.net.access.signing import Scanned, Signing, scan_whole, signed_with_scan
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation, Person
from jiandu.sources.activities.models import Activity

STANDS = Q(withdrawn_on__isnull=True)


class Wording(Stamped):
    """A version of an office's words for a kind of sheet (see instruments.wording); in use from `used_on` on."""

    kind = models.CharField(_("文种"), max_length=16)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("监督机构"))
    version = models.PositiveSmallIntegerField(_("版本"))
    title = models.CharField(_("标题"), max_length=200)
    to = models.CharField(_("主送"), max_length=200)
    text = models.TextField(_("正文"))
    by_name = models.CharField(_("修改人"), max_length=64)
    used_on = models.DateField(_("启用日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("文书用语")
        constraints = [
            models.UniqueConstraint(fields=["office", "kind", "version"], name="wording_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class Instrument(Owned, Withdrawable):
    """One sheet or letter to a unit, or about a unit to the leader in charge of it. Taken back, it no longer counts."""

    class Kind(models.TextChoices):
        COPY_REPORT = "copy_report", _("问题抄报单")
        DISCIPLINE = "discipline", _("纪律检查建议书")
        SUPERVISION = "supervision", _("监察建议书")
        JOINT = "joint", _("纪检监察建议书")
        REMINDER = "reminder", _("提醒函")
        URGING = "urging", _("督办函")
        NOTICE = "notice", _("整改通知")
        ASSIGNMENT = "assignment", _("交办单")
        PETITION = "petition", _("信访监督建议书")

    still_open = Q(withdrawn_on__isnull=True, closed_on__isnull=True)

    #: 纪检监察建议书 in the sense of the figures: the three legal kinds, no letter beside them.
    PROPOSALS = (Kind.DISCIPLINE, Kind.SUPERVISION, Kind.JOINT)
    LETTERS = (*PROPOSALS, Kind.REMINDER, Kind.URGING, Kind.NOTICE, Kind.ASSIGNMENT, Kind.PETITION)

    kind = models.CharField(_("文种"), max_length=16, choices=Kind.choices)
    code = models.CharField(_("内部编号"), max_length=32)
    title = models.CharField(_("事由"), max_length=200)
    drafted_on = models.DateField(_("拟稿日期"))
    issuer = models.CharField(_("发文机关"), max_length=128)
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("监督活动")
    )
    source = models.CharField(_("问题来源"), max_length=200, blank=True)
    nature = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("问题性质"))
    facts = models.TextField(_("监督调查情况"), blank=True)
    causes = models.TextField(_("主要问题及其产生的原因"), blank=True)
    advice = models.TextField(_("工作建议"), blank=True)
    reply_ask = models.TextField(_("反馈要求"), blank=True)
    reply_days = models.PositiveSmallIntegerField(_("反馈期限(日)"), null=True, blank=True)
    copies_to = models.CharField(_("抄送机关"), max_length=300, blank=True)
    retention = models.CharField(_("保管期限"), max_length=16, blank=True)
    wording = models.ForeignKey(
        Wording, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("文书用语")
    )  # the version it was drafted in; none: as shipped
    # given once it is signed
    number_word = models.CharField(_("机关代字"), max_length=32, blank=True)
    number_year = models.PositiveSmallIntegerField(_("文号年份"), null=True, blank=True)
    number_serial = models.PositiveIntegerField(_("文号序号"), null=True, blank=True)
    # set by the delivery that starts the clocks of the unit
    study_due_on = models.DateField(_("研究部署期限"), null=True, editable=False)
    reply_due_on = models.DateField(_("反馈期限"), null=True, editable=False)
    closed_on = models.DateField(_("销号日期"), null=True, editable=False)  # cache of the turn that closes it

    class Meta(Owned.Meta):
        verbose_name = _("监督文书")
        constraints = [
            models.UniqueConstraint(fields=["owner_office", "code"], name="instrument_code_once_per_office"),
            models.UniqueConstraint(
                fields=["number_word", "number_year", "number_serial"],
                condition=Q(number_serial__isnull=False),
                name="instrument_number_once",
            ),
            models.CheckConstraint(
                condition=Q(number_word="", number_year__isnull=True, number_serial__isnull=True)
                | ~Q(number_word="") & Q(number_year__isnull=False, number_serial__isnull=False),
                name="instrument_number_whole",
            ),
            models.CheckConstraint(condition=Q(subject__isnull=False), name="instrument_has_a_unit"),
        ]
        indexes = [
            models.Index(fields=["kind", "-drafted_on", "-id"], name="instrument_by_kind"),  # lists, measures
            models.Index(fields=["activity", "kind"], name="instrument_by_activity"),  # page of a campaign, measures
            models.Index(fields=["owner_office", "kind"], name="instrument_by_office"),  # scope
            models.Index(fields=["owner_path"], name="instrument_by_path"),  # scope
            models.Index(fields=["subject_path"], name="instrument_by_subject_path"),  # scope, unit file
            models.Index(fields=["source_uid"], name="instrument_by_source_uid"),  # scope: assigned activities
        ]

    def __str__(self) -> str:
        return f"{self.number or self.code} {self.title}"

    @property
    def number(self) -> str:
        """文号, once it is given: 厦纪建〔2022〕3号."""
        return f"{self.number_word}〔{self.number_year}〕{self.number_serial}号" if self.number_serial else ""

    @property
    def is_copy_report(self) -> bool:
        return self.kind == self.Kind.COPY_REPORT


class Matter(Part, Stamped, Withdrawable):
    """A finding that the sheet is about."""

    root_field = "instrument"
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="matters")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="+", verbose_name=_("问题"))

    class Meta(Part.Meta):
        verbose_name = _("所列问题")
        constraints = [
            models.UniqueConstraint(fields=["instrument", "finding"], condition=STANDS, name="matter_once_a_sheet")
        ]

    def __str__(self) -> str:
        return str(self.finding_id)


class Suggestion(Part, Stamped, Withdrawable):
    """One suggestion of a letter: it is answered and verified by itself."""

    root_field = "instrument"
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="suggestions")
    text = models.TextField(_("建议"))

    class Meta(Part.Meta):
        verbose_name = _("整改建议")

    def __str__(self) -> str:
        return self.text[:40]


class SignOff(Signing, Scanned, Part, Stamped):
    """签批 of a sheet: asked for, and decided online or on paper."""

    root_field = "instrument"
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="sign_offs")

    class Meta(Part.Meta):
        verbose_name = _("文书签批")
        constraints = [
            models.UniqueConstraint(
                fields=["instrument"],
                condition=Q(status__in=["waiting", "on_paper", "granted"]),
                name="sign_off_one_standing",
            ),
            *signed_with_scan("sign_off"),
        ]

    def __str__(self) -> str:
        return f"{self.signed_on or self.asked_on} {self.get_status_display()}"


class InstrumentInstruction(Instructed, Part, Stamped):
    """A leader's 批示 on a sheet or letter, for an office to act on. What the leader in charge wrote on a copy-report that
    went to him is a turn of the sheet (Turn) and has no term.
    """

    root_field = "instrument"
    can_take = STANDS
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="instructions")

    class Meta(Part.Meta):
        verbose_name = _("文书批示")
        constraints = [answered_whole("instrument_instruction")]


class Delivery(Part, Stamped, Withdrawable):
    """送达: to whom, on which day, in which post on that day."""

    class To(models.TextChoices):
        LEADER = "leader", _("分管领导")
        COPY = "copy", _("党委主要负责人(抄送)")
        UNIT = "unit", _("主送单位")

    root_field = "instrument"
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="deliveries")
    to = models.CharField(_("对象"), max_length=8, choices=To.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("接收人"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("接收单位")
    )
    post = models.CharField(_("送达当日职务"), max_length=200, blank=True)
    on = models.DateField(_("送达日期"))
    receiver = models.CharField(_("签收人"), max_length=64, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("送达")
        constraints = [
            models.CheckConstraint(
                condition=Q(to="unit", organisation__isnull=False, person__isnull=True)
                | Q(to__in=["leader", "copy"], organisation__isnull=True, person__isnull=False),
                name="delivery_person_or_unit",
            ),
            models.UniqueConstraint(fields=["instrument", "person"], condition=STANDS, name="delivery_once_a_person"),
            models.UniqueConstraint(
                fields=["instrument", "organisation"], condition=STANDS, name="delivery_once_a_unit"
            ),
        ]
        indexes = [models.Index(fields=["to", "on"], name="delivery_by_day")]  # measures

    def __str__(self) -> str:
        return f"{self.on} {self.get_to_display()}"


class Reply(Scanned, Part, Stamped, Withdrawable):
    """《整改情况反馈单》: what the unit did, and who signed it."""

    root_field = "instrument"
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="replies")
    on = models.DateField(_("反馈日期"))
    measures = models.TextField(_("整改措施"))
    result = models.TextField(_("整改结果"), blank=True)
    proof = models.CharField(_("佐证材料"), max_length=300, blank=True)
    unit_signer = models.CharField(_("单位主要负责人签字"), max_length=64, blank=True)
    leader_signer = models.CharField(_("分管领导签字"), max_length=64, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("整改情况反馈单")
        constraints = [scan_whole("reply")]

    def __str__(self) -> str:
        return f"{self.on}"


class Answer(Part, Stamped, Withdrawable):
    """What the unit says to one suggestion. Not answered in time is no answer: it shows by the term alone."""

    class Kind(models.TextChoices):
        ADOPTED = "adopted", _("采纳")
        PARTLY = "partly", _("部分采纳")
        REASONED = "reasoned", _("说明理由未采纳")

    root_field = "instrument"
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="answers")
    suggestion = models.ForeignKey(Suggestion, on_delete=models.PROTECT, related_name="+", verbose_name=_("建议"))
    kind = models.CharField(_("反馈类型"), max_length=8, choices=Kind.choices)
    on = models.DateField(_("反馈日期"))
    text = models.TextField(_("采纳和落实情况"), blank=True)
    verified_on = models.DateField(_("核验日期"), null=True, blank=True)
    verified_by = models.CharField(_("核验人"), max_length=64, blank=True)
    verified_note = models.TextField(_("核验意见"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("建议反馈")
        constraints = [
            models.UniqueConstraint(fields=["suggestion"], condition=STANDS, name="answer_once_a_suggestion"),
            models.CheckConstraint(
                condition=Q(verified_on__isnull=True, verified_by="")
                | Q(verified_on__isnull=False) & ~Q(verified_by=""),
                name="answer_verified_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"


class Turn(Part, Stamped, Withdrawable):
    """One dated turn after delivery; of a leader only that he wrote on the sheet or circled it, never by when."""

    class Verb(models.TextChoices):
        INSTRUCT = "instruct", _("批示")
        CIRCLE = "circle", _("圈阅")
        STUDY = "study", _("研究部署")
        OBJECT = "object", _("提出异议")
        SETTLE = "settle", _("答复异议")
        FOLLOW_UP = "follow_up", _("跟踪督促")
        CLOSE = "close", _("销号")

    ENDORSING = (Verb.INSTRUCT, Verb.CIRCLE)

    root_field = "instrument"
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="turns")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, null=True, related_name="+")  # whose 批示, 圈阅
    verb = models.CharField(_("事项"), max_length=16, choices=Verb.choices)
    on = models.DateField(_("日期"))
    by_name = models.CharField(_("办理人"), max_length=64)
    note = models.TextField(_("内容"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("文书办理")
        constraints = [
            models.CheckConstraint(
                condition=Q(verb__in=["instruct", "circle"], delivery__isnull=False)
                | ~Q(verb__in=["instruct", "circle"]) & Q(delivery__isnull=True),
                name="turn_of_a_leader_or_of_the_sheet",
            ),
            models.UniqueConstraint(fields=["instrument"], condition=STANDS & Q(verb="close"), name="turn_closed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_verb_display()}"
