"""Letters from words: base texts, repeats of seven kinds, and letters of the same wording about other people."""

import random
from dataclasses import dataclass, field
from typing import Any

KINDS = ("exact", "format", "typo", "append", "reorder", "synonym", "rewrite")
#: Typing errors of the second generator: the same sound, or a like look.
LIKE = (  # noqa: SIM905 -- read as a text
    "的地得 在再 做作坐 以已 象像向 他她它 账帐 份分 贴帖 复覆 到道 是事 有由 会汇 村材 款欵 领令 低底 补扑 王玉 李季 "
    "收受 万方 元无 干千 土士 未末 日曰 己已 人入 大太 天夭 工公 用甬 公分 局居 户护 金今 金全 报抱 没设 给络 同司 问间 "
    "明朋 拿合 查杳 没役 办力 说话 现观 钱线 钱前 建健 国囯 志至 名各 请清 情清 严言 处外 理里 经径 营管 利力 住往 房防 "
    "路露 程成 项顷 目日 贪贫 规现 化花 费废 资货 资姿 照召 老考 书节 记纪"
).split()


class Words:
    """What a generator says; texts of several lines become lists."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.sentences: list[list[str]] = []
        for line in said["SENTENCES"].split():
            if len(line) <= 2:
                self.sentences.append([])
            else:
                self.sentences[-1].append(line)
        self.openers, self.closers = said["OPENERS"].split(), said["CLOSERS"].split()
        self.appended = said["APPENDED"].split()
        self.synonyms = [line.split() for line in said["SYNONYMS"].strip().splitlines()]
        surnames = said["SURNAMES"]
        self.surnames = surnames.split() if " " in surnames else list(surnames)
        self.given = said["GIVEN"]
        self.places = pairs(said["PLACES"])
        self.place_endings = said["PLACE_ENDINGS"].split()
        self.bureau_heads, self.bureaus = said["BUREAU_HEADS"].split(), said["BUREAUS"].split()
        self.company_heads, self.companies = pairs(said["COMPANY_HEADS"]), said["COMPANIES"].split()
        self.projects = said["PROJECTS"].split()


def pairs(text: str) -> list[str]:
    return text.split() if " " in text else [text[i : i + 2] for i in range(0, len(text) - 1, 2)]


@dataclass(frozen=True)
class Ways:
    """How a corpus is made: `others` are the slots that a letter of the same wording changes; `fresh` draws slots a sentence."""

    others: tuple[str, ...] = ("pvm",)
    fresh: bool = False
    typo: float = 0.05
    like: bool = False  # errors of sound, look, swapped and lost characters instead of any character
    places: int = 400
    names: int = 0  # 0: any; else so many persons, each in many letters


@dataclass
class Letter:
    """One base text: its sentences with slots, and what stands in them."""

    parts: list[str]
    slots: list[dict[str, str]] = field(default_factory=list)

    def said(self) -> list[str]:
        return [part.format(**slot) for part, slot in zip(self.parts, self.slots, strict=True)]


class Maker:
    """Draws letters; the same seed draws the same."""

    def __init__(self, words: Words, ways: Ways, seed: int) -> None:
        self.words, self.ways, self.draw = words, ways, random.Random(seed)
        names = [a + b + e for a in words.places for b in ["", *words.given[:8]] for e in words.place_endings]
        self.places = self.draw.sample(names, min(ways.places, len(names)))
        self.names = [self.name() for _ in range(ways.names)]
        self.alphabet = sorted({c for lines in words.sentences for line in lines for c in line if "一" <= c <= "鿿"})
        self.like: dict[str, str] = {}
        for group in LIKE:
            for one in group:
                self.like[one] = self.like.get(one, "") + group.replace(one, "")

    def slot(self) -> dict[str, str]:
        return {key: self.filled(key) for key in "pvbcjmd"}

    def filled(self, key: str) -> str:
        draw, words = self.draw, self.words
        choose = draw.choice
        if key == "p":
            return choose(self.names) if self.names else self.name()
        if key == "v":
            return choose(self.places)
        if key == "b":
            return choose(words.bureau_heads) + choose(words.bureaus)
        if key == "c":
            return choose(words.company_heads) + choose(words.companies)
        if key == "j":
            return choose(words.places) + choose(words.projects)
        return self.amount() if key == "m" else self.day()

    def name(self) -> str:
        return self.draw.choice(self.words.surnames) + "".join(
            self.draw.sample(self.words.given, self.draw.choice((1, 2, 2, 2)))
        )

    def amount(self) -> str:
        draw = self.draw
        if self.ways.like and draw.random() < 0.3:
            return draw.choice("一二三四五六七八九") + draw.choice(
                ("万元", "万多元", "千元", "十万元", "万余元", "百元")
            )
        kind = draw.random()
        if kind < 0.4:
            return f"{draw.randint(1, 99)}万元"
        if kind < 0.7:
            return f"{draw.randint(10, 999) / 10:.1f}万元"
        return f"{draw.randint(5, 999) * 100}元" if kind < 0.95 else f"{draw.randint(1, 99)}万余元"

    def day(self) -> str:
        year, month = self.draw.randint(2017, 2023), self.draw.randint(1, 12)
        return f"{year}年{month}月" if self.draw.random() < 0.7 else f"{year}年{month}月{self.draw.randint(1, 28)}日"

    def letter(self) -> Letter:
        draw, words = self.draw, self.words
        count = draw.choice((2, 3, 3, 4))
        parts = [
            draw.choice(words.openers),
            *draw.sample(draw.choice(words.sentences), count),
            draw.choice(words.closers),
        ]
        slot = self.slot()
        slots = [slot if not self.ways.fresh or draw.random() < 0.6 else self.slot() for _ in parts]
        return Letter(parts, slots)

    def other(self, letter: Letter) -> Letter:
        """The same sentences about somebody else."""
        seen: dict[int, dict[str, str]] = {}
        others = self.draw.choice(self.ways.others)
        for slot in letter.slots:
            seen.setdefault(id(slot), slot | {key: self.filled(key) for key in others})
        return Letter(letter.parts, [seen[id(slot)] for slot in letter.slots])

    def text(self, sentences: list[str]) -> str:
        return "，".join(sentences) + "。"

    def typos(self, text: str, rate: float) -> str:
        return "".join(self.typed(c) if c not in "，。" and self.draw.random() < rate else c for c in text)

    def typed(self, char: str) -> str:
        if not self.ways.like:
            return self.draw.choice(self.alphabet)
        kind = self.draw.random()
        if char in self.like and kind < 0.7:
            return self.draw.choice(self.like[char])
        if kind < 0.25:
            return ""
        return char + char if kind < 0.4 else self.draw.choice(self.alphabet)

    def synonym(self, text: str) -> str:
        for group in self.words.synonyms:
            for word in group:
                if word in text:
                    text = text.replace(word, self.draw.choice([w for w in group if w != word]))
                    break
        return text

    def repeat(self, letter: Letter, kind: str) -> str:
        draw, said = self.draw, letter.said()
        if kind == "format":
            return self.formatted(self.text(said))
        if kind == "typo":
            return self.typos(self.text(said), self.ways.typo)
        if kind == "append":
            slot = letter.slots[0] if draw.random() < 0.5 else self.slot()
            return self.text([*said, draw.choice(self.words.appended).format(**slot)])
        if kind == "reorder":
            middle = said[1:-1]
            draw.shuffle(middle)
            return self.text([said[0], *middle, said[-1]])
        if kind == "synonym":
            return self.typos(self.synonym(self.text(said)), 0.02)
        if kind == "rewrite":
            middle = said[1:-1]
            middle.pop(draw.randrange(len(middle)))
            draw.shuffle(middle)
            opener = draw.choice(self.words.openers).format(**letter.slots[0])
            return self.synonym(self.text([opener, *middle, said[-1]]))
        return self.text(said)

    def formatted(self, text: str) -> str:
        wide = {c: chr(ord(c) + 0xFEE0) for c in "0123456789"}
        text = "".join(wide.get(c, c) for c in text)
        text = text.replace("，", self.draw.choice((",", "， ", "；", "\n")))
        spots = sorted(self.draw.sample(range(len(text)), 3), reverse=True)
        for spot in spots:
            text = text[:spot] + self.draw.choice((" ", "　", "\t")) + text[spot:]
        return text


@dataclass(frozen=True)
class Row:
    """A letter, which base text it repeats, and how; `twin` is the base whose wording it has about other people."""

    id: str
    text: str
    base: int
    kind: str
    twin: int = -1


def make(words: Words, count: int, seed: int, ways: Ways | None = None) -> list[Row]:
    """`count` letters, shuffled."""
    maker = Maker(words, ways or Ways(), seed)
    draw, rows, base = maker.draw, [], 0
    while len(rows) < count:
        letter = maker.letter()
        mine = base
        rows.append((maker.text(letter.said()), mine, "base", -1))
        base += 1
        if draw.random() < 0.10:
            for _ in range(draw.randint(1, 3)):
                kind = draw.choice(KINDS)
                rows.append((maker.repeat(letter, kind), mine, kind, -1))
        if draw.random() < 0.05:
            rows.append((maker.text(maker.other(letter).said()), base, "twin", mine))
            base += 1
    rows = rows[:count]
    draw.shuffle(rows)
    return [Row(f"X{number:07d}", *row) for number, row in enumerate(rows, 1)]
