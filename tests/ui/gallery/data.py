"""Fictional records of a city's supervision work, as the plain values that components take."""

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest

from jiandu.base.ui.templatetags.ui import days_left, iso

TODAY = dt.date(2022, 9, 30)
ROOMS = [
    ("工作台", "overview", "layout-dashboard", "d", None),
    ("政治监督", "ledger", "flag-3", "z", None),
    ("日常监督", "ledger", "eye-check", "r", None),
    ("专项监督", "ledger", "target-arrow", "s", None),
    ("基层监督", "ledger", "building-community", "b", None),
    ("问题台账", "ledger", "clipboard-list", "t", 17),
    ("信访举报", "ledger", "mail", "x", None),
    ("数据比对", "parts", "arrows-diff", "y", None),
    ("文书", "record", "file-text", "w", None),
    ("统计综述", "overview", "chart-bar", "h", None),
    ("单位档案", "record", "building-bank", "u", None),
]


def chrome(request: HttpRequest) -> dict[str, Any]:
    """What a surface's context processor gives the shell."""
    here = request.path.strip("/")
    current = {"ledger": "问题台账", "overview": "工作台", "record": "问题台账", "parts": "数据比对"}.get(here)
    menu = [
        {"label": label, "href": f"/{page}/", "icon": icon, "key": key, "count": count, "current": label == current}
        for label, page, icon, key, count in ROOMS
    ]
    return {
        "chrome": {
            "menu": menu,
            "user_name": "陈晓岚",
            "office_name": "第三监督检查室",
            "roles": ["承办人", "核验人"],
            "large_text": request.COOKIES.get("text") == "large",
            "demo": True,
            "todo_count": 5,
            "todo_url": "/overview/",
            "todo_poll_url": "/todo/",
            "search_url": "/ledger/",
            "signout_url": "/signin/",
            "language_url": "/language/" if here == "signin" else "",
            "watermark_url": "/watermark.svg",
            "account_links": [{"label": "安全设置", "href": "/edit/", "icon": "fingerprint"}],
        }
    }


UNITS = [
    "滨海区城市管理局",
    "市住房和建设局",
    "云顶街道办事处",
    "市交通运输局",
    "翔安港务集团",
    "莲溪镇人民政府",
    "市市场监督管理局",
]
ASPECTS = ["贯彻决策部署", "服务中心大局", "破解难题旧账", "行业监管责任", "管党治党责任", "作风纪律", "权力运行"]
PROBLEMS = [
    "主要负责人对重点项目征迁滞后研究不深，连续三次专题会未形成可执行的时间表和责任清单",
    "老旧小区加装电梯补助资金拨付迟缓，平均超过规定时限47天，群众反映集中",
    "对辖区餐饮油烟扰民投诉“一转了之”，同一地址半年内重复投诉11件未见实质整改",
    "公交场站闲置用地被企业长期占用堆放物料，未签合同、未收租金",
    "港区外包劳务人员管理台账缺失，安全教育记录代签",
    "村集体厂房租金拖欠两年未催收，亦未依法解除合同",
    "“双随机”抽查结果公示不及时，2022年第二季度公示率仅六成",
    "营商环境联系点企业反映的用电报装问题，牵头单位与供电企业相互推诿",
    "落实中央八项规定精神不严格，公务接待清单要素不全，先接待后补函",
    "工程变更签证审批倒签日期，涉及合同金额286.4万元",
]
STATES = ["整改中", "已交办", "待核验", "已登记", "整改中", "待审批", "已销号", "整改中", "阶段性销号"]
COLUMNS = [
    {"label": "编号", "kind": "code", "sort": "code"},
    {"label": "问题表现", "kind": "main"},
    {"label": "责任单位", "kind": "", "sort": "unit"},
    {"label": "方面", "kind": ""},
    {"label": "类型", "kind": ""},
    {"label": "状态", "kind": "state"},
    {"label": "登记日期", "kind": "date", "sort": "registered_on"},
    {"label": "整改时限", "kind": "date", "sort": "due_on"},
    {"label": "承办", "kind": ""},
]


def _due(number: int, state: str) -> dict[str, object]:
    due = dt.date(2022, 9, 12) + dt.timedelta(days=number * 5 % 67)
    left = (due - TODAY).days
    if state in {"已销号", "阶段性销号", "已登记"}:
        return {"text": iso(due) if state != "已登记" else None}
    return {
        "text": iso(due),
        "sub": days_left(left),
        "sub_tone": "danger" if left < 0 else "warn" if left < 7 else "neutral",
    }


