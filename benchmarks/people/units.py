"""Two lists of companies, deterministic by seed: the second without place or form, misheard, with old or missing codes, moved; and
branches, which are not their company, and companies of one owner that differ in a word.
"""

import numpy as np
import pyarrow as pa

from benchmarks.people.making import MEN, SURNAMES, TOWNS, WOMEN, heard, homophones
from jiandu.base.core.ids import CREDIT_SYMBOLS, credit_code_check

_WORDS = (
    "鑫 盛 海 沧 宏 达 鹏 程 顺 发 金 泰 恒 通 华 兴 源 丰 瑞 祥 嘉 和 天 地 东 方 中 立 信 诚 佳 美 新 创 联 合 永 利 广 厦 安 平 建 国 荣 昌 隆 "
    "益 民 福 禄 禾 田 森 林 龙 凤 云 星 光 明 远 志 博 雅 聚 汇 亿 万 百 千 三 五"
)
_TRADES = (
    "建设工程 建筑劳务 装饰工程 市政工程 园林绿化 物业管理 贸易 进出口 物流 运输 食品 水产 农业开发 果蔬 餐饮管理 酒店管理 机械设备 电子科技 信息技术 "
    "软件开发 环保科技 广告传媒 文化传播 教育咨询 人力资源 保安服务 保洁服务 汽车服务 医疗器械 药业 石材 家具 服装 纺织 塑胶 包装 印刷 投资管理 资产管理 房地产开发"
)
WORDS, TRADES = _WORDS.split(), _TRADES.split()
BEFORE = ["厦门", "厦门市", "福建", "福建省", "厦门市海沧区", "厦门市集美区", ""]
FORMS = ["有限公司", "有限责任公司", "股份有限公司", "集团有限公司"]
ROADS = [
    f"{one}{two}{kind}"
    for one in "金海滨新文兴杏集同翔"
    for two in "山湖园林安美福盛华光"
    for kind in ("路", "一路", "巷")
]


def units(count: int, seed: int) -> tuple[pa.Table, pa.Table, set[tuple[str, str]]]:
    """Two lists and the pairs that are the same; half of the second has no counterpart, one in twelve of it is a branch of one in the first."""
    chance = np.random.default_rng(seed)
    shared = count // 2
    everybody = [_unit(chance, number) for number in range(2 * count - shared)]
    first = [_row(f"A{number:06d}", unit) for number, unit in enumerate(everybody[:count])]
    seconds = [*everybody[:shared], *everybody[count:]]
    alike = homophones()
    second, truth = [], set()
    for place, number in enumerate(chance.permutation(count).tolist()):
        own, unit = f"B{place:06d}", seconds[number]
        if number < shared:
            truth.add((f"A{number:06d}", own))
            second.append(_row(own, _worn(unit, alike, chance)))
        elif number < shared + count // 12:
            second.append(_row(own, _branch(everybody[number - shared], unit, chance)))
        elif number < shared + count // 6:
            second.append(_row(own, _sister(everybody[number - shared], unit, chance)))
        else:
            second.append(_row(own, _worn(unit, alike, chance)))
    return pa.Table.from_pylist(first), pa.Table.from_pylist(second), truth


def _row(own: str, unit: dict[str, str]) -> dict[str, str | None]:
    name = unit["before"] + unit["core"] + unit["form"] + unit.get("branch", "")
    return {
        "id": own,
        "name": name,
        "uscc": unit["uscc"] or None,
        "legal_rep": unit["rep"],
        "address": unit["address"] or None,
    }


def _pick(chance: np.random.Generator, known: list[str] | str) -> str:
    return known[int(len(known) * chance.random() ** 1.6)]


def _unit(chance: np.random.Generator, number: int) -> dict[str, str]:
    body = "9135020" + CREDIT_SYMBOLS[number % 10] + "MA" + _signs(number * 7919, 7)
    return {
        "before": _pick(chance, BEFORE),
        "core": "".join(_pick(chance, WORDS) for _ in range(2 + int(chance.random() < 0.6))) + _pick(chance, TRADES),
        "form": _pick(chance, FORMS),
        "uscc": body + credit_code_check(body),
        "rep": _person(chance),
        "address": _address(chance),
    }


def _signs(number: int, many: int) -> str:
    said = ""
    for _ in range(many):
        number, rest = divmod(number, len(CREDIT_SYMBOLS))
        said += CREDIT_SYMBOLS[rest]
    return said


def _person(chance: np.random.Generator) -> str:
    surname = _pick(chance, [pair.split(":")[0] for pair in SURNAMES.split()])
    return surname + _pick(chance, MEN + WOMEN) + (_pick(chance, MEN + WOMEN) if chance.random() < 0.84 else "")


def _address(chance: np.random.Generator) -> str:
    return f"厦门市海沧区{_pick(chance, TOWNS)}街道{_pick(chance, ROADS)}{int(chance.integers(1, 400))}号"


def _worn(unit: dict[str, str], alike: dict[str, str], chance: np.random.Generator) -> dict[str, str]:
    """As another office has it: each thing by itself."""
    said = {**unit, "core": _misheard(unit["core"], alike, chance), "uscc": _code(unit["uscc"], chance)}
    if chance.random() < 0.3:
        said["before"] = _pick(chance, BEFORE)
    if chance.random() < 0.2:
        said["form"] = ["", "公司", "有限公司", "有限责任公司"][int(chance.integers(0, 4))]
    if chance.random() < 0.12:
        said["rep"] = _person(chance)
    elif chance.random() < 0.06:
        said["rep"] = heard(unit["rep"], alike, chance)
    if chance.random() < 0.2:
        said["address"] = _address(chance)
    elif chance.random() < 0.3:
        said["address"] = unit["address"].removeprefix("厦门市海沧区")
    return said


def _misheard(core: str, alike: dict[str, str], chance: np.random.Generator) -> str:
    """Another character that sounds the same (8 %), one lost (4 %)."""
    if chance.random() < 0.08:
        core = heard(core, alike, chance)
    at = int(chance.integers(0, len(core)))
    return core[:at] + core[at + 1 :] if chance.random() < 0.04 else core


def _code(code: str, chance: np.random.Generator) -> str:
    """Missing (40 %), with a slip (6 %), the organisation code of before 2015 (10 %)."""
    which, at = chance.random(), int(chance.integers(8, 17))
    if which < 0.4:
        return ""
    if which < 0.46:
        return code[:at] + CREDIT_SYMBOLS[int(chance.integers(0, 31))] + code[at + 1 :]
    return f"{code[8:16]}-{code[16]}" if which < 0.56 else code


def _branch(head: dict[str, str], own: dict[str, str], chance: np.random.Generator) -> dict[str, str]:
    """Of the head its name, half of the time its chief and its house."""
    said = dict(head, branch=f"{_pick(chance, TOWNS)}分公司", uscc=own["uscc"] if chance.random() < 0.6 else "")
    if chance.random() < 0.5:
        said["rep"] = own["rep"]
    if chance.random() < 0.5:
        said["address"] = own["address"]
    return said


def _sister(one: dict[str, str], own: dict[str, str], chance: np.random.Generator) -> dict[str, str]:
    """Another company of the same chief in the same house: another trade, the same first words."""
    trade = next(trade for trade in TRADES if one["core"].endswith(trade))
    other = _pick(chance, [each for each in TRADES if each != trade])
    return dict(one, core=one["core"].removesuffix(trade) + other, uscc=own["uscc"] if chance.random() < 0.6 else "")
