"""The tags of a repository that are versions, and those that nearly are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from semver import Version

from releases.conventional.versions import NearlyVersion, precedence_key, read_tag
from releases.history.refs import Ref
from releases.history.unreadable import printable

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Tag:
    """A version on a commit; `tagged_at` is None where only the commit has a date."""

    name: str
    version: Version
    sha: str
    tagged_at: datetime | None
    is_annotated: bool


@dataclass(frozen=True, slots=True)
class Tags:
    """Versions by precedence, lowest first; nearly versions by name; sentences about the rest."""

    versions: tuple[Tag, ...]
    nearly: tuple[NearlyVersion, ...]
    warnings: tuple[str, ...]


def sort_out(refs: Iterable[Ref], prefix: str = "") -> Tags:
    """Read the tags among `refs`; `prefix` is what stands before the version in their names."""
    tags: list[Tag] = []
    nearly: list[NearlyVersion] = []
    warnings: list[str] = []
    for ref in refs:
        version = read_tag(ref.name, prefix)
        if isinstance(version, NearlyVersion):
            nearly.append(version)
        elif version is not None and ref.commit is None:
            warnings.append(
                f"Tag {printable(ref.name, _LONGEST_NAME)} is left out: it is not on a commit."
            )
        elif version is not None and ref.commit is not None:
            tags.append(Tag(ref.name, version, ref.commit, ref.tagged_at, ref.is_annotated))
    kept, doubled = _one_each(tags)
    nearly.sort(key=lambda tag: tag.name)
    warnings += [*doubled, *_about(nearly)]
    return Tags(kept, tuple(nearly), tuple(warnings))


def _one_each(tags: Iterable[Tag]) -> tuple[tuple[Tag, ...], list[str]]:
    """`v1.2.3` and `1.2.3` are one release: the earliest tag of a version counts."""
    by_version: dict[str, list[Tag]] = defaultdict(list)
    for tag in tags:
        by_version[str(tag.version)].append(tag)
    kept, doubled = [], []
    for same in by_version.values():
        same.sort(key=lambda tag: (tag.tagged_at is None, tag.tagged_at, tag.name))
        kept.append(same[0])
        doubled += [_left_out(tag, same[0]) for tag in same[1:] if tag.sha != same[0].sha]
    kept.sort(key=lambda tag: (precedence_key(tag.version), tag.name))
    return tuple(kept), doubled


def _left_out(tag: Tag, kept: Tag) -> str:
    name, other = (printable(each.name, _LONGEST_NAME) for each in (tag, kept))
    return f"Tag {name} is left out: {other} is the same version on another commit."


def _about(nearly: Iterable[NearlyVersion]) -> Iterator[str]:
    """One sentence for each reason, since a repository of many packages has thousands of them."""
    by_reason: dict[str, list[NearlyVersion]] = defaultdict(list)
    for tag in nearly:
        by_reason["has a package name before the version" if tag.prefix else tag.reason].append(tag)
    for reason, tags in sorted(by_reason.items()):
        names = ", ".join(printable(tag.name, _LONGEST_NAME) for tag in tags[:3])
        if len(tags) == 1:
            yield f"Tag {names} is nearly a version and was left out: it {reason}."
        else:
            more = f" and {len(tags) - 3} more" if len(tags) > 3 else ""
            what = reason.replace("has ", "have ", 1).replace("does ", "do ", 1)
            yield f"Tags {names}{more} are nearly versions and were left out: they {what}."
