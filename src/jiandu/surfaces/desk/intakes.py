"""Where registers come in by sheet: the page of each with its empty sheets, and the right that it asks."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.known import REGISTERS
from jiandu.base.books.taking import Register


@dataclass(frozen=True)
class Intake:
    """A page that takes sheets of one or several registers in; `back`: the page of the register."""

    name: str  # of its routes
    route: str
    title: Any
    back: str
    keys: tuple[str, ...]
    note: Any = ""

    @property
    def registers(self) -> list[Register]:
        """What it takes in; they ask the same right."""
        return [REGISTERS[key] for key in self.keys]


INTAKES = (
    Intake(
        "roster",
        "directory/import/",
        _("按名册登记"),
        "desk:units",
        ("units", "posts", "ties"),
        _("更名、划转等需要日期和依据的变动列为冲突，请在档案页办理。"),
    ),
    Intake(
        "talks-sheet",
        "talks/import/",
        _("按登记表导入谈话"),
        "desk:talks",
        ("talks",),
        _("种类、日期、约谈人与已登记的不同列为冲突，不更改。"),
    ),
    Intake(
        "division",
        "rounds/import/",
        _("导入分工表和走访登记表"),
        "desk:rounds",
        ("division", "visits"),
        _("已走访的单位改由另一组挂钩的、已撤下的走访列为冲突，不更改。"),
    ),
    Intake(
        "plans-sheet",
        "projects/import/",
        _("按清单导入项目方案"),
        "desk:projects",
        ("project-plan",),
        _("责任室组、时限和目标值可以更正；已登记的完成情况不同的列为冲突，不更改。"),
    ),
    Intake(
        "letters-sheet",
        "letters/import/",
        _("按登记表导入文书"),
        "desk:letters",
        ("letters",),
        _(
            "送签以后文字不同的列为冲突，不更改。文号和送达日期在签批确认以后写入，文号只由有编文号权限的人员写入；未写入的逐格说明原因。"
        ),
    ),
    Intake(
        "copy-reports-sheet",
        "copy-reports/import/",
        _("按登记表导入问题抄报"),
        "desk:copy-reports",
        ("copy-reports",),
        _("送签以后文字不同的、少列问题的列为冲突，不更改。文号、送达和批示在签批确认以后写入；未写入的逐格说明原因。"),
    ),
    Intake(
        "training-sheet",
        "meetings/import/",
        _("按登记表导入交流培训"),
        "desk:meetings",
        ("training",),
        _("已登记的场次人次不同的列为冲突，不更改；登记有误的撤下后重新登记。"),
    ),
    Intake(
        "inspections-sheet",
        "checks/import/",
        _("按清单表导入村居检查"),
        "desk:checks",
        ("inspections",),
        _("检查结果可以更正；已转入问题台账的事项、检查人员和检查情况不同的列为冲突，不更改。"),
    ),
    Intake(
        "assets-sheet",
        "checks/assets/import/",
        _("按登记表导入资产回头看"),
        "desk:checks",
        ("assets", "asset-pack"),
        _("已登记的回头看结果、办理人、情况不同的列为冲突，不更改；登记有误的撤下后重新登记。"),
    ),
    Intake(
        "points-sheet",
        "contact/points/import/",
        _("按名单导入联系点"),
        "desk:contact-points",
        ("points",),
        _("级别、任期与已登记的不同、已退出的联系点有改动的列为冲突，不更改。"),
    ),
    Intake(
        "contact-problems-sheet",
        "contact/import/",
        _("按登记表导入联系点反映问题"),
        "desk:contact-problems",
        ("contact-problems",),
        _("表上新填的研判、交办、答复、办结按其日期办理；已办步骤的日期或内容不同的列为冲突，不更改。"),
    ),
    Intake(
        "statements-sheet",
        "estate-statements/import/",
        _("按明细表导入收支"),
        "desk:estate-statements",
        ("estate-statements",),
        _("余额和收支不符的，在单元格处说明，不导入；与已登记的不同的更正，原登记留存。"),
    ),
    Intake(
        "collectives-sheet",
        "collectives/import/",
        _("按台账导入村集体三资"),
        "desk:collectives",
        (
            "collective-assets",
            "collective-resources",
            "collective-contracts",
            "collective-dues",
            "collective-receipts",
            "collective-funds",
            "collective-works",
            "collective-journal",
            "collective-disclosures",
        ),
        _(
            "同一编号后来的报送更新此前的，原记录留存；报送方式为全量的，表中没有的编号自数据截止日起不再列入。先导入资产、资源，再导入合同、应收、收款；日记账的余额与上一笔加减本笔不符的，在预览中写明应为多少，照所填登记。"
        ),
    ),
    Intake(
        "topics-sheet",
        "topics/import/",
        _("按清单和月报导入点题整治"),
        "desk:topics",
        ("topics", "topic-months"),
        _(
            "增列的部门和目标、改过的措施和进度更新；部门或目标减少、立题日期、年度去向和已填报的月份不同的列为冲突，不更改。"
        ),
    ),
    Intake(
        "portraits-sheet",
        "portraits/import/",
        _("按登记表导入政治生态分析报告"),
        "desk:portraits",
        ("portraits",),
        _("标题、起草机构、指标年度和已审定的内容不同的列为冲突，不更改；还不能审定的先登记，审定日期逐格说明原因。"),
    ),
    Intake(
        "rules-sheet",
        "rules/import/",
        _("按登记表导入建章立制"),
        "desk:rules",
        ("rules",),
        _("已登记的制度只增加来由；印发日期不同的和已撤下的列为冲突，不更改。"),
    ),
    Intake(
        "grid-sheet",
        "grid/import/",
        _("按名册导入近邻监督员"),
        "desk:grid",
        ("grid",),
        _("已登记的任期只补登任期止日；网格情况、人员类别和联系方式不同的列为冲突，不更改。"),
    ),
)


def intake_of(book: str) -> Intake:
    """The page that takes this kind of sheet in."""
    return next(one for one in INTAKES if book in one.keys)
