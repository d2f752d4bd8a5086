"""The change record as Markdown: short enough to be read, with digests that lead to the rest.

What people and programs wrote is hostile text; each of it becomes one line that shows just itself.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from agentmesh_release.core.figures import count

from .. import known_issues
from ..conventional.markdown import escaped
from ..reports import in_words
from .record import Part, Record


def render(record: Record, digests: Mapping[str, str]) -> str:
    """The record, ending in a line break; `digests` are those of the JSON, by part."""
    release = record.release
    lines = [f"# Change record: {escaped(str(release))}", ""]
    lines += [
        f"- Repository: {escaped(release.project.repository)}",
        f"- Commit: {release.commit_sha}",
        f"- Released: {_at(release.released_at)}",
        f"- Cut by: {escaped(release.cut_by) if release.cut_by else 'nobody here; it was tagged'}",
        "",
    ]
    for part, tell in zip(record, TELLERS, strict=True):
        lines += _part(part, tell(part.data), digests[part.name])
    lines += ["## Digests", "", f"Record: `{digests['record']}` (SHA-256 of evidence.json)", ""]
    return "\n".join(lines)


def _part(part: Part, told: Iterator[str], digest: str) -> Iterator[str]:
    yield f"## {part.title}"
    yield ""
    as_of = f", read {_at(part.as_of)}" if part.as_of else ""
    yield f"Source: {part.source}{as_of}. SHA-256 `{digest}`"
    yield ""
    if part.unknown:
        yield f"**Not known:** {escaped(part.unknown)}"
        yield ""
    found = list(told)
    yield from found
    if found:
        yield ""


def _git(data: dict[str, Any]) -> Iterator[str]:
    before, after = data["from"], data["to"]
    if before:
        yield f"- From {escaped(before['tag'])} ({before['commit']})"
    yield f"- To {escaped(after['tag'])} ({after['commit']})"
    if data["compare_url"]:
        yield f"- Comparison: <{data['compare_url']}>"
    authors = (f"{escaped(each['name'])} ({each['commits']})" for each in data["authors"])
    commits = count(data["commit_count"], "commit").capitalize()
    yield f"- {commits} by {', '.join(authors) or 'nobody'}"
    for commit in data["without_pull_request"]:
        yield f"- No pull request: {commit['sha'][:7]} {escaped(commit['subject'])}"


def _pulls(data: dict[str, Any]) -> Iterator[str]:
    yield f"- {data['named']} named, {data['read']} read, {data['approved']} approved"
    for pull in data["pulls"]:
        title, author = escaped(pull["title"]), escaped(pull["author"] or "not known")
        yield f"- #{pull['number']} {title}, by {author}: {_reviews(pull)}"


def _reviews(pull: dict[str, Any]) -> str:
    if pull["why"]:
        return escaped(pull["why"])
    if not pull["read_at"]:
        return "not read yet"
    said = [
        ("approved by", pull["approved_by"]),
        ("an earlier commit approved by", pull["approved_earlier"]),
        ("changes asked for by", pull["changes_requested_by"]),
    ]
    told = [f"{words} {', '.join(map(escaped, names))}" for words, names in said if names]
    return "; ".join(told) or "no review"


def _ci(data: dict[str, Any]) -> Iterator[str]:
    for run in data["runs"]:
        link = f" <{run['url']}>" if run.get("url") else ""
        yield f"- {escaped(run['name'])}: {escaped(run['outcome'])}{link}"


def _build(data: dict[str, Any]) -> Iterator[str]:
    for build in data["builds"]:
        link = f" <{build['inspector_url']}>" if build["inspector_url"] else ""
        log = "log kept" if build["log"]["text"] else "no log kept"
        ready = f", ready {_at(build['ready_at'])}" if build["ready_at"] else ""
        yield f"- {build['vercel_id']}: {escaped(build['state'])}{ready}, {log}{link}"


def _artifacts(data: dict[str, Any]) -> Iterator[str]:
    for each in data["artifacts"]:
        figures = ", ".join(in_words(*figure) for figure in each["figures"].items())
        yield f"- {escaped(each['name'])} ({each['kind']}): {figures or 'no figures'}"
        yield f"  {each['size']} bytes, SHA-256 `{each['digest']}`, by {escaped(each['sent_by'])}"


def _security(data: dict[str, Any]) -> Iterator[str]:
    for source in data["sources"]:
        said = f"not known: {escaped(source['why'])}" if source["why"] else _open(source)
        yield f"- {source['source']}: {said} (read {_at(source['read_at'])})"


def _open(source: dict[str, Any]) -> str:
    more = " or more" if source["may_be_cut"] else ""
    return f"{source['open_count']}{more} open"


def _decisions(data: dict[str, Any]) -> Iterator[str]:
    for promotion in data["promotions"]:
        yield f"### To {promotion['environment']}: {promotion['state_word'].lower()}"
        yield ""
        asked = f"- Asked for by {escaped(promotion['requested_by'])}"
        yield f"{asked}, {_at(promotion['requested_at'])}{_because(promotion['reason'])}"
        yield f"- Plan `{promotion['plan_hash']}`"
        for approval in promotion["approvals"]:
            void = "" if approval["is_of_the_last_plan"] else ", of an earlier plan"
            by = f"- Approved by {escaped(approval['by'])}, {_at(approval['at'])}{void}"
            yield f"{by}{_because(approval['comment'])}"
        if promotion["executed_by"]:
            at = _at(promotion["executed_at"])
            yield f"- Promoted by {escaped(promotion['executed_by'])}, {at}"
        for gate in promotion["checklist"].get("items", []):
            yield f"- Gate {escaped(gate['label'])}: {gate['state']}. {escaped(gate['summary'])}"
        if promotion["outcome"]:
            yield f"- Outcome: {escaped(promotion['outcome'])}"


def _production(data: dict[str, Any]) -> Iterator[str]:
    for each in data["activations"]:
        until = f" until {_at(each['until'])}" if each["until"] else ", live still"
        by = f" by {escaped(each['by'])}" if each["by"] else ""
        yield f"- {each['origin']}{by}: {each['vercel_id']}, {_at(each['since'])}{until}"
    for each in data["rollbacks"]:
        away = f" away from {escaped(each['away_from'])}" if each["away_from"] else ""
        said = f"- Rollback to {escaped(each['to'])}{away} by {escaped(each['requested_by'])}"
        yield f"{said}, {_at(each['requested_at'])}: {each['state']}{_because(each['reason'])}"


def _issues(data: dict[str, Any]) -> Iterator[str]:
    yield from known_issues.lines(data["issues"])


def _history(data: dict[str, Any]) -> Iterator[str]:
    if edited := data["edited_changelog"]:
        yield f"- The changelog is as {escaped(edited['by'])} wrote it, {_at(edited['at'])}"
    for event in data["events"]:
        said = f"- {_at(event['at'])} {escaped(event['actor'])}: {event['verb']}"
        yield f"{said}{_because(event['reason'])}"


def _because(reason: str) -> str:
    return f": “{escaped(reason)}”" if reason else ""


def _at(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if moment else "never"


TELLERS = (
    _git, _pulls, _ci, _build, _artifacts, _security, _decisions, _production, _issues, _history,
)  # fmt: skip
