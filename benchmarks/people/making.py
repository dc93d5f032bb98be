"""Two lists of persons, deterministic by seed: the first as it should be, the second with what clerks and moves do to it.

Surnames follow the frequencies of southern Fujian, given names a steep law over 240 characters that a woman or a man is called by;
half of the villages are mostly of one surname, as clan villages are. What is changed in the second list is drawn independently.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from jiandu.base.core.ids import identity_number_check
from jiandu.base.linkage.names import toneless

#: Per thousand.
SURNAMES = (
    "陈:113 林:94 黄:58 张:54 吴:50 李:46 王:45 郑:38 刘:30 杨:24 叶:21 苏:21 谢:19 许:18 蔡:18 洪:16 曾:15 郭:15 周:14 朱:13 "
    "徐:12 赖:12 何:12 罗:11 邱:11 余:10 江:10 庄:10 赵:9 高:9 孙:8 胡:8 肖:8 卢:8 吕:8 柯:7 马:7 魏:7 廖:7 沈:7 潘:6 游:6 "
    "方:6 颜:6 简:5 施:5 纪:5 邓:5 温:5 梁:5 钟:5 戴:4 唐:4 冯:4 宋:4 韩:4 董:3 彭:3 曹:3 汤:3 范:3 傅:3 童:3 阮:3 涂:3 "
    "翁:3 詹:3 白:3 康:3 杜:2 任:2 石:2 姚:2 熊:2 龚:2 丁:2 薛:2 雷:2 贺:2 尤:2 骆:2 粘:1 连:3 巫:1 单:0.4 仇:0.4 解:0.3 "
    "区:0.3 盖:0.2 查:0.4 欧阳:1.5 上官:0.6 尉迟:0.1 万俟:0.05 司徒:0.1 诸葛:0.2 翟:0.5 缪:0.5 覃:0.5 华:0.5 应:0.5 燕:0.2 牟:0.2"
)
MEN = (
    "明伟强军华建国志文平辉勇杰涛斌波鹏宇浩俊峰龙海永福生金成荣祥水木火土山川江河德义仁礼智信忠孝良善清正安康宁健东南西北中春夏秋"
    "冬天地星光阳辰晨旭昊轩泽博瑞嘉子思佳一天家振兴昌盛富贵财旺发达添进聪敏哲睿翔飞腾云雷霖雨森林松柏树根锋钢铁铭鑫钦锦"
)
WOMEN = (
    "丽娜芳秀英敏静燕艳红霞玲琳娟婷梅兰菊莲花香玉珍珠宝惠慧雅淑美娇凤凰雪冰月云彩虹晴晓春夏秋冬佳欣怡悦乐雯雨露珊瑚琪琴瑶璐瑾萍"
    "蓉薇蕾莉茜蓓芬芸苗宁安妮倩素真贞洁碧翠黛锦绣丹彤霜心思诗梦婉柔媛姗嫣妍如意宜依伊青清金银阿招"
)
_TOWNS = (
    "东孚 海沧 新阳 嵩屿 杏林 侨英 后溪 灌口 集美 杏滨 大嶝 马巷 新店 内厝 新圩 凤翔 金海 民安 香厝 莲花 汀溪 五显 洪塘 西柯 新民 祥平 大同 祥和 "
    "美林 禾山 江头 金山 湖里 殿前 鼓浪屿 鹭江 中华 滨海 厦港 开元 梧村 筼筜 莲前 嘉莲"
)
TOWNS = _TOWNS.split()
CODES = ("350203", "350205", "350206", "350211", "350212", "350213", "350221", "350525", "350627", "362330")
VILLAGES = 12
HOUSEHOLD, OF_THE_HOUSE, OF_THE_CLAN = 3.3, 0.7, 0.6


@dataclass(frozen=True)
class Ways:
    """What is done to the second list; each a share of its rows. `first_missing`: numbers missing in the first list too."""

    homophone: float = 0.12
    dropped: float = 0.06
    no_number: float = 0.25
    wrong_number: float = 0.10
    short_number: float = 0.05
    moved: float = 0.20
    no_birth: float = 0.10
    alone: float = 0.50
    first_missing: float = 0.0
    clans: float = 0.5
    twins: float = 0.015
    house_numbers: bool = True
    few_names: bool = False


def people(count: int, seed: int, ways: Ways | None = None) -> tuple[pa.Table, pa.Table, dict[str, str]]:
    """Two lists of `count` persons, and which id of the second is which of the first."""
    ways, chance = ways or Ways(), np.random.default_rng(seed)
    shared = count - round(count * ways.alone)
    everybody = _persons(2 * count - shared, chance, ways)
    first = {key: values[:count] for key, values in everybody.items()}
    second = _worn(
        {key: np.concatenate([values[:shared], values[count:]]) for key, values in everybody.items()}, chance, ways
    )
    if ways.first_missing:
        first["id_no"] = np.where(chance.random(count) < ways.first_missing, "", first["id_no"])
    order, other = chance.permutation(count), chance.permutation(count)
    ids = [f"A{number:07d}" for number in range(count)], [f"B{number:07d}" for number in range(count)]
    place = np.empty(count, int)
    place[order] = np.arange(count)
    truth = {ids[1][row]: ids[0][place[person]] for row, person in enumerate(other.tolist()) if person < shared}
    return _table(first, order, ids[0]), _table(second, other, ids[1]), truth


def _table(columns: dict[str, np.ndarray], order: np.ndarray, ids: list[str]) -> pa.Table:
    said = {
        key: pa.array([value or None for value in values[order].tolist()], pa.string())
        for key, values in columns.items()
    }
    return pa.table({"id": pa.array(ids), **said})


def _persons(count: int, chance: np.random.Generator, ways: Ways) -> dict[str, np.ndarray]:
    """Households of three and a bit: one address, mostly one surname; now and then twins who share a character of the name."""
    known = [pair.split(":") for pair in SURNAMES.split()]
    shares = np.array([float(share) for _, share in known])
    shares /= shares.sum()
    houses = max(1, round(count / HOUSEHOLD))
    village, house_surname = _villages(houses, shares, chance, ways)
    house = chance.integers(0, houses, count)
    surname = np.where(
        chance.random(count) < OF_THE_HOUSE, house_surname[house], chance.choice(len(known), count, p=shares)
    )
    sex = chance.integers(0, 2, count)
    men, women = (MEN[:15], WOMEN[:15]) if ways.few_names else (MEN, WOMEN)
    given = np.where(sex, _given(men, count, chance), _given(women, count, chance))
    born = np.datetime64("1935-01-01") + chance.integers(0, 76 * 365, count)
    twin = np.flatnonzero(chance.random(count - 1) < ways.twins / 2) + 1
    for columns in (house, surname, sex, born):
        columns[twin] = columns[twin - 1]
    given[twin] = [
        one[0] + (other[-1] if other[-1] != one[-1] else other[0])
        for one, other in zip(given[twin - 1], given[twin], strict=True)
    ]
    birth = np.array([str(day).replace("-", "") for day in born], object)
    place = [f"{TOWNS[v // VILLAGES]}镇第{v % VILLAGES + 1}村" for v in village.tolist()]
    if ways.house_numbers:
        number = chance.integers(1, 900, houses).tolist()
        place = [f"{where}{no}号" for where, no in zip(place, number, strict=True)]
    return {
        "name": np.array([known[who][0] for who in surname.tolist()], object) + given,
        "id_no": _numbers(birth, sex, chance),
        "birth": birth,
        "place": np.array(place, object)[house],
    }


def _villages(
    houses: int, shares: np.ndarray, chance: np.random.Generator, ways: Ways
) -> tuple[np.ndarray, np.ndarray]:
    """Of each house its village and its surname: in clan villages six in ten are of the clan."""
    many = len(TOWNS) * VILLAGES
    village = chance.choice(many, houses, p=_steep(many, 0.5, chance))
    clan = chance.choice(len(shares), many, p=shares)
    of_the_clan = (chance.random(houses) < OF_THE_CLAN) & (village < many * ways.clans)
    return village, np.where(of_the_clan, clan[village], chance.choice(len(shares), houses, p=shares))


def _steep(size: int, power: float, chance: np.random.Generator | None = None) -> np.ndarray:
    weights = 1 / np.arange(2, size + 2) ** power
    if chance is not None:
        weights = chance.permutation(weights)
    return weights / weights.sum()


def _given(known: str, count: int, chance: np.random.Generator) -> np.ndarray:
    """One or two characters; every sixth has one."""
    chars = np.array(sorted(set(known), key=known.index), object)
    law = _steep(len(chars), 0.8)
    first, second = chance.choice(chars, count, p=law), chance.choice(chars, count, p=law)
    return np.where(chance.random(count) < 0.16, first, first + second)


def _numbers(birth: np.ndarray, sex: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    codes = chance.choice(CODES, len(birth), p=_steep(len(CODES), 0.7))
    order = chance.integers(0, 498, len(birth)) * 2 + sex
    bodies, taken = [], set()
    for code, born, turn in zip(codes.tolist(), birth.tolist(), order.tolist(), strict=True):
        while (body := f"{code}{born}{turn:03d}") in taken:  # nobody shares a number
            turn = (turn + 2) % 996
        taken.add(body)
        bodies.append(body)
    return np.array([body + identity_number_check(body) for body in bodies], object)


def _worn(rows: dict[str, np.ndarray], chance: np.random.Generator, ways: Ways) -> dict[str, np.ndarray]:
    count = len(rows["name"])

    def some(share: float) -> np.ndarray:
        return chance.random(count) < share

    name, number = rows["name"].copy(), rows["id_no"].copy()
    alike = homophones()
    for row in np.flatnonzero(some(ways.homophone)).tolist():
        name[row] = heard(name[row], alike, chance)
    for row in np.flatnonzero(some(ways.dropped)).tolist():
        if len(name[row]) > 2:
            at = int(chance.integers(len(name[row]) - 2, len(name[row])))
            name[row] = name[row][:at] + name[row][at + 1 :]
    for row in np.flatnonzero(some(ways.wrong_number)).tolist():
        number[row] = _mistyped(number[row], chance)
    for row in np.flatnonzero(some(ways.short_number)).tolist():
        number[row] = number[row][:6] + number[row][8:17]
    number[some(ways.no_number)] = ""
    birth = np.where(some(ways.no_birth), "", rows["birth"])
    place = np.where(some(ways.moved), chance.permutation(rows["place"]), rows["place"])
    return {"name": name, "id_no": number, "birth": birth, "place": place}


def homophones() -> dict[str, str]:
    """Characters of names by their reading: those that the lists use and common ones that sound the same."""
    more = "铭蓉薇维纬玮炜涵函晗寒钰裕育毓昱煜誉妤予雨羽语静婧靖境敬菁晶精景影颖莹盈萤瀛英瑛璎鹰应梓紫姿滋芷志智治致芝枝知之"
    more += "琦琪祺棋启绮奇其齐齊琴勤芹亲钦晴清情倩茜芊谦千乾建健剑渐鉴见荐坚俭简健欣新心馨鑫昕辛芯信歆杰洁捷婕节文雯闻纹汶稳玟"
    found: dict[str, str] = {}
    for char in dict.fromkeys(MEN + WOMEN + more):
        reading = toneless(f"王{char}").split()[-1]
        found[reading] = found.get(reading, "") + char
    return {char: chars for chars in found.values() for char in chars}


def heard(name: str, alike: dict[str, str], chance: np.random.Generator) -> str:
    """One character of the given name as another that sounds the same; as it is where none does."""
    start = 2 if len(name) > 3 else 1
    places = [at for at in range(start, len(name)) if len(alike.get(name[at], "")) > 1]
    if not places:
        return name
    at = int(chance.choice(places))
    others = alike[name[at]].replace(name[at], "")
    return name[:at] + others[int(chance.integers(len(others)))] + name[at + 1 :]


def _mistyped(number: str, chance: np.random.Generator) -> str:
    """One digit wrong, or two neighbours exchanged (one time in four)."""
    at = int(chance.integers(0, 17))
    if chance.random() < 0.25 and number[at] != number[(at + 1) % 17] and at < 16:
        return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    other = str((int(number[at]) + int(chance.integers(1, 10))) % 10)
    return number[:at] + other + number[at + 1 :]
