"""The one table of legal moves of a petition, and the words of its registration. No other module compares state strings.

Sources: 《纪检监察机关处理检举控告工作规则》(2020) art. 13–18, 21, 26–27; 《信访工作条例》(2022) art. 22–23, 31–36.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Regime(models.TextChoices):
    """Two sets of clocks that are never mixed: reports to the commission, and ordinary petitions."""

    ACCUSATION = "accusation", _("检举控告")
    ORDINARY = "ordinary", _("普通信访")


class Kind(models.TextChoices):
    """The statistical class."""

    ACCUSATION = "accusation", _("检举控告")
    APPEAL = "appeal", _("申诉")
    ADVICE = "advice", _("批评建议")
    OUTSIDE = "outside", _("业务范围外")
    EMPTY = "empty", _("无实质内容")


REGIMES = {
    Kind.ACCUSATION: Regime.ACCUSATION,
    Kind.APPEAL: Regime.ACCUSATION,
    Kind.ADVICE: Regime.ORDINARY,
    Kind.OUTSIDE: Regime.ORDINARY,
    Kind.EMPTY: Regime.ORDINARY,
}
#: 业务范围内: what the commission itself handles.
WITHIN = (Kind.ACCUSATION, Kind.APPEAL, Kind.ADVICE)


class Way(models.TextChoices):
    """How it came."""

    LETTER = "letter", _("来信")
    VISIT = "visit", _("来访")
    CALL = "call", _("来电")
    WEB = "web", _("网络")
    OTHER = "other", _("其他方式")


#: 信、访: what 初信初访 speaks of.
IN_PERSON = (Way.LETTER, Way.VISIT)


class Origin(models.TextChoices):
    """From whom it came to us."""

    DIRECT = "direct", _("直接收到")
    FORWARDED = "forwarded", _("上级转办")
    ASSIGNED = "assigned", _("上级交办")
    ORGAN = "organ", _("其他机关转送")
    PATROL = "patrol", _("巡察移交")


class Named(models.TextChoices):
    """实名核实状态. Only VERIFIED is 实名; whoever cannot be verified is handled as anonymous (Rules 2020, art. 30)."""

    ANONYMOUS = "anonymous", _("匿名")
    UNVERIFIED = "unverified", _("署名未核实")
    VERIFIED = "verified", _("实名")
    IMPOSTOR = "impostor", _("冒名")
    UNVERIFIABLE = "unverifiable", _("无法核实")


class Competence(models.TextChoices):
    """管辖, by who manages the cadre (干部管理权限), not by geography (art. 11, 12)."""

    OWN = "own", _("本级管辖")
    LOWER = "lower", _("下级管辖")
    ORGAN = "organ", _("其他机关管辖")


class Rank(models.TextChoices):
    """职级 of the person reported."""

    BUREAU = "bureau", _("厅局级")
    COUNTY = "county", _("县处级")
    TOWNSHIP = "township", _("乡科级")
    STAFF = "staff", _("一般干部")
    INSTITUTION = "institution", _("事业单位人员")
    ENTERPRISE = "enterprise", _("企业人员")
    RURAL = "rural", _("农村人员")
    COMMUNITY = "community", _("社区人员")
    OTHER = "other", _("其他人员")


class Nature(models.TextChoices):
    """问题性质: the six disciplines, duty violations and crimes, other violations."""

    POLITICAL = "political", _("违反政治纪律")
    ORGANISATION = "organisation", _("违反组织纪律")
    INTEGRITY = "integrity", _("违反廉洁纪律")
    MASSES = "masses", _("违反群众纪律")
    WORK = "work", _("违反工作纪律")
    LIFE = "life", _("违反生活纪律")
    DUTY = "duty", _("职务违法")
    CRIME = "crime", _("职务犯罪")
    OTHER = "other", _("其他违法")


class State(models.TextChoices):
    """Where a petition stands."""

    REGISTERED = "registered", pgettext_lazy("petition state", "已登记")
    PROPOSED = "proposed", pgettext_lazy("petition state", "已拟办")
    APPROVED = "approved", pgettext_lazy("petition state", "已批办")
    ROUTED = "routed", pgettext_lazy("petition state", "已转办")
    HANDLING = "handling", pgettext_lazy("petition state", "办理中")
    CONCLUDED = "concluded", pgettext_lazy("petition state", "已办结")
    KEPT = "kept", pgettext_lazy("petition state", "留存备查")
    DECLINED = "declined", pgettext_lazy("petition state", "不予受理")


class Verb(models.TextChoices):
    """What is done to a petition. Each act is one dated step, signed by who did it."""

    REGISTER = "register", pgettext_lazy("petition act", "登记")
    NAME_CHECKED = "name_checked", pgettext_lazy("petition act", "实名核实")
    PROPOSE = "propose", pgettext_lazy("petition act", "拟办")
    APPROVE = "approve", pgettext_lazy("petition act", "批办")
    ROUTE = "route", pgettext_lazy("petition act", "转办")
    NOTIFY = "notify", pgettext_lazy("petition act", "通报案管")
    KEEP = "keep", pgettext_lazy("petition act", "留存备查")
    DECLINE = "decline", pgettext_lazy("petition act", "不予受理")
    REPEAT = "repeat", pgettext_lazy("petition act", "认定重复件")
    ACCEPT = "accept", pgettext_lazy("petition act", "受理")
    OBJECT = "object", pgettext_lazy("petition act", "提出管辖异议")
    RETURN = "return", pgettext_lazy("petition act", "退回")
    TELL_ACCEPTED = "tell_accepted", pgettext_lazy("petition act", "告知受理")
    DISPOSE = "dispose", pgettext_lazy("petition act", "提出处置意见")
    INQUIRE = "inquire", pgettext_lazy("petition act", "函询送达")
    INQUIRY_ANSWERED = "inquiry_answered", pgettext_lazy("petition act", "收到函询回复")
    ENTRUST = "entrust", pgettext_lazy("petition act", "委托谈话")
    TALK = "talk", pgettext_lazy("petition act", "谈话结束")
    STATEMENT = "statement", pgettext_lazy("petition act", "收到书面说明")
    REPORT_TALK = "report_talk", pgettext_lazy("petition act", "报告谈话函询情况")
    EXTEND = "extend", pgettext_lazy("petition act", "延期")
    CONCLUDE = "conclude", pgettext_lazy("petition act", "办结")
    FEED_BACK = "feed_back", pgettext_lazy("petition act", "反馈信访部门")
    TELL_RESULT = "tell_result", pgettext_lazy("petition act", "反馈结果")
    DISPUTE = "dispute", pgettext_lazy("petition act", "对结果有异议")
    ANSWER_REVIEW = "answer_review", pgettext_lazy("petition act", "答复复查")
    ASK_REVIEW = "ask_review", pgettext_lazy("petition act", "请求复查")
    ASK_RECHECK = "ask_recheck", pgettext_lazy("petition act", "请求复核")
    ANSWER_RECHECK = "answer_recheck", pgettext_lazy("petition act", "答复复核")


class Disposal(models.TextChoices):
    """处置方式 (enforcement rules 2019, art. 21)."""

    TALK = "talk", _("谈话函询")
    VERIFY = "verify", _("初步核实")
    SHELVE = "shelve", _("暂存待查")
    CLOSE = "close", _("予以了结")


class Truth(models.TextChoices):
    """属实情况 at the end."""

    TRUE = "true", _("属实")
    PARTLY = "partly", _("部分属实")
    UNTRUE = "untrue", _("不属实")
    UNKNOWN = "unknown", _("无法查实")


@dataclass(frozen=True)
class Move:
    """From which states, and to which; `to` None keeps the state. `regime` None: either."""

    from_: frozenset[State]
    to: State | None
    regime: Regime | None = None


S, A, O = State, Regime.ACCUSATION, Regime.ORDINARY  # noqa: E741 -- reads as the table's column
OPEN = frozenset({S.REGISTERED, S.PROPOSED, S.APPROVED, S.ROUTED, S.HANDLING})
SETTLED = frozenset({S.CONCLUDED, S.KEPT, S.DECLINED})
BEFORE = frozenset({S.REGISTERED, S.PROPOSED, S.APPROVED})  # the petition office itself still holds it
AT_HANDLER = frozenset({S.ROUTED, S.HANDLING})  # it was handed to an office, or is handled where it came in
TO_APPROVE = frozenset({S.PROPOSED})
HELD, ENDED = frozenset({S.HANDLING}), frozenset({S.CONCLUDED})
HANDED_ON = AT_HANDLER | ENDED

MOVES: dict[Verb, Move] = {
    Verb.REGISTER: Move(frozenset(), S.REGISTERED),
    Verb.NAME_CHECKED: Move(OPEN, None),
    Verb.PROPOSE: Move(frozenset({S.REGISTERED, S.PROPOSED}), S.PROPOSED),
    Verb.APPROVE: Move(frozenset({S.PROPOSED}), S.APPROVED),
    Verb.ROUTE: Move(BEFORE, S.ROUTED),
    Verb.NOTIFY: Move(HANDED_ON, None, A),
    Verb.KEEP: Move(BEFORE, S.KEPT),
    Verb.DECLINE: Move(BEFORE, S.DECLINED),
    Verb.REPEAT: Move(BEFORE, S.KEPT),
    Verb.ACCEPT: Move(BEFORE | {S.ROUTED}, S.HANDLING),
    Verb.OBJECT: Move(frozenset({S.ROUTED}), S.REGISTERED),
    Verb.RETURN: Move(frozenset({S.ROUTED, S.HANDLING}), S.REGISTERED),
    Verb.TELL_ACCEPTED: Move(OPEN | SETTLED, None),
    Verb.DISPOSE: Move(HELD, None, A),
    Verb.INQUIRE: Move(HELD, None, A),
    Verb.INQUIRY_ANSWERED: Move(HELD, None, A),
    Verb.ENTRUST: Move(HELD, None, A),
    Verb.TALK: Move(HELD, None, A),
    Verb.STATEMENT: Move(HELD, None, A),
    Verb.REPORT_TALK: Move(HELD, None, A),
    Verb.EXTEND: Move(HELD, None),
    Verb.CONCLUDE: Move(HELD, S.CONCLUDED),
    Verb.FEED_BACK: Move(ENDED, None, A),
    Verb.TELL_RESULT: Move(ENDED, None),
    Verb.DISPUTE: Move(ENDED, None, A),
    Verb.ASK_REVIEW: Move(ENDED, None, O),
    Verb.ANSWER_REVIEW: Move(ENDED, None, O),
    Verb.ASK_RECHECK: Move(ENDED, None, O),
    Verb.ANSWER_RECHECK: Move(ENDED, None, O),
}


def is_legal(verb: Verb, state: State, regime: Regime) -> bool:
    """Whether the act may follow now under the rules that this petition goes by."""
    move = MOVES[verb]
    return state in move.from_ and move.regime in (None, regime)


def target(verb: Verb, state: State) -> State:
    """Where the move leads from this state: the same, where the move keeps it."""
    return MOVES[verb].to or state


def is_concluded(state: State) -> bool:
    """Whether it ended by being handled, not by being kept or declined."""
    return state == S.CONCLUDED


def regime_of(kind: str) -> Regime:
    """Which of the two sets of clocks runs."""
    return REGIMES[Kind(kind)]


class Duties(models.TextChoices):
    """What the duties done on an item came to; nothing while none was done."""

    IN_TIME = "in_time", pgettext_lazy("duties", "均按期")
    LATE = "late", pgettext_lazy("duties", "有超期")
