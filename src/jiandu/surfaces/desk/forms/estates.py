"""Forms of 小区公共收益: the estate, a statement, a posting, a spot check, an objection, the department's sheet."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.text import parse_date, parse_money_fen
from jiandu.base.lexicon.selectors import find, items
from jiandu.sources.ledgers import duty
from jiandu.sources.ledgers.models import Estate, Posting, SpotCheck, StatementLine
from jiandu.sources.ledgers.services.publishing import Line
from jiandu.surfaces.desk.forms.fields import Amount, day, line, words
from jiandu.surfaces.desk.forms.rooms import RegionField, RoomForm, UnitField
from jiandu.surfaces.desk.views.choices import own_offices

Side = StatementLine.Side


KNOWN = [("", "—"), ("yes", _("有")), ("no", _("无"))]


def _whether(label: Any) -> forms.TypedChoiceField:
    """Yes, no, or not known."""
    return forms.TypedChoiceField(
        label=label, choices=KNOWN, coerce=lambda said: said == "yes", required=False, empty_value=None
    )


class EstateForm(RoomForm):
    """A new estate: number, name, place, whoever answers for its revenue."""

    code = line(_("小区编号"), required=True, most=32)
    name = line(_("小区名称"), required=True)
    place = RegionField(label=_("镇(街道)或区"), max_length=64, help_text=_("填写名称或代码；同名的请填代码"))
    office = forms.ChoiceField(label=_("承办室组"))
    department = UnitField(label=_("主管部门"), required=False)
    body = line(_("责任主体"))
    body_kind = forms.ChoiceField(label=_("主体性质"), choices=Estate.BodyKind.choices)
    body_code = line(_("责任主体信用代码"), most=18)
    households = forms.IntegerField(label=_("户数"), min_value=0, max_value=1_000_000, required=False)
    has_lift_ads = _whether(_("电梯广告"))
    has_base_station = _whether(_("通信基站"))
    cost_cap = forms.IntegerField(label=_("约定成本比例上限(%)"), min_value=0, max_value=100, required=False)
    since = day(_("在册起"))

    def prepare(self) -> None:
        self.choices("office", own_offices(guard.require_actor()))


class DescribedForm(RoomForm):
    name = line(_("小区名称"), required=True)
    body = line(_("责任主体"))
    body_kind = forms.ChoiceField(label=_("主体性质"), choices=Estate.BodyKind.choices)
    body_code = line(_("责任主体信用代码"), most=18)
    households = forms.IntegerField(label=_("户数"), min_value=0, max_value=1_000_000, required=False)
    has_lift_ads = _whether(_("电梯广告"))
    has_base_station = _whether(_("通信基站"))
    cost_cap = forms.IntegerField(label=_("约定成本比例上限(%)"), min_value=0, max_value=100, required=False)

    def prepare(self) -> None:
        if isinstance(self.thing, Estate):
            names = ("name", "body", "body_kind", "body_code", "households", "cost_cap")
            self.begin(**{name: getattr(self.thing, name) for name in names})
            for name in ("has_lift_ads", "has_base_station"):
                self.begin(**{name: {True: "yes", False: "no"}.get(getattr(self.thing, name), "")})


class UntilForm(RoomForm):
    until = day(_("最后一天"))


class PeriodField(forms.TypedChoiceField):
    """A period that is due, or one of the seven before it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            coerce=lambda text: next(one for one in duty.periods(today()) if one.isoformat() == text), **kwargs
        )


class PeriodForm(RoomForm):
    """What is about one period."""

    period = PeriodField(label=_("公示周期"))

    def prepare(self) -> None:
        self.choices("period", [(one.isoformat(), duty.words(one)) for one in duty.periods(today())])


class PostingForm(PeriodForm):
    channel = forms.ChoiceField(label=_("公示方式"), choices=Posting.Channel.choices)
    is_detailed = forms.TypedChoiceField(
        label=_("公示内容"), choices=[("yes", _("收支明细")), ("no", _("仅总额"))], coerce=lambda said: said == "yes"
    )
    posted_on = day(_("公示起"))
    until = day(_("公示止"), required=False, now=False)
    place = line(_("公示地点或网址"), most=300)
    photo = forms.FileField(label=_("公示照片"), required=False)


