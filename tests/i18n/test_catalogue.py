"""The English catalogue: complete, the same placeholders on both sides, and what the screen shows comes from it."""

import gettext
import io
import re
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from django.apps import apps
from django.utils.translation import override
from tools import extraction, messages

from jiandu.base.core.words import as_recorded
from jiandu.loop.findings.models import Finding, Repeat
from jiandu.loop.findings.states import State, Verb

CATALOGUE = extraction.catalogue(messages.CATALOGUE)
KEPT = {(entry.context, entry.id): extraction.english(entry) for entry in CATALOGUE if entry.id}
PLACEHOLDER = re.compile(r"%\((\w+)\)|(%%)|(<[^>]+>)")
HAN = re.compile(r"[\u3400-\u9fff]")


def forms(msgid: str | tuple[str, ...]) -> tuple[str, ...]:
    return (msgid,) if isinstance(msgid, str) else tuple(msgid)


def placeholders(text: str) -> list[str]:
    return sorted("".join(match) for match in PLACEHOLDER.findall(text))


def test_the_catalogue_says_what_the_sources_say() -> None:
    """When this fails: python tools/messages.py extract, then write the English in django.po."""
    said = {(entry.context, entry.id) for entry in extraction.extracted() if entry.id}
    assert sorted(map(str, said - KEPT.keys())) == []
    assert sorted(map(str, KEPT.keys() - said)) == []


def test_every_message_has_english() -> None:
    assert [key for key, english in KEPT.items() if not all(english)] == []
    assert [key for key, english in KEPT.items() if HAN.search("".join(english))] == []


def test_both_sides_have_the_same_placeholders() -> None:
    wrong = [
        msgid
        for (_, msgid), english in KEPT.items()
        if {tuple(placeholders(text)) for text in (*forms(msgid), *english)} != {tuple(placeholders(forms(msgid)[0]))}
    ]
    assert wrong == []


def test_compile_gives_what_babel_gives() -> None:
    theirs = io.BytesIO()
    write_mo(theirs, CATALOGUE)
    theirs.seek(0)
    content = messages.compiled(messages.entries(Path(messages.CATALOGUE).read_text(encoding="utf-8")))
    ours = gettext.GNUTranslations(io.BytesIO(content))
    expected = gettext.GNUTranslations(theirs)
    expected._catalog.pop("")
    ours._catalog.pop("")
    assert ours._catalog == expected._catalog
    assert [ours.plural(number) for number in (0, 1, 2)] == [1, 0, 1]


def test_compile_leaves_out_what_has_no_english() -> None:
    text = 'msgid "甲"\nmsgstr ""\n\nmsgctxt "act"\nmsgid "乙"\nmsgstr ""\n"B\\n"\n"b"\n\nmsgid "丙"\nmsgid_plural "丙"\nmsgstr[0] "c"\nmsgstr[1] "cs"\n'
    assert messages.entries(text) == {"act\4乙": "B\nb", "丙\0丙": "c\0cs"}


def test_compile_runs_only_when_the_source_is_newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = tmp_path / "django.po", tmp_path / "django.mo"
    source.write_text('msgid "甲"\nmsgstr "A"\n', encoding="utf-8")
    monkeypatch.setattr(messages, "CATALOGUE", str(source))
    monkeypatch.setattr(messages, "COMPILED", str(target))
    assert not messages.is_current()
    assert messages.main(["compile"]) == 0
    assert messages.is_current()
    target.write_bytes(b"kept")
    messages.main(["compile"])
    assert target.read_bytes() == b"kept"


def test_another_word_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert messages.main(["publish"]) == 2
    assert "compile | extract" in capsys.readouterr().err


def test_labels_follow_the_reader() -> None:
    with override("en"):
        assert (str(State.MERGED.label), str(Verb.MERGE.label)) == ("Merged", "Merge")
        assert str(Finding._meta.verbose_name) == "Finding"
        assert str(Repeat.Decision.NEW.label) == "A new finding"
    with override("zh-hans"):
        assert str(State.MERGED.label) == str(Verb.MERGE.label) == "并案"


def test_records_keep_chinese() -> None:
    with override("en"):
        assert as_recorded(State.CLOSED.label) == "已销号"


def test_every_label_of_a_model_can_be_translated() -> None:
    """No bare Chinese is left on a model, a field or a choice."""
    bare = []
    with override("en"):
        for model in apps.get_models():
            if not model.__module__.startswith("jiandu."):
                continue
            names = [model._meta.verbose_name, *(field.verbose_name for field in model._meta.fields)]
            names += [label for field in model._meta.fields for _, label in field.choices or ()]
            bare += [f"{model.__name__}: {name}" for name in names if HAN.search(str(name))]
    assert bare == []
