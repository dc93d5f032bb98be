"""From what a comparison tells to a score and a label: 重复 (the same matter by the same facts) or 同类 (the same wording, other facts).

The score of 重复 is the estimated share of such pairs that repeat each other; the score of 同类 is the share of the shorter
text's characters that stand in the other. The weights are a logistic regression on pairs of made-up letters
(benchmarks/letters, first generator); docs/repeats.md says what they do on letters that they were not made from.
"""

from typing import TYPE_CHECKING, Any

from jiandu.base.texts.compiled import parts
from jiandu.base.texts.weights import NAMES, WEIGHTS

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

REPEAT, ALIKE = "重复", "同类"
#: Below, a pair with contradicting facts is not a repeat.
DECIDED = 0.5
#: What is told without being asked for more or less.
MIN_SCORE = 0.7
#: Logits that another place takes away: registers of two levels name places differently, so it is evidence and no proof.
OTHER_PLACE = 1.5
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛"
    "郝顾龚邵万覃武钱戴严莫孔向常汤翁池柯庄游卓詹温骆纪阮涂洪连蓝简巫官丘祝施柳康葛岳齐尤倪符关华牛米路佘褚项车柴尚甘童章梅盛裴俞鲁牟兰单仇解焦宁霍辛管甄曲娄冷岑窦舒占阳欧司诸"
    "上端令濮皇尉公仲轩宇长鲜闾亓邢樊耿聂岑申翟安殷辜幸谷"
)
ENDINGS = "村镇乡区局院校司厂屯寨组苑街里坊园庄路队所站场社店会道委办科"
CHUNK = 100_000


def classes() -> "Array":
    """For each 16-bit code: 1 a surname, 2 an ending of places and bodies."""
    import numpy as np  # noqa: PLC0415 -- slow import

    table = np.zeros(65_536, np.uint8)
    table[[ord(char) for char in SURNAMES]] |= 1
    table[[ord(char) for char in ENDINGS]] |= 2
    return table


def logits(told: "Array", *, guarded: bool = True) -> "Array":
    """Log odds of 重复 from rows of features (`aligning.FEATURES`); unguarded: as if nothing contradicted."""
    import numpy as np  # noqa: PLC0415 -- slow import

    terms = derived(told if guarded else without_contradictions(told))
    return terms @ np.array([WEIGHTS[name] for name in NAMES]) + WEIGHTS["constant"]


def without_contradictions(told: "Array") -> "Array":
    """The features with everything said in the place of something else taken as left out: what the guard alone does is the difference."""
    _, aligning = parts()
    free = told.copy()
    for name in ("swapped", "swapped_most", "slips", "slips_share", "numbers", "swaps", "swapped_names"):
        free[:, aligning.FEATURES.index(name)] = 0
    return free


def derived(told: "Array") -> "Array":
    """The terms of the regression, a column each, in the order of NAMES."""
    import numpy as np  # noqa: PLC0415 -- slow import

    _, aligning = parts()
    f = {name: told[:, place].astype(np.float64) for place, name in enumerate(aligning.FEATURES)}
    short, agreed = f["covered_short"], f["agreed"]
    log = np.log1p
    terms = {
        "shared_rare": f["shared_rare"],
        "root_shared_rare": np.sqrt(f["shared_rare"]),
        "covered_short": short,
        "covered_short_squared": short**2,
        "covered_long": f["covered_long"],
        "agreed": log(agreed),
        "agreed_telling": log(f["agreed_telling"]),
        "swapped": log(f["swapped"]),
        "swapped_most": log(f["swapped_most"]),
        "swapped_names": log(f["swapped_names"]),
        "slips": log(f["slips"]),
        "slips_share": f["slips_share"],
        "numbers": np.minimum(f["numbers"], 3),
        "numbers_any": (f["numbers"] > 0).astype(np.float64),
        "numbers_same": np.minimum(f["numbers_same"], 4),
        "numbers_only_other": ((f["numbers_same"] == 0) & (f["numbers"] > 0)).astype(np.float64),
        "swaps": np.minimum(f["swaps"], 4),
        "breaks": np.minimum(f["breaks"], 3),
        "lone_short": log(f["lone_short"]),
        "length": f["length"],
        "swapped_of_agreed": f["swapped"] / (agreed + 5),
        "names_of_agreed": f["swapped_names"] / (agreed + 5),
        "lone_of_agreed": f["lone_short"] / (agreed + 5),
        "covered_shared": short * f["shared_rare"],
        "covered_numbers": short * np.minimum(f["numbers"], 2),
        "covered_swapped": short * log(f["swapped_most"]),
        "swapped_numbers": log(f["swapped_most"]) * (f["numbers"] > 0),
        "covered_agreed": short * log(agreed),
        "same_short": f["same_short"],
    }
    return np.stack([terms[name] for name in NAMES], axis=1)


def contradicts(told: "Array") -> "Array":
    """Whether something telling stands in the place of something else: 4 nats, or other numbers."""
    _, aligning = parts()
    name = aligning.FEATURES.index
    return (told[:, name("swapped")] >= 4) | (told[:, name("numbers")] > 0)


def identical(told: "Array") -> "Array":
    """Whether both texts say the same character for character: a repeat, however often others say it too."""
    _, aligning = parts()
    name = aligning.FEATURES.index
    whole = (told[:, name("same_short")] == 1) & (told[:, name("length")] == 1)
    return whole & (told[:, name("breaks")] == 0) & (told[:, name("shared_rare")] == 1)


def judge(told: "Array", other_place: "Array | None" = None) -> "tuple[Array, Array]":
    """(score, is a repeat) of rows of features."""
    import numpy as np  # noqa: PLC0415 -- slow import

    _, aligning = parts()
    odds = logits(told)
    same = identical(told)
    if other_place is not None:
        odds = odds - OTHER_PLACE * other_place
        same = same & (other_place == 0)
    chance = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    chance = np.where(same, 1.0, chance)
    repeat = (chance >= DECIDED) | ~contradicts(told)
    return np.where(repeat, chance, told[:, aligning.FEATURES.index("same_short")]), repeat
