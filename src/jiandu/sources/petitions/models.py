"""信访件 as they are registered: tags, dates and steps. What a petition says and who sent it stand sealed in `Sealed`.

The row itself is of level 2: who is under scrutiny hurts as much as who reported. It never names the person reported, nor
the one who reports; blind indexes, made while an office's key is unlocked, let repeats be found without either.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiandu.base.core.guarded import Part
from jiandu.base.core.models import Stamped, Withdrawable
from jiandu.base.lexicon.models import Item
from jiandu.net.access.models import Level, Owned
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation, Region
from jiandu.sources.petitions.lists import PetitionList as PetitionList
from jiandu.sources.petitions.notices import CaseNotice as CaseNotice
from jiandu.sources.petitions.readings import Reading as Reading
from jiandu.sources.petitions.states import (
    OPEN,
    Competence,
    Disposal,
    Duties,
    Kind,
    Named,
    Nature,
    Origin,
    Rank,
    State,
    Truth,
    Verb,
    Way,
)

#: Whatever a bulletin asks of an item: who may see it, and what it counts by. What is missing here costs a look at every row.
SCOPED = ("owner_office", "level", "uid", "source_uid", "withdrawn_on")
COUNTED = (
    *("kind", "way", "named", "origin", "is_repeat", "people", "rank", "nature", "nature_detail", "is_over_level"),
    *("state", "disposal", "truth", "domain", "region", "category", "duties", "duties_by", "duty_due_on"),
)


class Tags(models.Model):
    """What is known of a petition without opening it: the columns that bulletins and warnings count by."""

    way = models.CharField(_("信访方式"), max_length=8, choices=Way.choices)
    origin = models.CharField(_("信访来源"), max_length=12, choices=Origin.choices, default=Origin.DIRECT)
    kind = models.CharField(_("信访类别"), max_length=12, choices=Kind.choices)
    named = models.CharField(_("署名情况"), max_length=14, choices=Named.choices, default=Named.ANONYMOUS)
    people = models.PositiveIntegerField(_("人数"), default=1)  # a joint letter is one item of so many people
    # whose competence it is follows from who manages the cadre (competence.proposed); where it is another, why
    authority = models.CharField(_("管理权限"), max_length=16, choices=Organisation.Authority.choices, blank=True)
    managed_by = models.CharField(_("管理单位"), max_length=128, blank=True)
    competence = models.CharField(_("管辖"), max_length=8, choices=Competence.choices, default=Competence.OWN)
    competence_why = models.CharField(_("管辖说明"), max_length=200, blank=True)
    is_over_level = models.BooleanField(_("越级"), default=False)
    is_urgent = models.BooleanField(_("紧急敏感"), default=False)
    rank = models.CharField(_("被反映人职级"), max_length=12, choices=Rank.choices, blank=True)
    is_head = models.BooleanField(_("一把手"), default=False)
    is_party_member = models.BooleanField(_("中共党员"), null=True, blank=True)  # None: not known
    is_supervisee = models.BooleanField(_("监察对象"), null=True, blank=True)
    is_typical = models.BooleanField(_("典型"), default=False)
    nature = models.CharField(
        _("反映问题性质"), max_length=12, choices=Nature.choices, blank=True
    )  # the one that counts
    nature_detail = models.CharField(_("具体问题"), max_length=4, blank=True)  # a code of lexicon.categories "nature"
    further_natures = models.JSONField(_("其他问题性质"), default=list, blank=True)  # marks beside it, in no total
    domain = models.ForeignKey(
        Item, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("领域")
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("属地")
    )

    class Meta:
        abstract = True


class Petition(Tags, Owned, Withdrawable):
    """One item: registered on a day under a number that never changes. `subject`: the unit reported, where it is known."""

    words = "code"
    still_open = Q(withdrawn_on__isnull=True, state__in=sorted(OPEN))

    code = models.CharField(_("信访编号"), max_length=32)
    source_code = models.CharField(_("平台编号"), max_length=64, blank=True)
    received_on = models.DateField(_("收件日期"))
    is_imported = models.BooleanField(_("平台导入"), default=False, editable=False)
    # caches of the steps
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.REGISTERED)
    repeat_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="repeats", verbose_name=_("重复件主件")
    )
    is_repeat = models.BooleanField(_("重复件"), default=False)  # also where the main item is not with us
    has_new = models.BooleanField(_("有新增内容"), null=True, blank=True)  # of a repeat; None: nobody has said
    notified_on = models.DateField(_("通报案管日期"), null=True, blank=True)
    disposal = models.CharField(_("处置方式"), max_length=8, choices=Disposal.choices, blank=True)
    truth = models.CharField(_("属实情况"), max_length=8, choices=Truth.choices, blank=True)
    concluded_on = models.DateField(_("办结日期"), null=True, blank=True)
    handler = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("承办部门")
    )
    # codes of lexicon.categories "domain": what a clerk chose, and what was proposed before
    category = models.CharField(_("内容分类"), max_length=8, blank=True)
    proposed_category = models.CharField(_("建议分类"), max_length=8, blank=True, editable=False)
    # caches of the steps as well, for 按期率 (timeliness): what the duties done came to, when the next one falls due, by which calendar
    duties = models.CharField(_("期限履行"), max_length=8, choices=Duties.choices, blank=True, editable=False)
    duty_due_on = models.DateField(_("最近到期日"), null=True, editable=False)
    duties_by = models.CharField(max_length=12, blank=True, editable=False)
    # made while the office's key is unlocked: equal for equal persons, and for nobody else to compute
    person_mark = models.BinaryField(max_length=32, null=True, editable=False)
    sender_mark = models.BinaryField(max_length=32, null=True, editable=False)

    class Meta(Owned.Meta):
        verbose_name = _("信访件")
        constraints = [
            models.UniqueConstraint(fields=["owner_office", "code"], name="petition_code_once_per_office"),
            models.UniqueConstraint(
                fields=["owner_office", "source_code"], condition=~Q(source_code=""), name="petition_source_code_once"
            ),
            models.CheckConstraint(condition=Q(level__gte=Level.SENSITIVE), name="petition_is_sensitive"),
            models.CheckConstraint(condition=Q(people__gte=1), name="petition_of_somebody"),
            models.CheckConstraint(condition=~Q(repeat_of=F("id")), name="petition_not_repeat_of_itself"),
            models.CheckConstraint(
                condition=Q(repeat_of__isnull=True) | Q(is_repeat=True), name="petition_repeat_said"
            ),
            models.CheckConstraint(
                condition=Q(state=State.CONCLUDED, concluded_on__isnull=False)
                | (~Q(state=State.CONCLUDED) & Q(concluded_on__isnull=True)),
                name="petition_concluded_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(notified_on__isnull=True) | Q(notified_on__gte=F("received_on")),
                name="petition_notified_after_receipt",
            ),
        ]
        indexes = [
            models.Index(fields=["owner_office", "received_on"], name="petition_by_office"),  # scope, list, bulletins
            models.Index(fields=["received_on"], name="petition_by_day"),  # measures
            models.Index(
                fields=["received_on", *SCOPED, *COUNTED], name="petition_counted"
            ),  # bulletins: without the rows
            models.Index(fields=["owner_path"], name="petition_by_path"),  # scope
            models.Index(fields=["subject_path"], name="petition_by_subject"),  # scope, unit page
            models.Index(fields=["source_uid"], name="petition_by_source"),  # scope
            models.Index(fields=["repeat_of"], name="petition_by_main"),  # page of the main item
        ]

    def __str__(self) -> str:
        return self.code


class PetitionStep(Part, Stamped, Withdrawable):
    """One dated act: `on` is when it happened, created_at when it was entered. `note` says no name and no content."""

    root_field = "petition"
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    verb = models.CharField(_("办理"), max_length=16, choices=Verb.choices)
    from_state = models.CharField(max_length=12, choices=State.choices, blank=True)
    to_state = models.CharField(_("状态"), max_length=12, choices=State.choices)
    on = models.DateField(_("日期"))
    by_name = models.CharField(_("办理人"), max_length=64)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("承办部门")
    )
    body = models.CharField(_("转往机关"), max_length=128, blank=True)  # one without an office here
    until = models.DateField(_("延至"), null=True, blank=True)
    granted_by = models.CharField(_("批准人"), max_length=64, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("信访件办理步骤")
        constraints = [
            models.UniqueConstraint(fields=["petition", "seq"], name="petition_step_seq_once"),
            models.CheckConstraint(
                condition=~Q(verb=Verb.EXTEND) | (Q(until__isnull=False) & ~Q(granted_by="")),
                name="petition_extension_granted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_verb_display()}"


class HandOff(Part, Stamped, Withdrawable):
    """转办: drafted by one officer, confirmed by another, and only then done. By default an extract without identity goes.

    The unit reported, and what stands under it, is never a recipient (`rules.check_recipient`).
    """

    class Scope(models.TextChoices):
        EXTRACT = "extract", _("摘要（不含举报人信息）")
        FULL = "full", _("原件内容（不含举报人信息）")

    root_field = "petition"
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="hand_offs")
    scope = models.CharField(_("移交内容"), max_length=8, choices=Scope.choices, default=Scope.EXTRACT)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("接收部门")
    )
    body = models.CharField(_("接收机关"), max_length=128, blank=True)
    drafted_on = models.DateField(_("拟稿日期"))
    drafted_by = models.CharField(_("拟稿人"), max_length=64)
    drafter_id = models.BigIntegerField(null=True, editable=False)  # the account: whoever drafts does not confirm
    confirmed_on = models.DateField(_("复核日期"), null=True)
    confirmed_by = models.CharField(_("复核人"), max_length=64, blank=True)
    envelope = models.BinaryField(_("密封摘要"), null=True)

    class Meta(Part.Meta):
        verbose_name = _("转办件")
        constraints = [
            models.CheckConstraint(
                condition=Q(office__isnull=False, body="") | (Q(office__isnull=True) & ~Q(body="")),
                name="hand_off_to_one",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on__isnull=True, confirmed_by="")
                | (Q(confirmed_on__gte=F("drafted_on")) & ~Q(confirmed_by="") & ~Q(confirmed_by=F("drafted_by"))),
                name="hand_off_confirmed_by_another",
            ),
            models.CheckConstraint(condition=Q(scope="full") | Q(envelope__isnull=False), name="hand_off_has_extract"),
        ]

    def __str__(self) -> str:
        return str(self.office or self.body)


class Sealed(Part, Stamped):
    """An envelope: what a petition says, who sent it, or what it means as a vector. Only the keys to which it is sealed open it."""

    class Compartment(models.TextChoices):
        CONTENT = "content", _("内容")
        IDENTITY = "identity", _("举报人信息")
        MEANING = "meaning", _("语义向量")  # of the content, for proposals of categories

    root_field = "petition"
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="sealed")
    compartment = models.CharField(_("分格"), max_length=8, choices=Compartment.choices)
    envelope = models.BinaryField(_("密封件"))
    mark = models.BinaryField(max_length=32, null=True, editable=False)  # of the content: the same file twice is seen

    class Meta(Part.Meta):
        verbose_name = _("密封件")
        constraints = [
            models.UniqueConstraint(fields=["petition", "compartment"], name="sealed_once_per_compartment"),
        ]

    def __str__(self) -> str:
        return self.get_compartment_display()


class SuperiorReceipt(Owned, Withdrawable):
    """属上级管辖的件的移交回执: that a sealed envelope went up, and nothing else (Rules 2020, art. 15).

    A petition within a superior's competence is neither copied, excerpted nor keyed in: there is no column for what it
    says, whom it is about, or who sent it.
    """

    access_kind = "petition"
    words = "envelope"
    still_open = Q(withdrawn_on__isnull=True, handed_on__isnull=True)

    envelope = models.CharField(_("密封件编号"), max_length=32)
    received_on = models.DateField(_("收件日期"))
    way = models.CharField(_("信访方式"), max_length=8, choices=Way.choices)
    is_own_principal = models.BooleanField(_("涉及本机关主要负责人"), default=False)
    handed_on = models.DateField(_("报送日期"), null=True, blank=True)
    receiver = models.CharField(_("接收机关"), max_length=128, blank=True)
    deliverer = models.CharField(_("送件人"), max_length=64, blank=True)
    received_by = models.CharField(_("签收人"), max_length=64, blank=True)

    class Meta(Owned.Meta):
        verbose_name = _("上级管辖件移交回执")
        constraints = [
            models.UniqueConstraint(
                fields=["owner_office", "envelope"],
                condition=Q(withdrawn_on__isnull=True),
                name="superior_envelope_once_per_office",
            ),
            models.CheckConstraint(condition=Q(level__gte=Level.SENSITIVE), name="superior_receipt_is_sensitive"),
            models.CheckConstraint(condition=Q(subject__isnull=True), name="superior_receipt_about_nobody"),
            models.CheckConstraint(
                condition=Q(handed_on__isnull=True, receiver="", deliverer="")
                | (Q(handed_on__gte=F("received_on")) & ~Q(receiver="") & ~Q(deliverer="")),
                name="superior_handed_to_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["owner_office", "received_on"], name="superior_by_office"),  # list, what is due
            models.Index(fields=["owner_path"], name="superior_by_path"),  # scope
        ]

    def __str__(self) -> str:
        return self.envelope


class Meddling(Owned, Withdrawable):
    """打听、过问、说情干预登记: who asked whom about a petition, when and how. Petition known or not."""

    class Manner(models.TextChoices):
        ASKING = "asking", _("打听案情")
        INTERFERING = "interfering", _("过问案件")
        PLEADING = "pleading", _("说情干预")

    words = "code"
    code = models.CharField(_("登记编号"), max_length=32)
    on = models.DateField(_("发生日期"))
    manner = models.CharField(_("情形"), max_length=12, choices=Manner.choices)
    who = models.CharField(_("打听、过问人"), max_length=64)
    post = models.CharField(_("单位职务"), max_length=128, blank=True)
    told_by = models.CharField(_("记录人"), max_length=64)
    note = models.CharField(_("情况"), max_length=500, blank=True)
    petition = models.ForeignKey(
        Petition, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("信访件")
    )

    class Meta(Owned.Meta):
        verbose_name = _("过问干预登记")
        constraints = [
            models.UniqueConstraint(fields=["owner_office", "code"], name="meddling_code_once_per_office"),
            models.CheckConstraint(condition=Q(level__gte=Level.SENSITIVE), name="meddling_is_sensitive"),
        ]
        indexes = [
            models.Index(fields=["owner_office", "on"], name="meddling_by_office"),  # scope, list
            models.Index(fields=["owner_path"], name="meddling_by_path"),  # scope
            models.Index(fields=["source_uid"], name="meddling_by_source"),  # scope, page of the petition
        ]

    def __str__(self) -> str:
        return self.code


class SenderOpening(Owned):
    """启封申请: a custodian asks to see who sent a petition, another consents, and for some hours he may look.

    It names the petition by its number and says nothing of it; `source_uid` is the petition's.
    """

    class Why(models.TextChoices):
        VERIFY = "verify", _("核实署名")
        TELL = "tell", _("告知、反馈举报人")
        PROTECT = "protect", _("保护、奖励举报人")
        LAW = "law", _("依法调取")
        OTHER = "other", pgettext_lazy("opening", "其他事由")

    class Extent(models.TextChoices):
        NAME = "name", _("姓名或单位")
        CONTACT = "contact", _("姓名和联系方式")
        WHOLE = "whole", _("全部举报人信息")

    words = "code"
    still_open = Q(decided_on__isnull=True)

    code = models.CharField(_("申请编号"), max_length=32)
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="+", verbose_name=_("信访件"))
    petition_code = models.CharField(_("信访编号"), max_length=32)
    why = models.CharField(_("启封事由"), max_length=8, choices=Why.choices)
    note = models.CharField(_("依据和说明"), max_length=200)
    extent = models.CharField(_("启封范围"), max_length=8, choices=Extent.choices, default=Extent.NAME)
    hours = models.PositiveSmallIntegerField(_("有效小时"), default=1)
    asked_on = models.DateField(_("申请日期"))
    asked_by = models.CharField(_("申请人"), max_length=64)
    asker_id = models.BigIntegerField(editable=False)  # the account: whoever asks does not consent
    decided_on = models.DateField(_("决定日期"), null=True)
    decided_by = models.CharField(_("决定人"), max_length=64, blank=True)
    decider_id = models.BigIntegerField(null=True, editable=False)
    is_granted = models.BooleanField(_("同意"), null=True)
    until_at = models.DateTimeField(_("有效至"), null=True)

    class Meta(Owned.Meta):
        verbose_name = _("启封申请")
        constraints = [
            models.UniqueConstraint(fields=["owner_office", "code"], name="opening_code_once_per_office"),
            models.CheckConstraint(condition=Q(level__gte=Level.SENSITIVE), name="opening_is_sensitive"),
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=24), name="opening_for_a_day_at_most"),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True, decider_id__isnull=True, is_granted__isnull=True, decided_by="")
                | (Q(decided_on__gte=F("asked_on"), is_granted__isnull=False) & ~Q(decider_id=F("asker_id"))),
                name="opening_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(is_granted=True, until_at__isnull=False)
                | (~Q(is_granted=True) & Q(until_at__isnull=True))
                | Q(is_granted__isnull=True, until_at__isnull=True),
                name="opening_ends",
            ),
        ]
        indexes = [
            models.Index(fields=["owner_office", "-asked_on"], name="opening_by_office"),  # scope, list
            models.Index(fields=["owner_path"], name="opening_by_path"),  # scope
            models.Index(fields=["source_uid"], name="opening_by_source"),  # scope
        ]

    def __str__(self) -> str:
        return self.code
