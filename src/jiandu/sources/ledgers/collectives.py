"""农村集体三资: what a collective owns, who uses it, under which contract, what is due, what came in, what its accounts hold.

The registers belong to the villages and the agriculture departments; these are copies of their sheets. A row is what a
sheet said of one thing, from the day of that sheet until the day of the one that says otherwise or no longer names it:
so any day can be looked at, and nothing is overwritten. A thing goes by the village's own code, and so do references
between ledgers (a contract to an asset, a due to a contract).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.guarded import Part
from jiandu.base.core.models import Stamped, Withdrawable
from jiandu.net.access.models import Owned
from jiandu.net.subjects.models import Region


class Collective(Owned, Withdrawable):
    """农村集体经济组织. `subject` is its village."""

    words = "name"
    read_by_place = True

    name = models.CharField(_("集体经济组织"), max_length=128)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    district = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("区")
    )
    street = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("镇(街道)")
    )

    class Meta(Owned.Meta):
        verbose_name = _("农村集体经济组织")
        constraints = [
            models.UniqueConstraint(
                fields=["owner_office", "name"], condition=Q(withdrawn_on__isnull=True), name="collective_name_once"
            ),
            models.UniqueConstraint(
                fields=["owner_office", "subject"],
                condition=Q(withdrawn_on__isnull=True),
                name="collective_once_a_village",
            ),
        ]
        indexes = [
            models.Index(fields=["district", "street", "name"], name="collective_by_place"),  # list
            models.Index(fields=["owner_path"], name="collective_by_path"),  # scope
            models.Index(fields=["subject_path"], name="collective_by_subject_path"),  # scope
        ]

    def __str__(self) -> str:
        return self.name


class LedgerKind(models.TextChoices):
    """The ledgers of a collective."""

    ASSET = "asset", _("资产")
    RESOURCE = "resource", _("资源")
    CONTRACT = "contract", _("合同")
    DUE = "due", _("应收款")
    RECEIPT = "receipt", _("收款")
    FUND = "fund", _("资金")
    WORKS = "works", _("工程采购")
    JOURNAL = "journal", _("日记账")
    DISCLOSURE = "disclosure", _("财务公开")


class Use(models.TextChoices):
    """使用状态 of an asset or a resource."""

    IN_USE = "in_use", _("自用")
    LEASED = "leased", _("出租")
    OCCUPIED = "occupied", _("他人占用")
    IDLE = "idle", _("闲置")


class LedgerSheet(Part, Stamped):
    """台账报送: a sheet of one ledger that was taken in: as of which day, from whom, whole or not, and what it changed."""

    root_field = "collective"
    collective = models.ForeignKey(Collective, on_delete=models.PROTECT, related_name="sheets")
    kind = models.CharField(_("台账"), max_length=16, choices=LedgerKind.choices)
    as_of = models.DateField(_("数据截止日"))
    sent_by = models.CharField(_("报送单位"), max_length=128, blank=True)
    is_whole = models.BooleanField(_("全量"), default=False)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    added = models.PositiveIntegerField(_("新增"), default=0)
    changed = models.PositiveIntegerField(_("变动"), default=0)
    gone = models.PositiveIntegerField(_("不再列入"), default=0)

    class Meta(Part.Meta):
        verbose_name = _("台账报送")
        indexes = [models.Index(fields=["collective", "kind", "as_of"], name="ledger_sheet_by_day")]  # village page

    def __str__(self) -> str:
        return f"{self.as_of} {self.get_kind_display()}"


class Kept(Part, Stamped):
    """What a sheet said of one thing from its day on. `until`: from that day on another sheet says otherwise.

    A correction as of the same day leaves a row that began and ended on it: no day shows it, the history does.
    """

    root_field = "collective"
    collective = models.ForeignKey(Collective, on_delete=models.PROTECT, related_name="+")
    sheet = models.ForeignKey(LedgerSheet, on_delete=models.PROTECT, related_name="+", verbose_name=_("台账报送"))
    code = models.CharField(_("编号"), max_length=64)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True)
    is_gone = models.BooleanField(_("不再列入"), default=False)  # the sheet that ended it no longer names it
    note = models.CharField(_("备注"), max_length=300, blank=True)

    class Meta(Part.Meta):
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["collective", "code"], condition=Q(until__isnull=True), name="%(class)s_one_open"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="%(class)s_in_order"
            ),
        ]
        indexes = [
            models.Index(fields=["collective", "code", "since"], name="%(class)s_by_code")
        ]  # history, as of a day

    def __str__(self) -> str:
        return self.code


class Held(Kept):
    """Something that a collective owns and somebody uses.

    `user_no` is a credit code, or a person's identity number as far as it may be shown; `user_mark` then tells that it
    is the same person without saying who (see base.core.persons).
    """

    name = models.CharField(_("名称"), max_length=200)
    place = models.CharField(_("地点"), max_length=200, blank=True)
    area_mu = models.DecimalField(_("面积(亩)"), max_digits=12, decimal_places=2, null=True)
    status = models.CharField(_("使用状态"), max_length=16, choices=Use.choices)
    user_name = models.CharField(_("使用人"), max_length=128, blank=True)
    user_no = models.CharField(_("使用人证件"), max_length=18, blank=True)
    user_mark = models.CharField(max_length=64, blank=True, editable=False)

    class Meta(Kept.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name


class Asset(Held):
    """资产: a building, a shop, machines."""

    class Kind(models.TextChoices):
        OPERATING = "operating", _("经营性")
        OTHER = "other", _("非经营性")

    kind = models.CharField(_("类别"), max_length=16, choices=Kind.choices)
    quantity = models.CharField(_("数量"), max_length=32, blank=True)
    original_fen = models.BigIntegerField(_("原值(分)"), null=True)
    net_fen = models.BigIntegerField(_("净值(分)"), null=True)
    acquired_on = models.DateField(_("取得时间"), null=True)
    title_no = models.CharField(_("权属证号"), max_length=64, blank=True)
    custodian = models.CharField(_("保管人"), max_length=64, blank=True)

    class Meta(Held.Meta):
        verbose_name = _("集体资产")


class Resource(Held):
    """资源: land and water, by the parcel's code."""

    class Kind(models.TextChoices):
        CULTIVATED = "cultivated", _("耕地")
        FOREST = "forest", _("林地")
        WATER = "water", _("水面")
        WASTE = "waste", _("四荒")
        BUILDING = "building", _("建设用地")
        OTHER = "other", _("其他")

    kind = models.CharField(_("类别"), max_length=16, choices=Kind.choices)
    parcel_code = models.CharField(_("地块编码"), max_length=32, blank=True)
    bounds = models.CharField(_("四至"), max_length=300, blank=True)
    title_no = models.CharField(_("权属证号"), max_length=64, blank=True)
    issuer = models.CharField(_("发包方"), max_length=128, blank=True)

    class Meta(Held.Meta):
        verbose_name = _("集体资源")


