"""What came of findings: rules made, money recovered, persons talked to. Each has its own date and its own proof."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.guarded import Part
from jiandu.base.core.models import Stamped, Withdrawable
from jiandu.loop.findings.models import Finding
from jiandu.loop.instruments.models import Instrument
from jiandu.net.access.models import Owned
from jiandu.sources.activities.models import Activity
from jiandu.sources.contactpoints.models import ContactProblem

#: The columns of `RuleOrigin`: what may lead to a rule.
LEADS = ("finding", "activity", "contact_problem", "instrument")


def _only(name: str) -> Q:
    """This column is filled, and no other."""
    return Q(**{f"{each}__isnull": each != name for each in LEADS})


class RuleMade(Owned, Withdrawable):
    """A rule (制度), new or revised, formally issued. It counts once, however many findings led to it."""

    came_of = ("finding_uid", "origins__finding_uid")
    finding_uid = models.UUIDField(null=True, editable=False)  # of the finding that led to it first
    title = models.CharField(_("制度名称"), max_length=200)
    number = models.CharField(_("文号"), max_length=64, blank=True)
    issuer = models.CharField(_("制发机关"), max_length=128)
    issued_on = models.DateField(_("印发日期"))
    is_derived = models.BooleanField(_("日期为推定"), default=False)
    file_name = models.CharField(_("制度文本"), max_length=200, blank=True, editable=False)
    file_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    class Meta(Owned.Meta):
        verbose_name = _("建章立制")
        constraints = [
            models.UniqueConstraint(fields=["owner_office", "title", "issuer", "number"], name="rule_once_per_office"),
            models.CheckConstraint(
                condition=Q(file_name="", file_sha256="") | ~Q(file_name="") & ~Q(file_sha256=""),
                name="rule_file_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["issued_on"], name="rule_by_date"),  # measures
            models.Index(fields=["owner_path"], name="rule_by_path"),  # scope
            models.Index(fields=["subject_path"], name="rule_by_subject_path"),  # scope, unit page
            models.Index(fields=["finding_uid"], name="rule_by_finding_uid"),  # scope: assigned findings
        ]

    def __str__(self) -> str:
        return self.listed_as(self.named)

    @property
    def named(self) -> str:
        """Its name, as a text cites it."""
        return f"《{self.title.strip('《》')}》"


class RuleOrigin(Part, Stamped):
    """The finding, activity, contact point's problem or proposal that led to a rule. Keys alone: whose finding is assigned sees it."""

    root_field = "rule"
    is_link = True
    rule = models.ForeignKey(RuleMade, on_delete=models.PROTECT, related_name="origins")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, related_name="+")
    finding_uid = models.UUIDField(null=True, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, null=True, related_name="+")
    contact_problem = models.ForeignKey(ContactProblem, on_delete=models.PROTECT, null=True, related_name="+")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(Part.Meta):
        verbose_name = _("制度来由")
        constraints = [
            models.CheckConstraint(condition=reduce(or_, map(_only, LEADS)), name="rule_origin_one"),
            models.CheckConstraint(
                condition=Q(finding__isnull=True, finding_uid__isnull=True)
                | Q(finding__isnull=False, finding_uid__isnull=False),
                name="rule_origin_finding_has_uid",
            ),
            *(models.UniqueConstraint(fields=["rule", name], name=f"rule_origin_{name}_once") for name in LEADS),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}"


class MoneyRecovered(Owned):
    """Money that reached the account, counted on that day. A reversal is a row of its own, negative, on its own date."""

    class Kind(models.TextChoices):
        RENT = "rent", _("拖欠租金")
        COLLECTIVE = "collective", _("集体资金")
        FINE = "fine", _("罚款")
        NEW_RENT = "new_rent", _("新签租金")
        OTHER = "other", _("其他资金")

    class AccountKind(models.TextChoices):
        COLLECTIVE = "collective", _("集体账户")
        FINANCE = "finance", _("财政账户")
        UNIT = "unit", _("单位账户")
        OTHER = "other", _("其他账户")

    came_of = ("finding_uid",)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="+", verbose_name=_("问题"))
    finding_uid = models.UUIDField(editable=False)
    kind = models.CharField(_("资金性质"), max_length=16, choices=Kind.choices, default=Kind.OTHER)
    account_kind = models.CharField(
        _("账户性质"), max_length=16, choices=AccountKind.choices, default=AccountKind.OTHER
    )
    amount_fen = models.BigIntegerField(_("金额(分)"))
    received_on = models.DateField(_("到账日期"))
    is_derived = models.BooleanField(_("日期为推定"), default=False)
    account = models.CharField(_("到账账户"), max_length=128, blank=True)
    proof = models.CharField(_("凭证"), max_length=200, blank=True)
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("冲销"))

    class Meta(Owned.Meta):
        verbose_name = _("挽回金额")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, reverses__isnull=True) | Q(amount_fen__lt=0, reverses__isnull=False),
                name="money_sign",
            ),
        ]
        indexes = [
            models.Index(fields=["finding"], name="money_by_finding"),  # finding page, measures
            models.Index(fields=["received_on"], name="money_by_date"),  # measures
            models.Index(fields=["owner_path"], name="money_by_path"),  # scope
            models.Index(fields=["finding_uid"], name="money_by_finding_uid"),  # scope: assigned findings
        ]

    def __str__(self) -> str:
        return f"{self.amount_fen / 100:,.2f}"

    @property
    def listed(self) -> str:
        """Account and proof in a list, or its level in their place."""
        return self.listed_as(f"{self.account} {self.proof}".strip())


class PersonTalked(Owned):
    """A person talked to, criticised or held to account as the outcome of a finding: one person once an act."""

    class Kind(models.TextChoices):
        TALK = "talk", _("约谈")
        REMIND = "remind", _("提醒谈话")
        CRITICISE = "criticise", _("批评教育")
        ACCOUNT = "account", _("问责")

    came_of = ("finding_uid",)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="+", verbose_name=_("问题"))
    finding_uid = models.UUIDField(editable=False)
    kind = models.CharField(_("方式"), max_length=16, choices=Kind.choices)
    name = models.CharField(_("姓名"), max_length=64)
    title = models.CharField(_("职务"), max_length=128, blank=True)
    on = models.DateField(_("日期"))

    class Meta(Owned.Meta):
        verbose_name = _("约谈问责")
        indexes = [
            models.Index(fields=["finding"], name="talked_by_finding"),  # finding page
            models.Index(fields=["owner_path"], name="talked_by_path"),  # scope
            models.Index(fields=["finding_uid"], name="talked_by_finding_uid"),  # scope: assigned findings
        ]

    def __str__(self) -> str:
        return f"{self.listed} {self.get_kind_display()}"

    @property
    def listed(self) -> str:
        """Who it was, in a list, or its level in their place."""
        return self.listed_as(f"{self.name} {self.title}".strip())
