"""政治生态分析报告 of the reference year: 88 approved; one revised, one approved only in January, one taken back, one a draft."""

from datetime import date, timedelta

from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.selectors import items
from jiandu.demo.reference.places import YEAR, Places
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.results.portraits.approving import approve_portrait
from jiandu.results.portraits.models import Portrait
from jiandu.results.portraits.services import (
    NewPortrait,
    begin_portrait,
    judge_each,
    revise,
    withdraw_portrait,
    write_summary,
)

APPROVED = 88
FROM, TO = date(YEAR - 1, 7, 1), date(YEAR, 6, 30)
TEXTS = {
    "decisions": "能够对照上级部署制定落实措施，个别任务推进较慢，跟踪问效不够。",
    "duty": "责任清单基本健全，班子成员“一岗双责”落实不够均衡，向下传导压力有衰减。",
    "cadres": "选人用人程序规范，末位表态制度执行总体到位，会议记录有待完善。",
    "conduct": "作风总体平稳，窗口服务仍有群众反映，需持续跟进。",
    "power": "重点岗位廉洁风险点已排查，采购和资金管理环节仍需加强监督。",
}


def run_portraits(places: Places, by: Viewer) -> None:
    """Halves of the year, by the office that watches the unit."""
    units = [*places.departments, *places.below]
    offices = [*places.bodies[:20], *places.supervision]
    reports = [_report(unit, offices[number % len(offices)], by) for number, unit in enumerate(units[:APPROVED])]
    for number, report in enumerate(reports):
        approve_portrait(
            portrait=report, by=by, on=date(YEAR, 8, 1) + timedelta(days=number * 3 // 2), approver="分管领导"
        )
    again = revise(portrait=reports[0], by=by)
    approve_portrait(portrait=again, by=by, on=date(YEAR, 12, 1), approver="分管领导")
    _noise(places, units, offices, by)


def _report(unit: Organisation, office: Office, by: Viewer, from_: date = FROM, to: date = TO) -> Portrait:
    new = NewPortrait(office, YEAR, from_, to, unit=unit, reviewers="室组负责人")
    report = begin_portrait(new=new, by=by)
    judge_each(portrait=report, by=by, texts={item: TEXTS[item.code] for item in items(by, "dimension", YEAR)})
    return write_summary(
        portrait=report, by=by, summary="政治生态总体平稳。\n建议压实责任、完善制度。", reviewers="室组负责人"
    )


def _noise(places: Places, units: list[Organisation], offices: list[Office], by: Viewer) -> None:
    """What does not count: approved in January, taken back, not yet approved."""
    late = _report(units[0], offices[0], by, date(YEAR, 7, 1), LAST)
    approve_portrait(portrait=late, by=by, on=date(YEAR + 1, 1, 16), approver="分管领导")
    mistaken = _report(places.enterprises[0], offices[1], by)
    approve_portrait(portrait=mistaken, by=by, on=date(YEAR, 9, 1), approver="分管领导")
    withdraw_portrait(portrait=mistaken, by=by, reason="登记单位有误", on=date(YEAR, 9, 20))
    _report(places.enterprises[1], offices[2], by)


LAST = date(YEAR, 12, 31)
