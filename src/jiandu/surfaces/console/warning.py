"""warn: which weeks of anyone's table of counts go beyond what was to be expected."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiandu.surfaces.console.output import Failed, aligned, answer

if TYPE_CHECKING:
    from jiandu.results.warnings.judging import Judgement

SHOWN = 200
HEAD = ("系列 series", "周 t", "件数 count", "预期 expected", "上限 threshold", "提示 alarm", "方法 method", "说明 why")


def warn(args: argparse.Namespace) -> int:
    """0 judged, whatever was found; 2 the file or the question cannot be used."""
    from jiandu.results.warnings import detecting, tables  # noqa: PLC0415 -- slow import: scipy

    if not 1 <= args.years <= 20 or not 0 < args.alpha < 0.5:
        raise Failed(
            [
                {
                    "reason": "--years 应为1至20，--alpha 应大于0、小于0.5 · --years is 1 to 20, --alpha above 0 and below 0.5"
                }
            ]
        )
    path = Path(args.file)
    if not path.is_file():
        raise Failed([{"reason": f"没有这个文件 · no such file: {args.file}"}])
    try:
        table = tables.read(path)
        asked = detecting.Asked(args.method, args.years, args.alpha, args.since)
        judged = detecting.detect(table, asked)
    except tables.Unreadable as wrong:
        raise Failed(wrong.errors) from wrong
    except detecting.Unusable as wrong:
        raise Failed([{"column": "--from", "reason": str(wrong)}]) from wrong
    summary = _summary(judged)
    if args.json:
        rows = [vars(each) | dict(zip(("why_zh", "why"), each.why, strict=True)) for each in judged]
        answer({"rows": rows, "summary": summary}, [], as_json=True)
    else:
        answer({}, _lines(judged, summary), as_json=False)
    return 0


def _summary(judged: list["Judgement"]) -> dict[str, Any]:
    spoken = [each.method for each in judged]
    return {
        "series": len({each.series for each in judged}),
        "weeks": len(judged),
        "alarms": sum(each.alarm for each in judged),
        "probable": sum(each.sure in {"probable", "strong"} for each in judged),
        "unjudged": spoken.count(None),
        "methods": {method: spoken.count(method) for method in dict.fromkeys(spoken) if method},
    }


def _lines(judged: list["Judgement"], summary: dict[str, Any]) -> list[str]:
    """A table; of many weeks the alarms alone, the least probable first."""
    shown = (
        judged
        if len(judged) <= SHOWN
        else sorted((each for each in judged if each.alarm), key=lambda each: each.p or 0)
    )
    lines = aligned([HEAD, *(_cells(each) for each in shown)])
    if shown is not judged:
        lines.append(
            "超过200行，只列提示，最不可能出于偶然的在前；--json 列出全部 · more than 200 rows: alarms alone; --json gives all"
        )
    said = "{series}个系列、{weeks}周：{alarms}条提示，其中{probable}条很可能不是偶然；{unjudged}周无法判断"
    english = (
        "{series} series, {weeks} weeks: {alarms} alarms, {probable} of them probably not chance; {unjudged} not judged"
    )
    return [*lines, f"{said} · {english}".format(**summary)]


def _cells(each: "Judgement") -> tuple[str, ...]:
    expected = "–" if each.expected is None else f"{each.expected:.2f}"
    bound = "–" if each.threshold is None else f"{each.threshold:.4g}"
    mark = "是 yes" if each.alarm else "否 no"
    said = each.why if each.alarm else each.words
    return (each.series, each.t, str(each.count), expected, bound, mark, each.method or "–", " · ".join(said))
