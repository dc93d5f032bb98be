"""Which fonts stand in for the official ones when a PDF is made here: licensed fonts in a folder first, then free."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from jiandu.base.documents.layout import FANG, HEI, KAI, SONG, SONG_TITLE

BOLD = ":bold"

# The official families are proprietary; none is shipped. Noto comes last in each: it has every rare character.
FAMILIES: Mapping[str, tuple[str, ...]] = {
    SONG_TITLE: ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋_GBK", f"Noto Serif CJK SC{BOLD}"),
    FANG: ("FangSong_GB2312", "仿宋", "FangSong", "FandolFang", "AR PL UMing CN", "Noto Serif CJK SC"),
    KAI: ("KaiTi_GB2312", "楷体", "KaiTi", "FandolKai", "AR PL UKai CN", "Noto Serif CJK SC"),
    HEI: ("SimHei", f"FandolHei{BOLD}", f"Noto Sans CJK SC{BOLD}"),
    SONG: ("SimSun", "FandolSong", "AR PL UMing CN", "Noto Serif CJK SC"),
}


@dataclass(frozen=True, slots=True)
class Fonts:
    """Where more fonts lie, and for each official family what may stand in for it, best first (`:bold` if so)."""

    folders: tuple[Path, ...] = ()
    families: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: FAMILIES)


def configuration(fonts: Fonts, installed: Collection[str] = ()) -> str:
    """A fontconfig file: the machine's own, our folders, and installed families in place of absent official ones."""
    folders = "".join(f"<dir>{escape(str(f))}</dir>" for f in fonts.folders)
    rules = (
        _rule(official, [f for f in families if f.removesuffix(BOLD) in installed])
        for official, families in fonts.families.items()
        if official not in installed
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include>{folders}{"".join(rules)}</fontconfig>'
    )


def _rule(official: str, families: list[str]) -> str:
    if not families:
        return ""
    names = "".join(f"<string>{escape(f.removesuffix(BOLD))}</string>" for f in families)
    weight = '<edit name="weight" mode="assign"><const>bold</const></edit>' if families[0].endswith(BOLD) else ""
    test = f'<test name="family" compare="eq"><string>{escape(official)}</string></test>'
    return (
        f'<match target="pattern">{test}'
        f'<edit name="family" mode="assign" binding="strong">{names}</edit>{weight}</match>'
    )
