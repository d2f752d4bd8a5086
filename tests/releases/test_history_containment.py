"""Which release first contains a commit, against the plain meaning of the words."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from semver import Version

from releases.history.containment import Containment, Place
from releases.history.tags import Tag

START = datetime(2026, 1, 1, tzinfo=UTC)
Graph = list[tuple[int, ...]]


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def tag(version: str, commit: int, hour: int | None = None) -> Tag:
    tagged_at = None if hour is None else at(hour)
    return Tag(f"v{version}", Version.parse(version), str(commit), tagged_at, hour is not None)


def placed(graph: Graph, tags: list[Tag], head: int) -> dict[int, Place]:
    """Place a graph whose commits have higher numbers than their parents, newest first."""
    containment = Containment(str(head), tags)
    return {
        commit: containment.place(str(commit), tuple(map(str, graph[commit])), at(commit))
        for commit in reversed(range(len(graph)))
    }


def releases(graph: Graph, tags: list[Tag]) -> list[str | None]:
    places = placed(graph, tags, len(graph) - 1)
    return [places[commit].release for commit in range(len(graph))]


def test_on_a_line_each_release_has_what_came_since_the_one_before() -> None:
    line: Graph = [(), (0,), (1,), (2,), (3,)]
    found = releases(line, [tag("1.0.0", 1), tag("1.1.0", 3)])
    assert found == ["v1.0.0", "v1.0.0", "v1.1.0", "v1.1.0", None]


def test_a_release_branch_keeps_its_own_fixes() -> None:
    """0 ─ 1(v1.0.0) ─ 3 ─ 4(v1.1.0), and 1 ─ 2(v1.0.1) on the side."""
    graph: Graph = [(), (0,), (1,), (1,), (3,)]
    tags = [tag("1.0.0", 1), tag("1.0.1", 2, hour=9), tag("1.1.0", 4)]
    assert releases(graph, tags) == ["v1.0.0", "v1.0.0", "v1.0.1", "v1.1.0", "v1.1.0"]


def test_a_fix_merged_upwards_belongs_to_the_release_that_came_first() -> None:
    """1 ─ 2(v1.0.1) is merged into 3, which is released as v1.1.0 a day later."""
    graph: Graph = [(), (0,), (1,), (1, 2)]
    tags = [tag("1.0.0", 1), tag("1.0.1", 2), tag("1.1.0", 3, hour=24)]
    assert releases(graph, tags) == ["v1.0.0", "v1.0.0", "v1.0.1", "v1.1.0"]


def test_dates_against_the_history_do_not_count() -> None:
    """v1.0.0 was tagged anew years after v1.1.0, which contains it."""
    line: Graph = [(), (0,), (1,), (2,)]
    found = releases(line, [tag("1.0.0", 1, hour=90_000), tag("1.1.0", 3)])
    assert found == ["v1.0.0", "v1.0.0", "v1.1.0", "v1.1.0"]


def test_of_several_tags_on_a_commit_the_first_counts() -> None:
    found = releases([()], [tag("1.1.0", 0), tag("1.0.0", 0), tag("1.0.0-rc.1", 0)])
    assert found == ["v1.0.0-rc.1"]


def test_the_stable_release_looks_past_pre_releases() -> None:
    line: Graph = [(), (0,), (1,)]
    places = placed(line, [tag("1.0.0-rc.1", 0), tag("1.0.0", 1)], head=2)
    assert [places[n].release for n in range(3)] == ["v1.0.0-rc.1", "v1.0.0", None]
    assert [places[n].stable_release for n in range(3)] == ["v1.0.0", "v1.0.0", None]


def test_trunk_is_the_line_of_first_parents() -> None:
    """0 ─ 1 ─ 3, with 2 merged into 3, and 4 on a branch of its own."""
    graph: Graph = [(), (0,), (0,), (1, 2), (1,)]
    places = placed(graph, [], head=3)
    assert [places[n].is_trunk for n in range(5)] == [True, True, False, True, False]
    assert [places[n].is_on_head for n in range(5)] == [True, True, True, True, False]


@st.composite
def histories(draw: st.DrawFn) -> tuple[Graph, list[Tag]]:
    size = draw(st.integers(1, 12))
    graph: Graph = [()]
    for commit in range(1, size):
        some = st.lists(st.integers(0, commit - 1), max_size=3, unique=True)
        graph.append(tuple(draw(some)))
    count = draw(st.integers(0, 6))
    tags = [
        tag(f"1.{n}.0", draw(st.integers(0, size - 1)), draw(st.none() | st.integers(0, 30)))
        for n in range(count)
    ]
    return graph, tags


@settings(max_examples=400)
@given(histories())
def test_any_history_is_assigned_by_the_meaning_of_the_words(
    drawn: tuple[Graph, list[Tag]],
) -> None:
    graph, tags = drawn
    assert releases(graph, tags) == [_earliest(graph, tags, n) for n in range(len(graph))]


def _earliest(graph: Graph, tags: list[Tag], commit: int) -> str | None:
    """Of all releases that reach the commit: none of the others is inside it, then by date."""
    reach = {each.name: _reached(graph, int(each.sha)) for each in tags}
    first = {name: min(map(_date, _around(tags, reach, name))) for name in reach}
    having = [each for each in tags if commit in reach[each.name]]
    if not having:
        return None
    return min(having, key=lambda t: (first[t.name], int(t.sha), _date(t), t.version)).name


def _around(tags: list[Tag], reach: dict[str, set[int]], name: str) -> list[Tag]:
    """The release itself and all that contain it."""
    own = next(each for each in tags if each.name == name)
    return [each for each in tags if int(own.sha) in reach[each.name]]


def _reached(graph: Graph, tip: int) -> set[int]:
    seen, stack = set(), [tip]
    while stack:
        commit = stack.pop()
        if commit not in seen:
            seen.add(commit)
            stack += graph[commit]
    return seen


def _date(each: Tag) -> datetime:
    return each.tagged_at or at(int(each.sha))


@pytest.mark.parametrize("size", [3_000])
def test_a_long_history_needs_no_depth(size: int) -> None:
    line: Graph = [(), *((n,) for n in range(size - 1))]
    assert releases(line, [tag("1.0.0", size - 1)]) == ["v1.0.0"] * size
