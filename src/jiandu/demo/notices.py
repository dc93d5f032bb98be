"""What the fictional net tells the public: notices that stand, one withdrawn, one that awaits a second person, a draft."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiandu.base.core import guard
from jiandu.base.published.models import NoticeKind
from jiandu.demo.year import CITY
from jiandu.results.publications import selectors, services
from jiandu.results.publications.models import Publication
from jiandu.results.publications.services import Words

if TYPE_CHECKING:
    from jiandu.demo.net import Net

ROOM, CONDUCT, PETITIONS = "第一监督检查室", "党风政风监督室", "信访室"


@dataclass(frozen=True)
class Told:
    """Who drafts for which office, about which unit, and the words."""

    who: str
    office: str
    kind: str
    title: str
    text: str
    unit: str = ""


HOURS = Told(
    "petition_clerk",
    PETITIONS,
    NoticeKind.NOTICE,
    "关于调整来访接待时间的通知",
    "来访接待时间调整为工作日上午八时三十分至十一时三十分、下午二时三十分至五时。\n网上举报和来信不受影响。",
)
CASES = Told(
    "conduct_officer",
    CONDUCT,
    NoticeKind.CASES,
    "关于两起违规收受礼品礼金典型问题的通报",
    "近期，我市查处了一批违规收受礼品礼金问题。现将其中两起典型问题通报如下。\n"
    "一、某医院设备科原科长张某在设备采购验收中收受供应商购物卡，受到党内严重警告处分，违纪款已追缴。\n"
    "二、某街道综合执法队原队员李某在巡查中收受商户礼金，受到政务记过处分。\n"
    "全市党员干部要引以为戒，各级党组织要把日常监督抓在平时、严在经常。",
)
SHOWN = Told(
    "supervision_officer",
    ROOM,
    NoticeKind.RECTIFICATION,
    "惠企政策兑现专项监督整改情况",
    "针对专项监督中发现的资金拨付超期、申报材料重复提交两个方面问题，责任单位已完成整改。\n"
    "一、超期未拨付的资金已全部拨付到账，拨付时限写入办事指南。\n"
    "二、申报材料由九项减为四项，能够共享的数据不再要求提交。\n"
    "对整改情况有意见的，可以通过本网站反映。",
    "市财政局",
)
WAITING = Told(
    "supervision_officer",
    ROOM,
    NoticeKind.RESULT,
    "学校食堂管理问题办理结果",
    "群众反映的学校食堂采购问题已经核查，责任单位已更换供应商并公开采购价格。\n"
    "家长可以拨打膳食委员会电话13800000000了解情况。",
    "市教育局",
)
DRAFT = Told(
    "supervision_officer",
    ROOM,
    NoticeKind.RECTIFICATION,
    "保障性住房分配问题整改情况",
    "经查，申请人林某（身份证号350203199001010018）不符合分配条件，已按规定清退。\n"
    "市住房局局长张海峰在专题会上作了说明，住房分配结果今后按批次公开。",
    "市住房局",
)


def tell_notices(net: "Net") -> None:
    """The earliest first."""
    hours = _publish(net, _asked(net, HOURS), by="leader")
    _publish(net, _asked(net, CASES), by="leader")
    _publish(net, _asked(net, SHOWN), by="office_head")
    _withdraw(net, hours)
    _asked(net, WAITING, explanation="膳食委员会公布的联系电话，本人同意公开。")
    _draft(net, DRAFT)


def _draft(net: "Net", told: Told) -> Publication:
    by = net.viewer(told.who)
    words = Words(told.kind, told.title, told.text, CITY)
    with guard.acting(by):
        office, subject = net.offices[told.office], net.units.get(told.unit)
        return services.draft(office=office, words=words, by=by, subject=subject)


def _asked(net: "Net", told: Told, explanation: str = "") -> Publication:
    row, by = _draft(net, told), net.viewer(told.who)
    with guard.acting(by):
        return services.ask(publication=row, by=by, explanation=explanation)


def _publish(net: "Net", row: Publication, *, by: str) -> Publication:
    viewer = net.viewer(by)
    with guard.acting(viewer):
        return services.publish(publication=row, by=viewer, seen=selectors.last_step(viewer, row))


def _withdraw(net: "Net", row: Publication) -> None:
    clerk, leader = net.viewer(HOURS.who), net.viewer("leader")
    with guard.acting(clerk):
        services.ask_recall(publication=row, by=clerk, reason="接待时间再次调整，原通知不再适用")
    with guard.acting(leader):
        services.recall(publication=row, by=leader, seen=selectors.last_step(leader, row))
