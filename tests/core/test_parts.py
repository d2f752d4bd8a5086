"""The parts of pages: tags, filters and includes."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django import forms
from django.conf import settings
from django.template import engines
from django.template.loader import render_to_string

from agentmesh_release.core.gates import Item, Verdict
from agentmesh_release.core.marks import ICON_OF
from agentmesh_release.core.uptime import bars

NOW = datetime(2026, 11, 24, 14, 32, 8, tzinfo=UTC)
SPRITE = (settings.BASE_DIR / "static/icons.svg").read_text()
STYLES = settings.BASE_DIR / "static/css"


def rendered(source: str, **context: Any) -> str:
    return str(engines["django"].from_string(source).render(context))


def visible(markup: str) -> str:
    return re.sub(r"<[^>]+>", "", markup)


def test_an_icon_is_hidden_from_screen_readers_and_comes_from_the_sprite() -> None:
    assert rendered('{% icon "lock" %}') == (
        '<svg class="icon" aria-hidden="true"><use href="/static/icons.svg#i-lock"/></svg>'
    )


def test_a_state_is_outline_word_and_colour() -> None:
    shown = rendered('{% state "rolled_back" %}')
    assert 'data-state="rolled-back"' in shown
    assert "#i-rotate-left" in shown
    assert visible(shown) == "Rolled back"


def test_a_state_says_the_word_it_is_given() -> None:
    assert visible(rendered('{% state "off" "Writes off" %}')) == "Writes off"


def test_hostile_words_are_escaped_everywhere() -> None:
    hostile = "<script>alert(1)</script>"
    shown = rendered(
        "{% state s s %}{% icon s %}{% person s s %}{{ s|sha }}{{ s|act }}{% tick s %}", s=hostile
    )
    assert "<script" not in shown


def test_ticks_put_blockers_last_and_count_them_in_words() -> None:
    verdicts = [Verdict("failed", ""), Verdict("passed", ""), Verdict("waived", "")]
    shown = rendered("{% ticks verdicts %}", verdicts=verdicts)
    assert re.findall(r"#t-(\w+)", shown) == ["passed", "waived", "failed"]
    assert visible(shown) == "3\N{NO-BREAK SPACE}gates: 1 passed, 1 waived, 1 failed"


def test_no_gate_at_all_is_said() -> None:
    assert visible(rendered("{% ticks none %}", none=[])) == "no gate"


@time_machine.travel(NOW, tick=False)
def test_times_carry_the_machine_time_and_utc_on_hover() -> None:
    shown = rendered('{% age when "ago" %}', when=NOW - timedelta(minutes=6))
    assert shown == (
        '<time datetime="2026-11-24T14:26:08Z" title="24 Nov 2026, 14:26:08 UTC" '
        'data-as="age ago">6\N{NO-BREAK SPACE}min ago</time>'
    )


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("{% moment when %}", "14:32:08"),
        ('{% moment when "log" %}', "24\N{NO-BREAK SPACE}Nov 14:32:08"),
        ('{% moment when "date" %}', "Tuesday 24\N{NO-BREAK SPACE}November"),
        ("{% clock when %}", "14:32"),
        ("{% elapsed when %}", "0:00"),
        ("{% duration 338 %}", "5\N{NO-BREAK SPACE}min 38\N{NO-BREAK SPACE}s"),
        (
            "{% age none %}{% moment none %}{% clock none %}{% elapsed none %}{% duration none %}",
            "",
        ),
    ],
)
def test_a_moment_is_said_as_asked(tag: str, words: str) -> None:
    assert visible(rendered(tag, when=NOW)) == words


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('{% number 0.42 "%" %}', "0.42\N{NO-BREAK SPACE}%"),
        ('{{ 231.4|number:"ms" }}', "231.4\N{NO-BREAK SPACE}ms"),
        ('{% number 231.4 "ms" places=0 %}', "231\N{NO-BREAK SPACE}ms"),
        ("{{ 1204512|number }}", "1,204,512"),
        ("{{ none|number }}", "–"),
        ('{{ 0|count:"migration" }}', "no migration"),
        ('{{ 1|count:"entry,entries" }}', "1\N{NO-BREAK SPACE}entry"),
        ('{{ 2|count:"entry,entries" }}', "2\N{NO-BREAK SPACE}entries"),
        ('{{ "4be07d2c9b1e"|sha }}', "4be07d2"),
        ('{{ "sign_in_link.issue"|act }}', "issued the sign in link"),
        ('{{ "refused"|act }}', "was refused"),
    ],
)
def test_numbers_and_names_are_said_the_same_way_everywhere(source: str, words: str) -> None:
    assert visible(rendered(source, none=None)) == words


def test_a_gate_shows_its_way_forward_evidence_and_age() -> None:
    verdict = Verdict("pending", "1 of 2.", "Cleo may.", "Approvals", "/a", NOW)
    shown = render_to_string("parts/gate.html", {"item": Item("approvals", "Approvals", verdict)})
    assert '<li class="gate" data-state="pending">' in shown
    assert "Cleo may." in shown
    assert '<a class="gate-evidence" href="/a">Approvals</a>' in shown
    assert "<time" in shown


class ReasonForm(forms.Form):
    reason = forms.CharField(help_text="Goes into the audit log.")


def test_a_wrong_field_points_to_its_refusal_and_its_note() -> None:
    form = ReasonForm({"reason": ""})
    shown = render_to_string("parts/field.html", {"field": form["reason"]})
    assert 'aria-invalid="true"' in shown
    assert 'aria-describedby="id_reason_refusal id_reason_helptext"' in shown
    assert 'id="id_reason_refusal"' in shown
    assert 'id="id_reason_helptext"' in shown


def test_uptime_draws_one_bar_a_day() -> None:
    days = [(NOW.date() - timedelta(days=n), "outage" if n == 3 else "") for n in range(90)]
    shown = render_to_string("parts/uptime.html", {"title": "API", "bars": bars(days)})
    assert shown.count("<rect") == 90
    assert shown.count('data-state="outage"') == 1


def test_every_state_has_its_outline_in_the_sprite() -> None:
    assert {name for name in ICON_OF.values() if f'id="i-{name}"' not in SPRITE} == set()


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    named = {
        name
        for template in Path(settings.BASE_DIR / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "([\w-]+)"', template.read_text())
    }
    assert {name for name in named if f'id="i-{name}"' not in SPRITE} == set()


def test_only_the_tokens_name_a_colour() -> None:
    colour = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch|oklab|lab|lch)a?\(")
    named = {
        style.name
        for style in STYLES.rglob("*.css")
        if style.name != "tokens.css" and colour.search(style.read_text())
    }
    assert named == set()


def test_every_style_is_put_on_and_stays_in_its_layer() -> None:
    put_on = set(re.findall(r'@import url\("([^"]+)"\)', (STYLES / "app.css").read_text()))
    there = {str(style.relative_to(STYLES)) for style in STYLES.rglob("*.css")} - {"app.css"}
    assert put_on == there
    assert all("@layer " in (STYLES / name).read_text() for name in there)


def test_no_template_carries_a_style_or_a_script_of_its_own() -> None:
    inline = re.compile(r"""\sstyle=|<style|<script(?![^>]*\ssrc=)|\son\w+=["']|javascript:""")
    found = [
        template.name
        for template in Path(settings.BASE_DIR / "templates").rglob("*.html")
        if inline.search(template.read_text())
    ]
    assert found == []
