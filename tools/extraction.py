"""Every Chinese msgid that the sources say, and the catalogue kept in step with them (Babel)."""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as babel_extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "jiandu"
HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")  # words, and the full-width signs between them
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (1,)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
    "Refused": (2,),  # the message, which surfaces translate when they show it
    "Entry": (1,),  # the menu
}
UNMARKED = "results/analysis/measures"  # every Chinese text there is a label, a unit or a definition
HEADER = """\
# English of jiandu. The msgids are Chinese; docs/glossary.md decides on the terms.
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
SILENT = {"migrations", "demo"}
CALL = re.compile(r"(?<!\w)(?:_|n?p?gettext)\((?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|[^()'\"\n])*\)")


def extracted() -> Catalog:
    """A template of the sources: each Chinese msgid with the files that say it."""
    found = Catalog(charset="utf-8")
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html")]):
        if SILENT & set(path.relative_to(PACKAGE).parts):
            continue
        for msgid, context in _messages(path):
            first = msgid if isinstance(msgid, str) else msgid[0]
            if HAN.search(first):
                found.add(msgid, locations=[(str(path.relative_to(PACKAGE)), 0)], context=context)
    return found


def _messages(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """(msgid or (singular, plural), context) of each marked text."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = _calls(text)
    for _, msgid, _, context in babel_extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
        yield msgid, context
    if UNMARKED in str(path):
        yield from ((constant, None) for constant in _constants(text))


def _calls(template: str) -> str:
    """The translations of a template as calls, one a line, by Django's own reading of its tags."""
    if not settings.configured:
        settings.configure()
    return "\n".join(call.group() for call in CALL.finditer(templatize(template)))


def _constants(code: str) -> Iterator[str]:
    """Every text of a module that is not a docstring."""
    tree = ast.parse(code)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def catalogue(path: str) -> Catalog:
    """The catalogue as it stands."""
    with open(path, "rb") as file:
        return read_po(file, locale="en")


def english(message: Message) -> tuple[str, ...]:
    """The English of a message: one text, or one a plural form."""
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string,)


def update(path: str) -> int:
    """Adds new msgids without English and drops those that nobody says any more. Gives how many lack English."""
    kept = catalogue(path) if Path(path).exists() else Catalog(locale="en", charset="utf-8")
    kept.update(extracted(), no_fuzzy_matching=True)
    kept.obsolete.clear()
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    body = io.BytesIO()
    write_po(body, kept, sort_output=True, include_lineno=False, omit_header=True, width=100)
    Path(path).write_bytes(HEADER.encode() + body.getvalue())
    lacking = [message for message in kept if message.id and not all(english(message))]
    print(f"{len(kept)} 条 · messages; 缺英文 · without English: {len(lacking)}")
    return len(lacking)
