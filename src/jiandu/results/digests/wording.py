"""The sentences of a bulletin: every number in them is one of its tables. Official text, so Chinese."""

from decimal import Decimal

from django.utils.translation import override

from jiandu.base.documents.signature import day_in_words
from jiandu.results.digests.dimensions import BY_KEY, OVERDUE, SENDER, URGENT, WATCHED, label_of
from jiandu.results.digests.periods import Change, Kind, Period
from jiandu.results.digests.tables import Bulletin, Table
from jiandu.sources.petitions.senders import MANY

MOST = 5  # how many lines of a table a sentence names


def name_of(period: Period) -> str:
    """2022年3月, 2022年第1季度, 2022年1至7月, 2022年第9周, 2022年."""
    return {
        Kind.WEEK: f"{period.year}年第{period.number}周",
        Kind.MONTH: f"{period.year}年{period.number}月",
        Kind.QUARTER: f"{period.year}年第{period.number}季度",
        Kind.MONTHS: f"{period.year}年1至{period.number}月",
        Kind.YEAR: f"{period.year}年",
    }[period.kind]


def title_of(period: Period, about: str = "") -> str:
    """信访举报情况周分析 and so on; of a theme, what it is about."""
    if about:
        return f"{name_of(period)}{about}信访举报情况专题分析"
    words = {Kind.WEEK: "周", Kind.MONTH: "月", Kind.QUARTER: "季度", Kind.MONTHS: "月度累计", Kind.YEAR: "年度"}
    return f"{name_of(period)}信访举报情况{words[period.kind]}分析"


def paragraphs(said: Bulletin) -> list[str]:
    """总量; then a sentence a table."""
    with override("zh-hans"):
        told = [_whole(said), *(_sentence(table) for table in said.tables if table.total), _rates(said), _heads(said)]
        return [text for text in told if text]


def _whole(said: Bulletin) -> str:
    until = f"（截至{day_in_words(said.until)}）" if said.is_running else ""
    changes = "".join(f"，{_change(each)}" for each in said.changes)
    people = f"，涉及{said.people}人次" if said.people != said.total else ""
    return f"{name_of(said.period)}{until}共接受{said.about}信访举报{said.total}件{people}{changes}。"


def _change(change: Change) -> str:
    if not change.difference:
        return f"{change.kind}持平"
    word = "上升" if change.difference > 0 else "下降"
    number = f"{word}{_percent(abs(change.percent))}" if change.percent is not None else ""
    more = f"{'增加' if change.difference > 0 else '减少'}{abs(change.difference)}件"
    return f"{change.kind}{number}（{more}）" if number else f"{change.kind}{more}（上一期为0，不计比率）"


def _percent(number: Decimal) -> str:
    return f"{number}%"


def _sentence(table: Table) -> str:
    """按信访方式分，来信73件，占60.8%；…… Labels are asked anew: the table's are in the reader's language."""
    if BY_KEY[table.key].is_time:
        return _peak(table)
    if BY_KEY[table.key] in WATCHED:
        return _watched(table)
    named = [row for row in table.rows if row.count != 0]  # what was there a year before alone is in the table
    shown = [row for row in named if row.count is not None]
    parts = [
        f"{label_of(BY_KEY[table.key], row.key)}{row.count}件"
        + (f"，占{_percent(row.share)}" if row.share is not None else "")
        for row in shown[:MOST]
    ]
    left = len(named) - len(parts)
    rest = sum(row.count or 0 for row in named[MOST:])
    hidden = any(row.count is None for row in table.rows)
    tail = f"；其他{left}项{'' if hidden else f'共{rest}件'}" if left else ""
    return f"按{table.title}分，{'；'.join(parts)}{tail}。" if parts else f"按{table.title}分，各项件数较少，不列。"


def _peak(table: Table) -> str:
    """从收件时间看，7月最多，12件，占14.6%。 Of one part alone, and of parts that are alike, nothing."""
    counts = [row.count or 0 for row in table.rows]
    if len(counts) < 2 or counts.count(max(counts)) > 1:
        return ""
    row = table.rows[counts.index(max(counts))]
    return f"从{table.title}看，{label_of(BY_KEY[table.key], row.key)}最多，{row.count}件，占{_percent(row.share or Decimal())}。"


def _rates(said: Bulletin) -> str:
    parts = [f"{rate.title}{_percent(rate.percent)}" for rate in said.rates if rate.percent is not None]
    return f"其中，{'，'.join(parts)}。" if parts else ""


def _watched(table: Table) -> str:
    """What a week watches: 紧急敏感件2件，占16.7%。 What is hidden is not told, and writers stand in their table alone."""
    counts = {row.key: row for row in table.rows if row.count is not None}
    if table.key == OVERDUE.key:
        shown = [f"{row.label}{row.count}件" for row in list(counts.values())[:MOST]]
        more = "等" if len(table.rows) > len(shown) else ""
        return f"超期未办{table.total}件" + (f"，其中{'，'.join(shown)}{more}。" if shown else "。")
    row = counts.get({URGENT.key: "urgent", SENDER.key: MANY}.get(table.key, ""))
    if row is None:
        return ""
    share = f"，占{_percent(row.share)}" if row.share is not None else ""
    return f"{label_of(BY_KEY[table.key], row.key)}{row.count}件{share}。"


def _heads(said: Bulletin) -> str:
    """人均: 每万人信访举报，思明区0.52件、湖里区0.31件。"""
    parts = [f"{head.label}{head.rate}件" for head in said.heads[:MOST]]
    return f"按常住人口计，每万人信访举报{'、'.join(parts)}{'等' if len(said.heads) > MOST else ''}。" if parts else ""
