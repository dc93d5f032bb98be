"""Formats and helpers of the template tags: each is a plain function."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from jiandu.base.ui.templatetags import ui


def test_date_zh_without_padding() -> None:
    assert (ui.date_zh(dt.date(2022, 3, 2)), ui.date_zh(None)) == ("2022年3月2日", "")


def test_date_zh_of_a_moment_is_the_day_in_the_office() -> None:
    assert ui.date_zh(dt.datetime(2022, 12, 31, 16, 30, tzinfo=dt.UTC)) == "2023年1月1日"


def test_iso_of_day_and_moment() -> None:
    moment = dt.datetime(2022, 12, 31, 16, 30, tzinfo=dt.UTC)
    assert [ui.iso(dt.date(2022, 3, 2)), ui.iso(moment), ui.iso(None)] == ["2022-03-02", "2023-01-01 00:30", ""]


@pytest.mark.parametrize(
    ("fen", "style", "text"),
    [
        (123450, "", "¥1,234.50"),
        (-5, "", "-¥0.05"),
        (0, "", "¥0.00"),
        (None, "", ""),
        (370000, "wan", "0.37万元"),
        (-950_370_000, "wan", "-950.37万元"),
        (1_234_567_890_00, "wan", "123,456.79万元"),
        (5_000, "wan", "0.01万元"),
    ],
)
def test_money_fen(fen: int | None, style: str, text: str) -> None:
    with translation.override("zh-hans"):
        assert ui.money_fen(fen, style) == text


def test_money_fen_in_english_stays_with_yuan() -> None:
    with translation.override("en"):
        assert ui.money_fen(370000, "wan") == "¥3,700.00"


@given(st.integers(-(10**15), 10**15))
def test_money_fen_loses_nothing(fen: int) -> None:
    assert Decimal(ui.money_fen(fen).replace("¥", "").replace(",", "")) == Decimal(fen) / 100


def test_count_groups_and_caps() -> None:
    shown = [ui.count(1234), ui.count(1000, 1000), ui.count(1001, 1000), ui.count(0), ui.count(None)]
    assert shown == ["1,234", "1,000", "1000+", "0", ""]


def test_days_left_by_number_and_by_dates() -> None:
    with translation.override("zh-hans"):
        texts = [ui.days_left(days) for days in (3, 0, -2, None)]
        by_dates = ui.days_left(dt.date(2022, 10, 1), dt.date(2022, 9, 30))
    assert (texts, by_dates) == (["剩3天", "今日到期", "超期2天", ""], "剩1天")


def test_days_left_without_today_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError):
        ui.days_left(dt.date(2022, 10, 1))


def test_tone_by_name_word_value_and_table() -> None:
    tones = [ui.tone(state) for state in ("warn", "整改中", "rectifying", "未知", None)]
    assert [*tones, ui.tone("a", {"a": "done"})] == ["warn", "progress", "progress", "neutral", "neutral", "done"]


def test_every_state_has_a_known_tone() -> None:
    assert set(ui.STATE_TONES.values()) <= set(ui.TONES)


def _query(url: str, **changes: object) -> str:
    return ui.query(Context({"request": RequestFactory().get(url)}), **changes)


def test_query_replaces_drops_and_repeats() -> None:
    changed = _query("/?state=a&state=b&after=7&q=x", after=None, q="", sort="-due", state=["b", "c"])
    assert changed == "?state=b&state=c&sort=-due"


def test_query_keeps_the_rest_and_encodes() -> None:
    assert _query("/?q=%26%3D&unit=1", sort="a&b") == "?q=%26%3D&unit=1&sort=a%26b"


def test_query_without_request_holds_the_changes_only() -> None:
    assert ui.query(Context({}), page=2) == "?page=2"


def test_cells_of_plain_and_rich_values() -> None:
    columns = [{"label": "A", "kind": "code"}, {"label": "B", "kind": "main"}, {"label": "C"}]
    row = {"href": "/1/", "cells": [None, 0, {"text": "x", "tone": "已销号", "sub": "s"}]}
    assert [tuple(cell) for cell in ui.cells(columns, row)] == [
        ("code", "A", "", "/1/", "", "", "", "neutral"),
        ("main", "B", 0, "", "", 0, "", "neutral"),
        ("", "C", "x", "", "done", "", "s", "neutral"),
    ]


def test_cells_refuse_a_missing_one() -> None:
    with pytest.raises(ValueError, match="shorter"):
        list(ui.cells([{"label": "A"}, {"label": "B"}], {"cells": [1]}))


class Given:
    """Stands for cotton's attributes."""

    def __init__(self, **values: object) -> None:
        self.values = values

    def attrs_dict(self) -> dict[str, object]:
        return self.values


def test_passed_escapes_and_leaves_out_nothing() -> None:
    attrs = Given(**{"hx-get": '"/x" onload="alert(1)"', "hidden": True, "data-a": None, "data-b": False})
    assert ui.passed(attrs) == ' hx-get="&quot;/x&quot; onload=&quot;alert(1)&quot;" hidden'


class Sample(forms.Form):
    text = forms.CharField(help_text="help")
    pick = forms.ChoiceField(choices=[("a", "A")])
    radio = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(widget=forms.Textarea(attrs={"class": "mono"}))
    file = forms.FileField()
    yes = forms.BooleanField()


def test_kind_of_each_control() -> None:
    kinds = [ui.kind(field) for field in Sample()]
    assert kinds == ["input", "select", "choices", "choices", "textarea", "file", "check"]


def test_control_carries_the_kit_and_the_aria_links() -> None:
    assert ui.control(Sample()["text"]) == (
        '<input type="text" name="text" class="form-control" required aria-describedby="id_text_helptext" id="id_text">'
    )


def test_control_small_own_class_and_error() -> None:
    shown = ui.control(Sample({"note": ""})["note"]) + ui.control(Sample()["pick"], "sm")
    assert re.findall('class="([^"]*)"', shown) == ["mono form-control is-invalid", "form-select form-select-sm"]


def test_control_of_choices_and_check_takes_no_size() -> None:
    assert ["-sm" in ui.control(Sample()[name], "sm") for name in ("radio", "yes")] == [False, False]


def test_attr_adds_to_the_control() -> None:
    shown = ui.attr(Sample()["note"], "rows:3, placeholder:a:b")
    assert [part in shown for part in ('rows="3"', 'placeholder="a:b"', 'class="mono form-control"')] == [True] * 3
