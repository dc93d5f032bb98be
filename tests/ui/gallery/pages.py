"""The gallery's pages: each a plausible screen made of components only."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from tests.ui.gallery import data

WATERMARK = """<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180">
<text x="20" y="120" transform="rotate(-20 20 120)" font-size="15" font-family="sans-serif" fill="#5b6470"
fill-opacity=".11">陈晓岚 3101 2022-09-30 14:05</text></svg>"""


def overview(request: HttpRequest) -> HttpResponse:
    rows = [("滨海区", 61, 52), ("云顶区", 44, 41), ("翔安区", 38, 30), ("莲溪区", 27, 25), ("市直单位", 86, 64)]
    columns = [{"label": "地区"}, {"label": "登记", "kind": "num"}, {"label": "销号", "kind": "num"}]
    bars = [{"name": n, "all": a * 3, "done": d * 3, "y": 14 + i * 30, "value": a} for i, (n, a, d) in enumerate(rows)]
    todo = [row | {"cells": [row["cells"][i] for i in (0, 1, 2, 5, 7)]} for row in data.ledger_rows(6)]
    context = {
        "bars": bars,
        "columns": columns,
        "rows": [{"cells": row} for row in rows],
        "todo_columns": [data.COLUMNS[i] | {"sort": ""} for i in (0, 1, 2, 5, 7)],
        "todo": todo,
        "tabs": [{"label": "待办", "href": "?", "current": True, "count": 5}]
        + [
            {"label": word, "href": f"?s={n}", "count": n}
            for word, n in (("在办", 12), ("临期", 3), ("超期", 2), ("已办", 1204))
        ],
        "timeline": data.TIMELINE[:4],
    }
    return render(request, "gallery/overview.html", context)


def ledger(request: HttpRequest) -> HttpResponse:
    chips = [
        {"label": "状态", "value": "未销号", "href": "?"},
        {"label": "登记日期", "value": "2022-01-01 至 2022-09-30", "href": "?"},
    ]
    context = {
        "columns": data.COLUMNS,
        "rows": data.ledger_rows(),
        "chips": chips,
        "sort": request.GET.get("sort", "-registered_on"),
    }
    context["units"] = [("", "全部"), *((unit, unit) for unit in data.UNITS)]
    context["states"] = [("", "全部"), *((state, state) for state in dict.fromkeys(data.STATES))]
    return render(request, "gallery/ledger.html", context)


def record(request: HttpRequest) -> HttpResponse:
    messages.success(request, "已签收《整改情况反馈单》")
    tabs = [
        ("办理", True, None),
        ("佐证材料", False, 4),
        ("文书", False, 2),
        ("关联记录", False, 3),
        ("日志", False, None),
    ]
    context = {
        "steps": data.STEPS,
        "facts": data.FACTS,
        "timeline": data.TIMELINE,
        "tabs": [{"label": label, "href": f"#{label}", "current": current, "count": n} for label, current, n in tabs],
    }
    return render(request, "gallery/record.html", context)


def edit(request: HttpRequest) -> HttpResponse:
    form = data.FindingForm(
        {"title": "", "unit": "", "aspect": "作风纪律", "registered_on": "2022-12-05", "facts": "现场核查发现……"}
    )
    return render(request, "gallery/edit.html", {"form": form})


def parts(request: HttpRequest) -> HttpResponse:
    messages.error(request, "导入未完成：第14行“责任单位”不在名录中")
    messages.warning(request, "另有3行与已有记录相似")
    tones = ["neutral", "info", "progress", "warn", "danger", "done"]
    context = {
        "tones": tones,
        "columns": data.COLUMNS[:3],
        "rows": data.ledger_rows(2),
        "form": data.FindingForm(),
        "amount": 46_800_000,
    }
    return render(request, "gallery/parts.html", context)


def signin(request: HttpRequest) -> HttpResponse:
    return render(request, "gallery/signin.html")


def job(request: HttpRequest) -> HttpResponse:
    done = int(request.GET.get("n", "0")) >= 1
    return render(request, "gallery/_job.html", {"state": "done" if done else "running"})


def todo(request: HttpRequest) -> HttpResponse:
    return HttpResponse("6")


def watermark(request: HttpRequest) -> HttpResponse:
    return HttpResponse(WATERMARK, content_type="image/svg+xml")


PAGES = ("overview", "ledger", "record", "edit", "parts", "signin")
urlpatterns = [
    *(path(f"{name}/", globals()[name]) for name in (*PAGES, "job", "todo")),
    path("watermark.svg", watermark),
]
