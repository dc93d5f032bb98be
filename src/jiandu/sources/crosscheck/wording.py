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
    "above": "限额以上笔数",
    "admitted_b": "另一次入院日期",
    "back_id": "回款流水号",
    "before": "前一条",
    "below": "限额以下笔数",
    "bidders": "投标人数",
    "by": "身份",
    "card_plate": "加油卡登记号牌",
    "city": "加油地",
    "digits": "首位数字",
    "discharged_b": "另一次出院日期",
    "drop": "降幅",
    "gone": "已过天数",
    "grade": "残疾等级",
    "held_fen": "已收未入账",
    "last_start": "后一份合同起始",
    "head_words": "号码前缀",
    "hospital_b": "另一医疗机构",
    "ins": "入库笔数",
    "kg": "公斤数",
    "kind_b": "另一类别",
    "last_seen": "末个编号",
    "later": "相隔天数",
    "left_before": "前次出院日期",
    "mad_ppm": "平均绝对偏差",
    "moves": "出库笔数",
    "other_fen": "其他收入",
    "outs": "出库笔数",
    "owner": "发包单位",
    "passed": "已过天数",
    "pay_kind": "发放类别",
    "roles": "身份数",
    "shifts": "人月数",
    "sign": "情形",
    "since": "起始日期",
    "sum_l": "合计升数",
    "test": "依据",
    "unpaid": "未发放人数",
    "up": "公示天数",
    "works": "工程数",
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
    plain = name if name in OWN else name.removeprefix("other_")
    found = known.get(plain) or OWN.get(plain) or next((word for end, word in ENDS if plain.endswith(end)), FALLBACK)
    return f"另一条的{found}" if plain != name else found
