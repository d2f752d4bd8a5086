"""The changelog of one release as data."""

import json
from datetime import UTC, datetime

from releases.conventional.changelog import Changelog, as_json, build, from_json
from releases.conventional.changes import change_of
from releases.conventional.policy import ChangeType, Policy

WHEN = datetime(2026, 11, 24, 14, 20, tzinfo=UTC)


def changelog(*messages: str, author: str = "Ada", policy: Policy | None = None) -> Changelog:
    """The changelog of these messages, the newest first."""
    changes = [change_of(f"{n:040x}", text, author) for n, text in enumerate(messages)]
    return build(
        changes,
        version="v1.8.2",
        released_at=WHEN,
        previous="v1.8.1",
        policy=policy or Policy(),
    )


def test_breaking_comes_first_then_features_fixes_performance_and_the_rest_folded() -> None:
    found = changelog("docs: a", "perf: b", "fix: c", "chore!: d", "feat: e", "odd", "revert: f")
    assert [(part.key, part.is_folded) for part in found.sections] == [
        ("breaking", False),
        ("feat", False),
        ("fix", False),
        ("perf", False),
        ("revert", False),
        ("docs", True),
        ("other", True),
    ]


def test_an_entry_tells_what_where_who_and_from_which_pull_request() -> None:
    text = "feat(runs): priority for queued runs (#1179)\n\nCo-authored-by: Ben <b@example.com>"
    ((entry,),) = (part.entries for part in changelog(text).sections)
    assert (entry.scope, entry.description) == ("runs", "priority for queued runs")
    assert (entry.pull_request, entry.authors) == (1179, ("Ada", "Ben"))
    assert entry.sha == "0" * 40


def test_a_breaking_change_is_told_once_with_what_to_do() -> None:
    found = changelog("feat!: a\n\nBREAKING CHANGE: use b", "fix!: c")
    (section,) = found.sections
    assert [(entry.description, entry.notes) for entry in section.entries] == [
        ("a", ("use b",)),
        ("c", ()),
    ]


def test_merges_and_what_was_taken_back_are_left_out_but_counted() -> None:
    found = changelog("Merge branch 'x'", 'Revert "feat: a"', "feat: a", "fix: b")
    assert [part.key for part in found.sections] == ["fix"]
    assert found.commit_count == 4


def test_people_are_named_by_how_much_they_did() -> None:
    text = "fix: {}\n\nCo-authored-by: Ben <b@example.com>\nCo-authored-by: Ada <a@example.com>"
    found = changelog(text, "fix: c\n\nCo-authored-by: Ben <b@example.com>", author="Cleo")
    assert found.authors == ("Ben", "Cleo", "Ada")


def test_a_house_may_have_headings_of_its_own() -> None:
    house = Policy((ChangeType("task", "Tasks", is_folded=False),))
    assert [part.title for part in changelog("task: a", "feat: b", policy=house).sections] == [
        "Tasks",
        "Other changes",
    ]


def test_a_description_stays_one_line_of_bearable_length() -> None:
    found = changelog(f"feat: {'a ' * 40_000}", f"fix!: b\n\nBREAKING CHANGE: {'c' * 60_000}")
    breaking, features = found.sections
    assert len(features.entries[0].description) <= 300
    assert len(breaking.entries[0].notes[0]) <= 4_000


def test_it_survives_the_way_through_json() -> None:
    found = changelog("feat(a)!: b (#1)\n\nBREAKING CHANGE: c", "docs: d", "odd")
    assert from_json(json.loads(json.dumps(as_json(found)))) == found
    empty = build((), version="v1.0.0")
    assert from_json(as_json(empty)) == empty