class Contract(Kept):
    """合同 of a lease or a contracting. `thing_code` is the asset or resource that it is about."""

    class Mode(models.TextChoices):
        OPEN = "open", _("公开")
        AGREED = "agreed", _("协议")

    class Status(models.TextChoices):
        RUNNING = "running", _("履行中")
        EXPIRED = "expired", _("已到期")
        RENEWED = "renewed", _("已续签")
        ENDED = "ended", _("已终止")
        LITIGATION = "litigation", _("诉讼中")

    thing_code = models.CharField(_("标的编号"), max_length=64, blank=True)
    thing = models.CharField(_("标的"), max_length=200)
    lessor = models.CharField(_("发包方(出租方)"), max_length=128, blank=True)
    lessee = models.CharField(_("承包方(承租方)"), max_length=128)
    lessee_no = models.CharField(_("承包方证件"), max_length=18, blank=True)
    lessee_mark = models.CharField(max_length=64, blank=True, editable=False)
    is_member = models.BooleanField(_("本集体成员"), null=True)
    area_mu = models.DecimalField(_("面积(亩)"), max_digits=12, decimal_places=2, null=True)
    start_on = models.DateField(_("期限起"))
    end_on = models.DateField(_("期限止"), null=True)
    rent_fen = models.BigIntegerField(_("年租金(分)"), null=True)
    increase = models.CharField(_("递增"), max_length=128, blank=True)
    pay_way = models.CharField(_("缴费方式"), max_length=64, blank=True)
    pay_cycle = models.CharField(_("缴费周期"), max_length=32, blank=True)
    lump_sum = models.BooleanField(_("一次性收取"), null=True)
    deposit_fen = models.BigIntegerField(_("押金(分)"), null=True)
    decision_on = models.DateField(_("民主决策日期"), null=True)
    entitled = models.PositiveIntegerField(_("应到人数"), null=True)
    present = models.PositiveIntegerField(_("到会人数"), null=True)
    agreed = models.PositiveIntegerField(_("同意人数"), null=True)
    signed_on = models.DateField(_("签订日期"), null=True)
    approval = models.CharField(_("审批备案"), max_length=128, blank=True)
    township_approval = models.BooleanField(_("镇街批准"), null=True)
    mode = models.CharField(_("交易方式"), max_length=8, choices=Mode.choices, blank=True)
    appraised_fen = models.BigIntegerField(_("评估价(分)"), null=True)
    guarantee = models.CharField(_("担保"), max_length=128, blank=True)
    sublease = models.CharField(_("转租约定"), max_length=128, blank=True)
    text = models.TextField(_("合同条款"), blank=True)
    status = models.CharField(_("合同状态"), max_length=16, choices=Status.choices, default=Status.RUNNING)

    class Meta(Kept.Meta):
        verbose_name = _("集体合同")
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(
                condition=Q(end_on__isnull=True) | Q(end_on__gte=F("start_on")), name="contract_term_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.thing}"


class Due(Kept):
    """应收: one instalment of a contract, and what of it was let off by which resolution."""

    contract_code = models.CharField(_("合同编号"), max_length=64)
    due_on = models.DateField(_("应收日"))
    amount_fen = models.BigIntegerField(_("应收额(分)"))
    reduced_fen = models.BigIntegerField(_("减免额(分)"), default=0)
    resolution = models.CharField(_("减免决议"), max_length=128, blank=True)
    resolved_on = models.DateField(_("减免决议日期"), null=True)

    class Meta(Kept.Meta):
        verbose_name = _("应收款")
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(
                condition=Q(amount_fen__gte=0, reduced_fen__gte=0, reduced_fen__lte=F("amount_fen")), name="due_amounts"
            ),
        ]
        indexes = [
            *Kept.Meta.indexes,
            models.Index(fields=["collective", "contract_code"], name="due_by_contract"),  # arrears
        ]


