"""What the fictional year is made of: names, problems, and how far each finding has come."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from jiandu.loop.findings.models import Finding

OFFICES = (
    ("第一监督检查室", "supervision", "市纪委监委"),
    ("第二监督检查室", "supervision", "市纪委监委"),
    ("党风政风监督室", "department", "市纪委监委"),
    ("案件监督管理室", "department", "市纪委监委"),
    ("驻市教育局纪检监察组", "stationed", "市纪委监委"),
    ("驻市财政局纪检监察组", "stationed", "市纪委监委"),
    ("驻市农业农村局纪检监察组", "stationed", "市纪委监委"),
    ("思明区纪委监委", "commission", "市纪委监委"),
    ("筼筜街道纪工委", "town", "思明区纪委监委"),
)
STATIONED = {
    "驻市教育局纪检监察组": "市教育局",
    "驻市财政局纪检监察组": "市财政局",
    "驻市农业农村局纪检监察组": "市农业农村局",
}
UNITS = (
    "市教育局",
    "市财政局",
    "市农业农村局",
    "市民政局",
    "市住房局",
    "市交通运输局",
    "市卫生健康局",
    "筼筜街道办事处",
)
PROBLEMS = (
    "惠企政策兑现不及时,企业获得感不强",
    "项目资金拨付滞后,进度偏慢",
    "台账管理不规范,底数不清",
    "审批环节多、时间长",
    "行业监管责任落实不到位",
    "历史遗留问题破解乏力",
    "信息公开不及时",
    "牵头推进不够有力,部门协同不到位",
)
COUNT = 90


@dataclass(frozen=True)
class Plan:
    """How far one finding has come: 0 registered … 4 verified; its dates and term."""

    registered_on: date
    applied_on: date
    stage: int
    term_days: int
    rectification: str


def plan_year(chance: random.Random, now: date) -> list[Plan]:
    """Ninety findings over the last ten months; the older, the further."""
    plans = []
    for _ in range(COUNT):
        age = chance.randint(2, 300)
        on = now - timedelta(days=age)
        stage = min(4, chance.randint(0, 1 + age // 40))
        applied = min(now, on + timedelta(days=chance.randint(1, 40)))
        kind = chance.choice(
            [Finding.Rectification.AT_ONCE, Finding.Rectification.BY_TERM, Finding.Rectification.LASTING]
        )
        plans.append(Plan(on, applied, stage, chance.choice([15, 30, 60, 90]), kind))
    return plans
