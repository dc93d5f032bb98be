"""What the fictional city is made of: its offices, units and people, the problems found there, and how far each has come."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from jiandu.loop.findings.models import Finding

CITY = "市纪委监委"
OFFICES = (
    ("第一监督检查室", "supervision", CITY),
    ("第二监督检查室", "supervision", CITY),
    ("党风政风监督室", "department", CITY),
    ("案件监督管理室", "department", CITY),
    ("信访室", "department", CITY),
    ("驻市教育局纪检监察组", "stationed", CITY),
    ("驻市财政局纪检监察组", "stationed", CITY),
    ("驻市农业农村局纪检监察组", "stationed", CITY),
    ("思明区纪委监委", "commission", CITY),
    ("筼筜街道纪工委", "town", "思明区纪委监委"),
)
STATIONED = {
    "驻市教育局纪检监察组": "市教育局",
    "驻市财政局纪检监察组": "市财政局",
    "驻市农业农村局纪检监察组": "市农业农村局",
}
#: Unit → its head and, as a title, what the head is called.
UNITS = {
    "市教育局": ("陈建国", "局长"),
    "市财政局": ("林丽华", "局长"),
    "市农业农村局": ("黄志强", "局长"),
    "市民政局": ("王秀英", "局长"),
    "市住房局": ("张海峰", "局长"),
    "市交通运输局": ("李文斌", "局长"),
    "市卫生健康局": ("吴晓燕", "局长"),
    "筼筜街道办事处": ("蔡明德", "主任"),
}
PEOPLE = (
    ("leader", "李书记", CITY),
    ("secretary", "周秘书", CITY),
    ("petition_clerk", "赖干部", "信访室"),
    ("identity_custodian", "高干部", "信访室"),
    ("supervision_officer", "王干部", "第一监督检查室"),
    ("office_head", "陈主任", "第一监督检查室"),
    ("office_clerk", "吴内勤", "第一监督检查室"),
    ("conduct_officer", "郑干部", "党风政风监督室"),
    ("case_supervisor", "孙干部", "案件监督管理室"),
    ("stationed_officer", "黄干部", "驻市教育局纪检监察组"),
    ("stationed_head", "许组长", "驻市教育局纪检监察组"),
    ("district_officer", "何干部", "思明区纪委监委"),
    ("district_head", "林书记", "思明区纪委监委"),
    ("town_officer", "蔡干部", "筼筜街道纪工委"),
    ("system_admin", "系统管理员", ""),
    ("security_admin", "安全管理员", ""),
    ("audit_admin", "审计管理员", ""),
)
#: Second holders of a role: what two must do (启封, 复核转办) takes two accounts.
SECONDS = (
    ("petition_clerk", "罗干部", "信访室"),
    ("identity_custodian", "叶干部", "信访室"),
)
PROJECTS = (
    "惠企政策兑现",
    "重点项目资金使用",
    "义务教育学校食堂管理",
    "养老服务补贴发放",
    "保障性住房分配",
    "农村公路建设养护",
    "基层医疗收费",
    "行政审批提速",
)


@dataclass(frozen=True)
class Problem:
    """A kind of problem: what it is, one fact ({n} a number), the basis, what was done, the rule that came of it."""

    said: str
    fact: str
    basis: str
    done: str
    rule: str


PROBLEMS = (
    Problem(
        "惠企政策兑现不及时，企业获得感不强",
        "抽查{n}家企业的奖补申请，审核平均超出承诺时限{n}个工作日。",
        "《优化营商环境条例》第十九条",
        "逐件清理积压申请，全部兑现到位。",
        "惠企政策兑现工作规程",
    ),
    Problem(
        "项目资金拨付滞后，进度偏慢",
        "抽查{n}个项目，资金在账上滞留超过{n}天。",
        "《中华人民共和国预算法》第五十七条",
        "滞留资金已全部拨付，建立拨付进度月报。",
        "项目资金拨付管理办法",
    ),
    Problem(
        "台账管理不规范，底数不清",
        "抽查发现{n}件事项台账要素缺失，账实不符{n}处。",
        "单位内部控制制度",
        "重新核实登记，补齐台账要素。",
        "工作台账管理规定",
    ),
    Problem(
        "审批环节多、时间长",
        "某审批事项流转{n}个环节，平均用时{n}个工作日。",
        "《优化营商环境条例》第四十条",
        "压减环节和材料，用时缩短过半。",
        "",
    ),
    Problem(
        "行业监管责任落实不到位",
        "近一年对{n}家被监管单位未开展检查。",
        "部门“三定”规定",
        "补齐检查并通报结果，纳入年度计划。",
        "行业监管检查办法",
    ),
    Problem(
        "历史遗留问题破解乏力",
        "{n}宗历史遗留事项超过两年没有实质进展。",
        "",
        "逐宗明确牵头领导和时间表。",
        "",
    ),
    Problem(
        "信息公开不及时",
        "{n}项应公开事项逾期未公开。",
        "《中华人民共和国政府信息公开条例》第二十六条",
        "已全部补充公开，指定专人负责。",
        "信息公开审核发布制度",
    ),
    Problem(
        "食堂大宗食材采购未按规定询价",
        "抽查{n}笔采购，{n}笔未留存询价记录。",
        "《中华人民共和国政府采购法》第三条",
        "重新询价签约，退回差价。",
        "学校食堂大宗食材采购管理办法",
    ),
    Problem(
        "补贴对象动态管理不严",
        "比对发现{n}名对象不再符合条件仍在领取。",
        "补贴发放管理规定",
        "停发并追回多发资金。",
        "补贴对象动态核查制度",
    ),
    Problem(
        "牵头推进不够有力，部门协同不到位",
        "{n}项任务的牵头与配合单位职责不清，进度滞后。",
        "",
        "明确分工，按月调度。",
        "",
    ),
)
LAST_YEAR, THIS_YEAR = 80, 60


@dataclass(frozen=True)
class Plan:
    """How far one finding has come, and when: dates that have not come yet are None."""

    registered_on: date
    kind: str
    term_days: int
    applied_on: date | None = None
    verified_on: date | None = None
    settled_on: date | None = None
    looked_on: date | None = None
    ending: str = ""  # rebound, withdrawn, transferred, suspended: what is out of the usual


KINDS = [Finding.Rectification.AT_ONCE, Finding.Rectification.BY_TERM, Finding.Rectification.BY_TERM]
ENDINGS = {3: "withdrawn", 11: "transferred", 17: "suspended", 23: "rebound", 41: "rebound"}


def plan_years(chance: random.Random, now: date) -> list[Plan]:
    """Last year's findings, nearly all settled, and this year's, each as far as its age allows; in order of date."""
    begin = date(now.year - 1, 1, 12)
    last = [begin + timedelta(days=chance.randint(0, 320)) for _ in range(LAST_YEAR)]
    age = (now - date(now.year, 1, 1)).days
    this = [now - timedelta(days=chance.randint(1, max(1, age))) for _ in range(THIS_YEAR)]
    return [_plan(number, on, chance, now) for number, on in enumerate(sorted(last + this))]


def _plan(number: int, on: date, chance: random.Random, now: date) -> Plan:
    kind = Finding.Rectification.LASTING if number % 13 == 5 else chance.choice(KINDS)
    term = 30 if kind == Finding.Rectification.AT_ONCE else chance.choice([60, 90])
    pace = chance.choice([0.5, 0.7, 0.9, 1.0, 1.3])
    gaps = (int(term * pace) + 3, chance.randint(2, 8), chance.randint(1, 6), chance.randint(60, 120))
    days = [on + timedelta(days=sum(gaps[: count + 1])) for count in range(len(gaps))]
    applied, verified, settled, looked = (day if day <= now else None for day in days)
    ending = ENDINGS.get(number, "")
    if ending in {"withdrawn", "transferred", "suspended"}:
        return Plan(on, kind, term, ending=ending)
    return Plan(on, kind, term, applied, verified, settled, looked if number % 2 or ending else None, ending)