class Receipt(Kept):
    """收款: what was paid, and on which day it reached the collective's account. Until then it is not counted."""

    contract_code = models.CharField(_("合同编号"), max_length=64)
    due_code = models.CharField(_("应收编号"), max_length=64, blank=True)
    paid_on = models.DateField(_("实收日"))
    amount_fen = models.BigIntegerField(_("实收额(分)"))
    banked_on = models.DateField(_("入账日"), null=True)
    receipt_no = models.CharField(_("收据号"), max_length=64, blank=True)
    account_holder = models.CharField(_("入账户名"), max_length=128, blank=True)

    class Meta(Kept.Meta):
        verbose_name = _("收款")
        indexes = [
            *Kept.Meta.indexes,
            models.Index(fields=["collective", "contract_code"], name="receipt_by_contract"),  # arrears
        ]


class Works(Kept):
    """工程采购: what the collective builds or buys: decided how, from whom, for how much, changed, accepted, paid."""

    class Kind(models.TextChoices):
        WORKS = "works", _("工程")
        GOODS = "goods", _("货物采购")
        SERVICE = "service", _("服务采购")

    class Way(models.TextChoices):
        OPEN = "open", _("公开招标")
        INVITED = "invited", _("邀请招标")
        COMPARED = "compared", _("询价比选")
        DIRECT = "direct", _("直接委托")

    class Status(models.TextChoices):
        PLANNED = "planned", _("未开工")
        RUNNING = "running", _("实施中")
        ACCEPTED = "accepted", _("已验收")
        SETTLED = "settled", _("已结算")
        STOPPED = "stopped", _("停工")

    kind = models.CharField(_("类别"), max_length=8, choices=Kind.choices)
    name = models.CharField(_("项目名称"), max_length=200)
    budget_fen = models.BigIntegerField(_("预算(分)"), null=True)
    decision_on = models.DateField(_("民主决策日期"), null=True)
    decision = models.CharField(_("决策情况"), max_length=200, blank=True)
    way = models.CharField(_("采购方式"), max_length=8, choices=Way.choices, blank=True)
    contractor = models.CharField(_("中标人(承包人)"), max_length=128, blank=True)
    contractor_no = models.CharField(_("中标人证件"), max_length=18, blank=True)
    contractor_mark = models.CharField(max_length=64, blank=True, editable=False)
    contract_no = models.CharField(_("合同编号"), max_length=64, blank=True)
    signed_on = models.DateField(_("签订日期"), null=True)
    contract_fen = models.BigIntegerField(_("合同价(分)"), null=True)
    started_on = models.DateField(_("开工日期"), null=True)
    changes = models.CharField(_("变更情况"), max_length=300, blank=True)
    changed_fen = models.BigIntegerField(_("变更增加(分)"), null=True)
    accepted_on = models.DateField(_("验收日期"), null=True)
    acceptance = models.CharField(_("验收情况"), max_length=200, blank=True)
    settled_fen = models.BigIntegerField(_("结算价(分)"), null=True)
    paid_fen = models.BigIntegerField(_("已付(分)"), null=True)
    status = models.CharField(_("项目状态"), max_length=8, choices=Status.choices, default=Status.RUNNING)

    class Meta(Kept.Meta):
        verbose_name = _("集体工程采购")

    def __str__(self) -> str:
        return self.name


class Fund(Kept):
    """资金: an account or the cash, what the books say and what the bank or the drawer has."""

    class Kind(models.TextChoices):
        BANK = "bank", _("银行存款")
        CASH = "cash", _("库存现金")

    kind = models.CharField(_("资金类别"), max_length=8, choices=Kind.choices, default=Kind.BANK)
    holder = models.CharField(_("户名"), max_length=128, blank=True)
    bank = models.CharField(_("开户行"), max_length=128, blank=True)
    book_fen = models.BigIntegerField(_("账面余额(分)"))
    actual_fen = models.BigIntegerField(_("实存余额(分)"))
    reason = models.CharField(_("不符原因"), max_length=300, blank=True)
    handler = models.CharField(_("经手人"), max_length=64, blank=True)
    approver = models.CharField(_("审批人"), max_length=64, blank=True)
    group_seal = models.BooleanField(_("理财小组章"), null=True)

    class Meta(Kept.Meta):
        verbose_name = _("集体资金")

    @property
    def off_fen(self) -> int:
        """By how much the books differ from what is there: 0 where they agree."""
        return self.book_fen - self.actual_fen
