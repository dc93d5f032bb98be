"""A rule's sentence for people who read no column names: each place to be filled by its Chinese words in brackets."""

from string import Formatter

from jiandu.sources.crosscheck import masking
from jiandu.sources.crosscheck.rule import Rule

#: What rules count or name themselves, where no table has a column of that name.
OWN = {
    "days": "天数",
    "late": "逾期天数",
    "gap": "相隔天数",
    "minutes": "分钟数",
    "months": "月数",
    "year": "年份",
    "quarter": "季度",
    "count": "条数",
    "n": "条数",
    "times": "次数",
    "distinct": "个数",
    "people": "人数",
    "others": "其他人数",
    "homes": "户数",
    "share": "占比",
    "percent": "百分比",
    "score": "分值",
    "rank": "名次",
    "least": "最少",
    "most": "最多",
    "expected": "预期数",
    "why": "原因",
    "how": "方式",
    "ties": "关系",
    "what": "事项",
    "who": "对象",
    "word": "字样",
    "of": "所属",
    "place": "地点",
    "peers": "可比条数",
    "machines": "台数",
    "cars": "车辆数",
    "km": "公里数",
    "missing": "缺号",
    "first": "首个",
    "last": "末个",
    "sum": "合计",
    "shared": "重合天数",
    "rounds": "轮次",
    "bids": "投标次数",
    "wins": "中标次数",
    "tenders": "项目数",
    "payments": "笔数",
}
ENDS = (
    ("_fen", "金额"),
    ("_on", "日期"),
    ("_month", "月份"),
    ("_kg", "公斤数"),
    ("_kw", "功率"),
    ("_mm", "厚度"),
    ("_qty", "数量"),
)
FALLBACK = "数据"


def sentence(rule: Rule) -> str:
    """The sentence with 〔资产编号〕 where a hit will stand."""
    known = {name: column.words.split("#")[0].strip() for name, column in masking.columns_of(rule).items()}
    return "".join(
        text + (f"〔{_word(name, known)}〕" if name else "")
        for text, name, _spec, _conversion in Formatter().parse(rule.sentence)
    )


def _word(name: str, known: dict[str, str]) -> str:
    plain = name.removeprefix("other_")
    found = known.get(plain) or OWN.get(plain) or next((word for end, word in ENDS if plain.endswith(end)), FALLBACK)
    return f"另一条的{found}" if plain != name else found
