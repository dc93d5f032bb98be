"""Encrypted columns: sealed to their row, unreadable in the database, found by a blind index, rotated key by key."""

import stat
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, models, transaction
from django.test.utils import isolate_apps

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.sealing.errors import Unopenable
from jiandu.base.sealing.fields import EncryptedText, Sealed, blind, is_under_newest, open_text, seal_text
from jiandu.base.sealing.keyring import add_key, keyring, keyring_file

PLACE: dict[str, Any] = {"table": "people", "uid": uuid4(), "column": "phone"}


def opens(sealed: str, **place: Any) -> bool:
    try:
        open_text(sealed, **(PLACE | place))
    except Unopenable:
        return False
    return True


def test_a_value_opens_in_its_place_alone() -> None:
    sealed = seal_text("13800138000", **PLACE)
    assert open_text(sealed, **PLACE) == "13800138000"
    places = [{"table": "others"}, {"uid": uuid4()}, {"column": "identity"}]
    assert [opens(sealed, **place) for place in places] == [False] * 3
    assert seal_text("13800138000", **PLACE) != sealed


def test_every_altered_letter_is_refused() -> None:
    sealed = seal_text("13800138000", **PLACE)
    altered = [
        sealed[:at] + letter + sealed[at + 1 :]
        for at in range(len(sealed))
        for letter in "A_0z=:9"
        if sealed[at] != letter
    ]
    assert len(altered) > 300
    assert [text for text in altered if opens(Sealed(text))] == []
    assert not opens("")


def test_the_keyring_lies_apart_for_its_owner_alone() -> None:
    keyring()
    assert keyring_file() == Path(settings.DATA) / "keys" / "fields.keys"
    assert stat.S_IMODE(keyring_file().stat().st_mode) == 0o400
    assert not any(key.hex() in repr(keyring()) for key in keyring().keys.values())


def test_after_a_rotation_the_newest_writes_and_all_are_read() -> None:
    old = seal_text("张三", **PLACE)
    before = keyring()
    assert add_key() == 2
    new = seal_text("张三", **PLACE)
    assert (is_under_newest(old), is_under_newest(new)) == (False, True)
    assert (open_text(old, **PLACE), open_text(new, **PLACE)) == ("张三", "张三")
    assert keyring().blind == before.blind
    assert stat.S_IMODE(keyring_file().stat().st_mode) == 0o400


def test_without_its_keyring_a_value_is_lost_and_a_damaged_one_is_named() -> None:
    sealed = seal_text("张三", **PLACE)
    keyring_file().unlink()
    assert not opens(sealed)
    keyring_file().chmod(0o600)
    for text in ("", "1 AAAA\n0 AAAA\n", "nonsense\n", "1 ?\n"):
        keyring_file().write_text(text)
        with pytest.raises(Refused, match="字段密钥文件已损坏"):
            keyring()


def test_a_blind_index_finds_equal_values_and_tells_no_other() -> None:
    key, other = b"k" * 32, b"o" * 32
    same = [blind(text, key=key, purpose="name") for text in ("张三", "张 三", "　张三 ", "张·三")]
    assert len(set(same)) == 1
    assert blind("ＡＢ-１２", key=key, purpose="x") == blind("ab12", key=key, purpose="x")
    apart = {blind("张三", key=key, purpose="name"), blind("张三", key=other, purpose="name")}
    apart |= {blind("张三", key=key, purpose="unit"), blind("张四", key=key, purpose="name")}
    assert len(apart) == 4
    assert len(same[0]) == 32


@pytest.fixture
def notes(db: None) -> Any:
    """A table with such a column."""
    with isolate_apps("jiandu.base.accounts"):

        class Note(models.Model):
            uid = models.UUIDField(default=uuid4)
            phone = EncryptedText(null=True, blank=True)

            class Meta:
                app_label = "accounts"
                db_table = "tests_note"

        with guard.unguarded("test"), connection.cursor() as cursor:
            key = "INTEGER PRIMARY KEY" if connection.vendor == "sqlite" else "BIGSERIAL PRIMARY KEY"
            uid = "char(32)" if connection.vendor == "sqlite" else "uuid"
            cursor.execute(f"CREATE TEMPORARY TABLE tests_note (id {key}, uid {uid} NOT NULL, phone text)")
        yield Note
        with guard.unguarded("test"), connection.cursor() as cursor:
            cursor.execute("DROP TABLE tests_note")


def test_a_column_is_read_as_written_and_lies_sealed(notes: Any) -> None:
    with guard.unguarded("test"):
        made = notes.objects.create(phone="13800138000")
        assert made.phone == "13800138000"
        row = notes.objects.get(pk=made.pk)
        assert row.phone == "13800138000"
        row.phone = "13900139000"
        row.save()
        row.refresh_from_db()
        assert row.phone == "13900139000"
        assert notes.objects.defer("phone").get().phone == "13900139000"
        notes.objects.bulk_create([notes(phone=text) for text in ("a", "b", "")] + [notes(phone=None)])
        assert [one.phone for one in notes.objects.order_by("pk")] == ["13900139000", "a", "b", "", None]
        lying = list(notes.objects.order_by("pk").values_list("phone", flat=True))
    assert [text[:3] for text in lying[:3]] == ["f1:"] * 3
    assert "139" not in lying[0].split(":")[0]
    assert notes.check() == []


def test_a_value_copied_into_another_row_does_not_open(notes: Any) -> None:
    with guard.unguarded("test"), connection.cursor() as cursor:
        one, other = notes.objects.create(phone="1"), notes.objects.create(phone="2")
        cursor.execute("UPDATE tests_note SET phone = (SELECT phone FROM tests_note WHERE id = %s)", [one.pk])
        assert notes.objects.get(pk=one.pk).phone == "1"
        with pytest.raises(Unopenable):
            _ = notes.objects.get(pk=other.pk).phone


def test_queries_carry_no_plain_value(notes: Any) -> None:
    """What Django would send in clear, or what could find nothing, is refused before it is sent."""
    with guard.unguarded("test"):
        row = notes.objects.create(phone="1")
        for query in (
            lambda: notes.objects.filter(phone="1").count(),
            lambda: notes.objects.update(phone="1"),
            lambda: notes.objects.bulk_update([row], ["phone"]),
        ):
            with pytest.raises(TypeError, match="sealed to its row"), transaction.atomic():
                query()


def test_a_model_without_uid_is_told() -> None:
    with isolate_apps("jiandu.base.accounts"):

        class Plain(models.Model):
            phone = EncryptedText()

            class Meta:
                app_label = "accounts"

        assert [error.id for error in Plain.check()] == ["sealing.E001"]
