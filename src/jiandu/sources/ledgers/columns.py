"""The columns of a collective's ledgers: by which words the villages call them, how each is read, where it is kept."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.core.sheets import Column
from jiandu.sources.ledgers.collectives import (
    Asset,
    Contract,
    Due,
    Fund,
    Kept,
    LedgerKind,
    Receipt,
    Resource,
    Use,
    Works,
)
from jiandu.sources.ledgers.journals import Disclosure, Journal

USES = {"自用": Use.IN_USE, "出租": Use.LEASED, "出租(出借)": Use.LEASED, "承包": Use.LEASED, "发包": Use.LEASED, "他人占用": Use.OCCUPIED, "被占用": Use.OCCUPIED, "占用": Use.OCCUPIED, "闲置": Use.IDLE}  # fmt: skip
#: Columns of names, each with what says that it is a person's: such a name is shown by its first character.
NAMES = {"user_name": "user_mark", "lessee": "lessee_mark", "contractor": "contractor_mark", "payee": "payee_mark"}
YES = {"是": "yes", "有": "yes", "否": "no"}


@dataclass(frozen=True)
class Asked:
    """A column: `key` of the model, its words, how it is read: text, day, money, balance (money that may be below zero), area, count, yes, number (who it is)."""

    key: str
    titles: tuple[str, ...]
    kind: str = "text"
    required: bool = False
    words: dict[str, str] = field(default_factory=dict)
    example: str = ""
    past: bool = False


@dataclass(frozen=True)
class Ledger:
    """A ledger of a collective: its model and its columns beside those that every one has."""

    kind: LedgerKind
    book: str
    label: Any
    model: type[Kept]
    columns: tuple[Asked, ...]
    refers: tuple[tuple[str, tuple[LedgerKind, ...]], ...] = ()  # column → the ledgers in one of which its code stands

    @property
    def fields(self) -> tuple[str, ...]:
        """What a row keeps, beside its code: a column of who it is gives two."""
        found: list[str] = []
        for one in self.columns:
            if one.key != "code":
                found += [one.key, f"{one.key.removesuffix('_no')}_mark"] if one.kind == "number" else [one.key]
        return tuple(found)


def _text(key: str, *titles: str, **more: Any) -> Asked:
    return Asked(key, titles, **more)


NOTE = _text("note", "备注", "说明")
USER = (
    _text("user_name", "使用人", "占用人", "实际使用人", "使用单位(人)", example="某某机械加工厂"),
    Asked("user_no", ("使用人证件号码", "使用人身份证号", "占用人身份证号", "使用人统一社会信用代码"), "number"),
)
ASSET = Ledger(
    LedgerKind.ASSET,
    "collective-assets",
    _("村集体资产台账"),
    Asset,
    (
        _text("code", "资产编号", "编号", "资产编码", required=True, example="ZC-001"),
        _text("name", "资产名称", "名称", required=True, example="村口一号厂房"),
        _text("kind", "类别", "资产类别", "资产性质", required=True, words={"经营性": "operating", "经营性资产": "operating", "非经营性": "other", "非经营性资产": "other", "公益性": "other"}, example="经营性"),
        _text("place", "地点", "坐落", "坐落位置", "存放地点", example="某某路12号"),
        _text("quantity", "数量", example="1栋"),
        Asked("area_mu", ("面积(亩)", "面积", "占地面积", "建筑面积"), "area", example="1.20"),
        Asked("original_fen", ("原值(元)", "原值", "账面原值"), "money", example="860000"),
        Asked("net_fen", ("净值(元)", "净值", "账面净值"), "money"),
        Asked("acquired_on", ("取得时间", "取得日期", "购建时间"), "day", past=True, example="2008-05-01"),
        _text("title_no", "权属证号", "产权证号", "不动产权证号"),
        _text("status", "使用状态", "使用情况", "使用现状", required=True, words={key: str(one) for key, one in USES.items()}, example="出租"),
        *USER,
        _text("custodian", "保管人", "管理人"),
        NOTE,
    ),
)  # fmt: skip
RESOURCE = Ledger(
    LedgerKind.RESOURCE,
    "collective-resources",
    _("村集体资源台账"),
    Resource,
    (
        _text("code", "资源编号", "编号", "地块编号", required=True, example="ZY-001"),
        _text("name", "资源名称", "地块名称", "名称", required=True, example="北山鱼塘"),
        _text("kind", "类别", "资源类别", "地类", required=True, words={"耕地": "cultivated", "林地": "forest", "水面": "water", "养殖水面": "water", "鱼塘": "water", "四荒": "waste", "四荒地": "waste", "荒地": "waste", "建设用地": "building", "其他": "other"}, example="水面"),
        _text("parcel_code", "地块编码", "地块代码", "承包地块编码"),
        _text("place", "地点", "坐落", "坐落位置"),
        _text("bounds", "四至", "四至界限", example="东至路，西至渠，南至山，北至田"),
        Asked("area_mu", ("面积(亩)", "面积"), "area", example="12.50"),
        _text("title_no", "权属证号", "权属"),
        _text("status", "利用状态", "使用状态", "利用现状", required=True, words={key: str(one) for key, one in USES.items()}, example="出租"),
        _text("issuer", "发包方"),
        *USER,
        NOTE,
    ),
)  # fmt: skip
CONTRACT = Ledger(
    LedgerKind.CONTRACT,
    "collective-contracts",
    _("村集体合同台账"),
    Contract,
    (
        _text("code", "合同编号", "编号", required=True, example="HT-2021-003"),
        _text("thing_code", "标的编号", "资产编号", "资源编号", "资产(资源)编号", example="ZC-001"),
        _text("thing", "标的", "合同标的", "标的名称", "资产名称", required=True, example="村口一号厂房"),
        _text("lessor", "发包方(出租方)", "发包方", "出租方", "甲方"),
        _text("lessee", "承包方(承租方)", "承包方", "承租方", "承租人", "承包人", "乙方", required=True, example="某某机械加工厂"),
        Asked("lessee_no", ("承包方证件号码", "承租方证件号码", "承包人身份证号", "承租人身份证号", "证件号码", "身份证号", "统一社会信用代码"), "number"),
        Asked("is_member", ("本集体成员", "是否本集体成员", "是否本村村民"), "yes", words={**YES, "本集体成员": "yes", "本村": "yes", "外来": "no", "外村": "no"}, example="否"),
        Asked("area_mu", ("面积(亩)", "面积"), "area"),
        Asked("start_on", ("期限起", "起始日期", "合同起始日", "租期起", "开始日期"), "day", required=True, example="2021-01-01"),
        Asked("end_on", ("期限止", "终止日期", "合同到期日", "租期止", "到期日期"), "day", example="2025-12-31"),
        Asked("rent_fen", ("年租金(元)", "年租金", "租金/承包费(元/年)", "租金", "年承包费", "承包费"), "money", example="36000"),
        _text("increase", "递增", "递增方式", example="每两年递增5%"),
        _text("pay_way", "缴费方式", "收款方式", example="转账"),
        _text("pay_cycle", "缴费周期", "付款周期", example="半年"),
        Asked("lump_sum", ("一次性收取", "是否一次性收取", "一次性缴清"), "yes", words=YES),
        Asked("deposit_fen", ("押金(元)", "押金", "保证金"), "money"),
        Asked("decision_on", ("民主决策日期", "会议日期", "决策日期"), "day"),
        Asked("entitled", ("应到人数", "应到"), "count"),
        Asked("present", ("到会人数", "实到人数", "到会"), "count"),
        Asked("agreed", ("同意人数", "同意"), "count"),
        Asked("signed_on", ("签订日期", "签约日期", "合同签订日"), "day"),
        _text("approval", "审批备案", "审批/备案", "备案情况"),
        Asked("township_approval", ("镇街批准", "乡镇批准", "镇政府批准"), "yes", words=YES),
        _text("mode", "交易方式", "发包方式", "出租方式", words={"公开": "open", "公开竞价": "open", "公开招标": "open", "公开交易": "open", "招标": "open", "平台交易": "open", "协议": "agreed", "协商": "agreed", "直接发包": "agreed"}, example="公开"),
        Asked("appraised_fen", ("评估价(元/年)", "评估价", "底价"), "money"),
        _text("guarantee", "担保"),
        _text("sublease", "转租约定", "转租"),
        _text("text", "合同条款", "主要条款", "合同文本"),
        _text("status", "合同状态", "状态", "履行情况", words={"履行中": "running", "正常履行": "running", "正常": "running", "已到期": "expired", "到期": "expired", "已续签": "renewed", "续签": "renewed", "已终止": "ended", "终止": "ended", "已收回": "ended", "解除": "ended", "诉讼中": "litigation"}, example="履行中"),
        NOTE,
    ),
    (("thing_code", (LedgerKind.ASSET, LedgerKind.RESOURCE)),),
)  # fmt: skip
DUE = Ledger(
    LedgerKind.DUE,
    "collective-dues",
    _("村集体应收款台账"),
    Due,
    (
        _text("code", "应收编号", "期号", "编号", required=True, example="HT-2021-003-2022A"),
        _text("contract_code", "合同编号", required=True, example="HT-2021-003"),
        Asked("due_on", ("应收日", "应收日期", "应缴日期"), "day", required=True, example="2022-01-10"),
        Asked("amount_fen", ("应收额(元)", "应收金额", "应收额", "应缴金额"), "money", required=True, example="18000"),
        Asked("reduced_fen", ("减免额(元)", "减免金额", "减免额"), "money"),
        _text("resolution", "减免决议", "减免依据"),
        Asked("resolved_on", ("减免决议日期", "减免日期", "决议日期"), "day", past=True),
        NOTE,
    ),
    (("contract_code", (LedgerKind.CONTRACT,)),),
)
RECEIPT = Ledger(
    LedgerKind.RECEIPT,
    "collective-receipts",
    _("村集体收款台账"),
    Receipt,
    (
        _text("code", "收款编号", "编号", required=True, example="SK-2022-011"),
        _text("contract_code", "合同编号", required=True, example="HT-2021-003"),
        _text("due_code", "应收编号", "期号", example="HT-2021-003-2022A"),
        Asked("paid_on", ("实收日", "实收日期", "收款日期"), "day", required=True, past=True, example="2022-01-08"),
        Asked("amount_fen", ("实收额(元)", "实收金额", "实收额", "收款金额"), "money", required=True, example="9000"),
        Asked("banked_on", ("入账日", "入账日期", "到账日期", "存入专户日期"), "day", past=True, example="2022-01-10"),
        _text("receipt_no", "收据号", "票据号", "收据编号", example="0012345"),
        _text("account_holder", "入账户名", "收款账户", "收款户名"),
        NOTE,
    ),
    (("contract_code", (LedgerKind.CONTRACT,)), ("due_code", (LedgerKind.DUE,))),
)
FUND = Ledger(
    LedgerKind.FUND,
    "collective-funds",
    _("村集体资金台账"),
    Fund,
    (
        _text("code", "账户", "账号", "银行账号", "账户(账号)", required=True, example="尾号3321"),
        _text("kind", "资金类别", "类别", words={"银行存款": "bank", "银行": "bank", "库存现金": "cash", "现金": "cash"}, example="银行存款"),
        _text("holder", "户名", "账户名称"),
        _text("bank", "开户行", "开户银行", example="某某银行某某支行"),
        Asked("book_fen", ("账面余额(元)", "账面余额", "账面"), "money", required=True, example="152300.50"),
        Asked("actual_fen", ("实存余额(元)", "实存余额", "银行余额", "实存"), "money", required=True, example="152300.50"),
        _text("reason", "不符原因", "差异原因"),
        _text("handler", "经手人", "经手"),
        _text("approver", "审批人", "审批"),
        Asked("group_seal", ("理财小组章", "民主理财小组章"), "yes", words={**YES, "已盖": "yes", "未盖": "no"}),
        NOTE,
    ),
)  # fmt: skip
WORKS = Ledger(
    LedgerKind.WORKS,
    "collective-works",
    _("村集体工程采购台账"),
    Works,
    (
        _text("code", "项目编号", "工程编号", "采购编号", "编号", required=True, example="GC-2022-01"),
        _text("name", "项目名称", "工程名称", "采购项目", required=True, example="村道硬化工程"),
        _text("kind", "类别", "项目类别", required=True, words={"工程": "works", "工程建设": "works", "货物": "goods", "货物采购": "goods", "采购": "goods", "服务": "service", "服务采购": "service"}, example="工程"),
        Asked("budget_fen", ("预算(元)", "预算", "预算金额", "概算"), "money", example="480000"),
        Asked("decision_on", ("民主决策日期", "决策日期", "会议日期"), "day", example="2022-01-10"),
        _text("decision", "决策情况", "决策程序", "民主决策", example="村民代表会议，应到30人，实到26人，同意25人"),
        _text("way", "采购方式", "招标方式", "发包方式", words={"公开招标": "open", "公开": "open", "平台交易": "open", "邀请招标": "invited", "邀请": "invited", "询价": "compared", "比选": "compared", "询价比选": "compared", "竞争性谈判": "compared", "直接委托": "direct", "直接采购": "direct", "直接发包": "direct"}, example="公开招标"),
        _text("contractor", "中标人(承包人)", "中标人", "中标单位", "承包人", "施工单位", "供应商", example="某某建设有限公司"),
        Asked("contractor_no", ("中标人证件号码", "中标人统一社会信用代码", "承包人证件号码", "统一社会信用代码", "身份证号"), "number"),
        _text("contract_no", "合同编号"),
        Asked("signed_on", ("签订日期", "合同签订日", "签约日期"), "day", example="2022-02-08"),
        Asked("contract_fen", ("合同价(元)", "合同价", "合同金额", "中标价"), "money", example="462000"),
        Asked("started_on", ("开工日期", "实施日期"), "day", past=True, example="2022-02-20"),
        _text("changes", "变更情况", "变更内容"),
        Asked("changed_fen", ("变更增加(元)", "变更金额", "变更增加"), "money", example="18000"),
        Asked("accepted_on", ("验收日期", "竣工验收日期"), "day", past=True, example="2022-06-10"),
        _text("acceptance", "验收情况", "验收结论", "验收人"),
        Asked("settled_fen", ("结算价(元)", "结算价", "结算金额", "审定金额"), "money"),
        Asked("paid_fen", ("已付(元)", "已付", "已支付", "支付金额", "已付工程款"), "money", example="400000"),
        _text("status", "项目状态", "状态", "进度", words={"未开工": "planned", "实施中": "running", "在建": "running", "施工中": "running", "履行中": "running", "已验收": "accepted", "已完工": "accepted", "已结算": "settled", "停工": "stopped"}, example="实施中"),
        NOTE,
    ),
)  # fmt: skip
JOURNAL = Ledger(
    LedgerKind.JOURNAL,
    "collective-journal",
    _("村集体银行(现金)日记账"),
    Journal,
    (
        _text("code", "流水编号", "流水号", "日记账编号", "编号", required=True, example="RJ-2022-0103"),
        _text("account", "账户", "账号", "账户(账号)", "银行账号", example="尾号3321"),
        Asked("booked_on", ("日期", "记账日期", "收付日期", "收支日期", "支付日期"), "day", required=True, past=True, example="2022-04-10"),
        _text("book", "凭证册", "凭证字", "凭证类别", example="记"),
        _text("voucher", "凭证号", "凭证号数", "凭证编号", "凭证字号", "记账凭证号", example="0031"),
        _text("summary", "摘要", "用途", required=True, example="付村道路灯维修款"),
        _text("act", "收支类别", "收支", "业务类别", words={"收入": "income", "收": "income", "支出": "outlay", "支": "outlay", "付": "outlay", "内部转存": "transfer", "转存": "transfer", "提现": "transfer", "存现": "transfer", "上期结转": "opening", "期初": "opening", "期初余额": "opening"}, example="支出"),
        _text("payee", "对方单位(个人)", "收款人", "收(付)款人", "对方单位", "收款单位", "对方户名", example="某某建材经营部"),
        Asked("payee_no", ("对方证件号码", "收款人证件号码", "收款人身份证号", "收款单位统一社会信用代码", "对方统一社会信用代码"), "number"),
        _text("trade", "对方行业", "收款人行业", "经营范围", example="建材"),
        _text("project", "事项", "项目", "项目名称", "支出事项", example="村道路灯维修"),
        Asked("income_fen", ("收入(元)", "收入", "收入金额", "借方", "借方金额", "借方(元)"), "balance"),
        Asked("outlay_fen", ("支出(元)", "支出", "支出金额", "付出", "贷方", "贷方金额", "贷方(元)"), "balance", example="4860"),
        Asked("balance_fen", ("余额(元)", "余额", "结余", "账户余额"), "balance", example="147440.50"),
        Asked("is_cash", ("结算方式", "收付方式", "支付方式", "是否现金", "现金"), "yes", words={**YES, "现金": "yes", "库存现金": "yes", "银行": "no", "银行转账": "no", "转账": "no", "网银": "no", "支票": "no"}, example="转账"),
        _text("slip_no", "票据号", "票据号码", "收据号", "支票号"),
        _text("invoice_code", "发票代码"),
        _text("invoice_no", "发票号码", "发票号", example="71000021"),
        Asked("has_invoice", ("有发票", "是否有发票", "附发票"), "yes", words=YES),
        _text("handler", "经手人", "经手"),
        _text("approver", "审批人", "审批"),
        Asked("group_seal", ("理财小组章", "民主理财小组章"), "yes", words={**YES, "已盖": "yes", "未盖": "no"}),
        NOTE,
    ),
)  # fmt: skip
DISCLOSURE = Ledger(
    LedgerKind.DISCLOSURE,
    "collective-disclosures",
    _("村级财务公开台账"),
    Disclosure,
    (
        _text("code", "公开编号", "编号", required=True, example="GK-2022-3"),
        Asked("period_on", ("所属期末", "公开周期末日", "所属季度末"), "day", required=True, past=True, example="2022-09-30"),
        _text("content", "公开内容", "内容", example="财务收支"),
        Asked("posted_on", ("公开日期", "公布日期", "张贴日期"), "day", required=True, past=True, example="2022-10-10"),
        Asked("is_detailed", ("公开明细", "是否公开明细", "逐笔公开"), "yes", words={**YES, "明细": "yes", "仅总额": "no"}, example="是"),
        _text("place", "公开地点", "公开地点或网址", example="村务公开栏"),
        NOTE,
    ),
)  # fmt: skip
LEDGERS = {one.kind: one for one in (ASSET, RESOURCE, CONTRACT, DUE, RECEIPT, FUND, WORKS, JOURNAL, DISCLOSURE)}
#: The columns that every sheet has, or says once above its heading.
COMMON = (
    Column("village", ("村集体", "集体经济组织", "村(社区)", "村居", "所属村", "单位名称")),
    Column("credit", ("集体统一社会信用代码", "集体信用代码")),
    Column("as_of", ("数据截止日", "截止日期", "统计截止日")),
    Column("sent_by", ("报送单位", "填报单位")),
    Column("whole", ("报送方式", "全量或增量")),
    Column("office", ("承办室组",)),
)
