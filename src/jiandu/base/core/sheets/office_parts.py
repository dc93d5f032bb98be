"""Child side: the parts of Word, Excel and PowerPoint files (ECMA-376): which are read, which say who, where and with what.

Names by list, in small letters: a part that stands on neither list is refused, for nobody knows what it says.
"""

import posixpath
import re

from .errors import SheetRefused

TYPES = "[content_types].xml"
_CHARTS = r"charts/(?:chart|chartex|style|colors)\d*\.xml|diagrams/(?:data|layout|quickstyles?|colors|drawing)\d*\.xml"
_SHARED = (
    rf"theme/theme(?:override)?\d*\.xml|{_CHARTS}|drawings/(?:drawing\d*\.xml|(?:vmldrawing|commentsdrawing)\d*\.vml)"
)
_WORD = (
    r"(?:document|styles|styleswitheffects|numbering|settings|websettings|fonttable|footnotes|endnotes|comments|commentsextended"
    r"|commentsids|commentsextensible|people|header|footer)\d*\.xml"
)
_EXCEL = (
    r"(?:workbook|styles|sharedstrings|metadata|calcchain|comments|cellimages)\d*\.xml|(?:worksheets|chartsheets)/sheet\d*\.xml"
    r"|comments/comments?\d*\.xml|drawings/comments\d*\.xml|tables/table\d*\.xml|pivottables/pivottable\d*\.xml"
    r"|pivotcache/pivotcache(?:definition|records)\d*\.xml|(?:slicers/slicer|slicercaches/slicercache|ctrlprops/ctrlprop)\d*\.xml"
    r"|(?:timelines/timeline|timelinecaches/timelinecache)\d*\.xml|threadedcomments/threadedcomment\d*\.xml|persons/person\d*\.xml"
    r"|richdata/(?:rd[a-z]*|richvaluerel)\d*\.xml|featurepropertybag/featurepropertybag\d*\.xml"
)
_SLIDES = (
    r"(?:presentation|presprops|viewprops|tablestyles|commentauthors|authors)\d*\.xml"
    r"|(?:slides/slide|slidelayouts/slidelayout|slidemasters/slidemaster|notesslides/notesslide|notesmasters/notesmaster)\d*\.xml"
    r"|handoutmasters/handoutmaster\d*\.xml|comments/(?:comment\d*|moderncomment_[0-9a-f_]*)\.xml"
)
_READ = re.compile(rf"word/(?:glossary/)?(?:{_WORD}|{_SHARED})|xl/(?:{_EXCEL}|{_SHARED})|ppt/(?:{_SLIDES}|{_SHARED})")
_MEDIA = re.compile(r"(?:word|word/glossary|xl|ppt)/media/[^/]+")
#: Pictures that the program called itself: other names may be what their file was called.
_NUMBERED = re.compile(r"(?:image|media|picture|audio|video|hdphoto)\d{1,5}\.\w{2,5}")
#: Parts that say nothing but who, where and with what; fonts that hang on it; what add-ins keep there.
_GONE = re.compile(
    r"docprops/|customxml/|docmetadata/|_xmlsignatures/|\[trash\]/|customui/|usercustomization/|.*\.psmdcp|.*thumbnail"
    r"|(?:word|xl|ppt)/(?:printersettings|documenttasks/|webextensions/|revisions/|tags/|fonts/|changesinfos/|revisioninfo)"
    r"|word/(?:glossary/fonts/|recipientdata|mailmergerecipientdata|customizations)"
)
#: Relationships that lead to such parts, by the end of their type.
_LINKS_GONE = (
    "/customxml", "/customxmlprops", "/thumbnail", "/core-properties", "/extended-properties", "/custom-properties", "/font",
    "/classificationlabels", "/printersettings", "/attachedtemplate", "/changesinfo", "/revisioninfo", "/revisionheaders",
    "/usernames", "/mailmergesource", "/mailmergeheadersource", "/recipientdata", "/tags", "/webextensiontaskpanes", "/origin",
    "/documenttasks", "/keymapcustomizations", "/ui/extensibility", "/ui/usercustomization",
)  # fmt: skip
_TO_SITES = ("http:", "https:", "mailto:", "tel:", "#")


def is_gone(name: str) -> bool:
    """Whether the part goes, or the relationships of one that goes."""
    return bool(_GONE.match(_owner(name.casefold())))


def is_media(name: str) -> bool:
    """Whether it is a picture, a sound or a film, by where it lies."""
    return bool(_MEDIA.fullmatch(name.casefold()))


def check(name: str) -> None:
    """Raises `SheetRefused` (stranger_part) for a part of which we do not know what it says."""
    low = _owner(name.casefold())
    if low not in (TYPES, "") and not _READ.fullmatch(low) and not _MEDIA.fullmatch(low):
        raise SheetRefused("stranger_part")


def _owner(low: str) -> str:
    """The part whose relationships it holds; itself where it holds none."""
    folder, _, file = low.rpartition("/")
    if not low.endswith(".rels"):
        return low
    above = folder.removesuffix("_rels")
    return above + file.removesuffix(".rels") if folder != above else low


def renamed(names: list[str]) -> dict[str, str]:
    """What parts are called from now on, where that changes."""
    found, taken = {}, {name.casefold() for name in names}
    for name in names:
        folder, _, file = name.rpartition("/")
        if not is_media(name) or _NUMBERED.fullmatch(file.casefold()):
            continue
        ending = file.rpartition(".")[2]
        number = 1
        while f"{folder}/image{number}.{ending}".casefold() in taken:
            number += 1
        found[name] = f"{folder}/image{number}.{ending}"
        taken.add(found[name].casefold())
    return found


def link(name: str, said: dict[str, str], names: dict[str, str]) -> dict[str, str] | None:
    """A relationship of the part of relationships `name`: as it stays, or None. A file on a disk is nowhere."""
    kind, target = said.get("Type", "").casefold(), said.get("Target", "")
    if kind.endswith(_LINKS_GONE):
        return None
    kept: dict[str, str] = {key: said[key] for key in ("Id", "Type", "Target", "TargetMode") if key in said}
    if said.get("TargetMode", "").casefold() == "external":
        outside = target.strip().casefold().startswith(_TO_SITES)
        return kept if outside else {**kept, "Target": "about:blank"}
    at = _resolved(name, target)
    if is_gone(at):
        if "webextension" in at.casefold():
            raise SheetRefused("stranger_part")  # it is seen on a page
        return None
    new = {old.casefold(): new for old, new in names.items()}.get(at.casefold())
    return {**kept, "Target": f"/{new}"} if new else kept


def _resolved(name: str, target: str) -> str:
    base = name.rpartition("/")[0].removesuffix("_rels")
    return posixpath.normpath(posixpath.join("/", base, target)).lstrip("/")