class StatementForm(PeriodForm):
    """Totals, and the lines behind them as people write them: one a line, side, item, amount."""

    opening_fen = Amount(label=_("期初余额(元)"))
    income_fen = Amount(label=_("本期收入(元)"))
    expense_fen = Amount(label=_("本期支出(元)"))
    closing_fen = Amount(label=_("期末余额(元)"))
    bank_fen = Amount(label=_("银行余额(元)"), required=False)
    account = line(_("账户"))
    lines = words(_("收支明细(每行：收入或支出 项目 金额 说明)"), rows=5)
    lines.help_text = _(
        "说明中可写：合同对方：某某公司 合同期：2022年 应收：500 日期：2022-07-15 决议：业委会2022年第3次会议 票据：0012345 结算：现金"
    )

    def clean_lines(self) -> tuple[Line, ...]:
        """Raises ValidationError with the number of each line that cannot be read."""
        found, wrong = [], []
        for number, said in enumerate(self.cleaned_data["lines"].splitlines(), 1):
            try:
                found += [_line(said)] if said.strip() else []
            except ValueError as error:
                wrong.append(_("第%(number)d行：%(reason)s") % {"number": number, "reason": error})
        if wrong:
            raise forms.ValidationError(wrong)
        return tuple(found)


INCOME, EXPENSE = (Side.INCOME, "revenue_item"), (Side.EXPENSE, "cost_item")
SIDES = {"收入": INCOME, "支出": EXPENSE, "income": INCOME, "expense": EXPENSE}


def _line(said: str) -> Line:
    pieces = said.split(maxsplit=3)
    if len(pieces) < 3 or pieces[0] not in SIDES:
        raise ValueError(_("应为：收入或支出 项目 金额"))
    side, kind = SIDES[pieces[0]]
    viewer = guard.require_actor()
    item, amount = find(viewer, kind, today().year, pieces[1]), parse_money_fen(pieces[2])
    if item is None or not amount:
        known = "、".join(one.label_zh for one in items(viewer, kind, today().year))
        raise ValueError(_("金额应大于零，项目应为其中之一：%(known)s") % {"known": known})
    return Line(side, item, amount, **_details(pieces[3] if len(pieces) > 3 else ""))


#: How a detail is written behind the amount → what a line keeps it as, how it is read, and how long it may be.
DETAILS: dict[str, tuple[str, Any]] = {
    "合同对方": ("party", lambda said: said[:128]),
    "合同期": ("term", lambda said: said[:64]),
    "应收": ("due_fen", parse_money_fen),
    "日期": ("booked_on", parse_date),
    "决议": ("resolution", lambda said: said[:128]),
    "票据": ("slip_no", lambda said: said[:64]),
    "结算": ("is_cash", lambda said: said in {"现金", "cash"}),
}
DETAILS |= {
    name: DETAILS[key]
    for name, key in (
        ("party", "合同对方"),
        ("term", "合同期"),
        ("due", "应收"),
        ("date", "日期"),
        ("resolution", "决议"),
        ("slip", "票据"),
        ("paid", "结算"),
    )
}


def _details(said: str) -> dict[str, Any]:
    """What stands as 键：值; the rest is the note. Raises ValueError."""
    found: dict[str, Any] = {}
    rest = []
    for word in said.split():
        key, colon, value = word.replace("：", ":").partition(":")
        if colon and key in DETAILS and value:
            name, read = DETAILS[key]
            found[name] = read(value)
        else:
            rest.append(word)
    return found | {"note": " ".join(rest)}


class SpotCheckForm(PeriodForm):
    on = day(_("抽查日期"))
    result = forms.ChoiceField(label=_("抽查结果"), choices=SpotCheck.Result.choices)
    note = words(_("情况"))


class ObjectionForm(RoomForm):
    raised_on = day(_("提出日期"))
    text = words(_("异议内容"), required=True, rows=4)


class AnswerForm(RoomForm):
    on = day(_("答复日期"))
    text = words(_("答复"), required=True, rows=4)


class SheetForm(RoomForm):
    """The department's monthly sheet."""

    file = forms.FileField(label=_("公示情况表(Excel)"))
    office = forms.ChoiceField(label=_("承办室组"))
    department = UnitField(label=_("主管部门"), required=False)
    as_of = day(_("报送截止日"))

    def prepare(self) -> None:
        self.choices("office", own_offices(guard.require_actor()))


class ConfirmForm(RoomForm):
    name = line(_("部门确认人"), required=True, most=64)
    on = day(_("部门确认日期"))