def ledger_rows(total: int = 25) -> list[dict[str, Any]]:
    """Rows of the problem ledger for the table component."""
    rows = []
    for number in range(total):
        state = STATES[number % len(STATES)]
        code = f"WT-2022-{186 - number:04d}"
        due = _due(number, state)
        cells = [
            code,
            PROBLEMS[number % len(PROBLEMS)],
            UNITS[number * 3 % len(UNITS)],
            ASPECTS[number * 2 % len(ASPECTS)],
            ["个性", "共性", "典型"][number % 3],
            {"text": state, "tone": state},
            iso(dt.date(2022, 8, 26) - dt.timedelta(days=number * 2)),
            due,
            ["陈晓岚", "林志远", "吴敏", "郑海"][number % 4],
        ]
        overdue = due.get("sub_tone") == "danger"
        rows.append(
            {"id": str(number), "name": code, "href": "/record/", "cells": cells, "tone": "danger" if overdue else ""}
        )
    return rows


STEPS = [
    {"label": "登记", "state": "done", "on": "2022-06-14", "by": "吴敏"},
    {"label": "交办", "state": "done", "on": "2022-06-16", "by": "林志远"},
    {"label": "整改", "state": "done", "on": "2022-08-30", "by": "云顶街道"},
    {"label": "核验", "state": "current", "on": "", "by": "陈晓岚"},
    {"label": "审批销号", "state": "todo"},
    {"label": "回头看", "state": "todo"},
]
UNIT, OFFICE = "云顶街道办事处", "第三监督检查室"
TIMELINE: list[dict[str, Any]] = [
    {
        "title": "申请销号",
        "on": "2022-08-30",
        "by": "李建国",
        "office": UNIT,
        "tone": "progress",
        "paper": True,
        "recorded": "2022-09-01",
        "note": "已签订租赁合同并补收租金46.8万元；场地已清理。",
        "links": [{"label": "补缴凭证.pdf", "href": "/record/"}, {"label": "现场照片（3张）", "href": "/record/"}],
    },
    {"title": "督办", "on": "2022-08-12", "by": "陈晓岚", "office": OFFICE, "tone": "danger"}
    | {"note": "逾期10天未报进展，发《督办函》（滨纪督〔2022〕14号）。"},
    {"title": "报方案", "on": "2022-06-28", "by": "李建国", "office": UNIT, "tone": "info"}
    | {"note": "整改措施3条，时限2022年8月2日。"},
    {"title": "签收", "on": "2022-06-17", "by": "李建国", "office": UNIT},
    {"title": "交办", "on": "2022-06-16", "by": "林志远", "office": OFFICE, "note": "时限60日，办结报书面材料。"},
    {"title": "登记", "on": "2022-06-14", "by": "吴敏", "office": "驻市交通局纪检监察组"},
]
FACTS = [
    {"label": "编号", "value": "WT-2022-0161"},
    {"label": "状态", "value": "待核验", "tone": "待核验"},
    {"label": "责任单位", "value": "云顶街道办事处", "href": "/record/"},
    {"label": "来源", "value": "年度项目：国有资产闲置监督", "href": "/record/"},
    {"label": "方面", "value": "权力运行"},
    {"label": "类型", "value": "典型"},
    {"label": "登记日期", "value": "2022-06-14"},
    {"label": "整改时限", "value": "2022-10-14", "sub": "剩14天"},
    {"label": "涉及金额", "value": "¥468,000.00"},
    {"label": "依据", "value": None},
    {"label": "联系人", "value": "李建国"},
    {"label": "挂钩领导", "value": "王副书记"},
    {
        "label": "问题表现",
        "value": "公交场站闲置用地被企业长期占用堆放物料，未签合同、未收租金，街道与场站单位均未依法处置。",
        "wide": True,
    },
]


class FindingForm(forms.Form):
    """A form with every kind of control."""

    title = forms.CharField(label="问题表现", max_length=120, help_text="一句话写清谁、什么事、什么后果，不超过120字")
    unit = forms.ChoiceField(label="责任单位", choices=[("", "请选择"), *((u, u) for u in UNITS)])
    aspect = forms.ChoiceField(label="方面", choices=[(a, a) for a in ASPECTS])
    nature = forms.ChoiceField(
        label="类型", choices=[("1", "个性"), ("2", "共性"), ("3", "典型")], widget=forms.RadioSelect
    )
    methods = forms.MultipleChoiceField(
        label="发现方式", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[("a", "查资料"), ("b", "列席"), ("c", "走访"), ("d", "数据比对")], help_text="可多选",
    )  # fmt: skip
    registered_on = forms.DateField(label="登记日期", widget=forms.DateInput(attrs={"type": "date"}))
    amount = forms.DecimalField(label="涉及金额（元）", required=False)
    paper = forms.FileField(label="佐证材料", required=False, help_text="PDF、图片或OFD，单个不超过20MB")
    named = forms.BooleanField(label="涉及关键少数", required=False)
    facts = forms.CharField(label="具体事实", widget=forms.Textarea(attrs={"rows": 4}))
    secret = forms.CharField(widget=forms.HiddenInput, required=False)
