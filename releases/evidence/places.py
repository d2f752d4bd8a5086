"""Where tags stand to the head of the default branch, and what each of them brought."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from semver import Version

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import Commit, GitHub, Tag

from ..conventional.versions import precedence_key
from ..models.project import Project
from .ancestry import Ancestry
from .folder import touching

# Each place costs a few calls; more than these wait for the next reading.
MOST_PLACES = 20
# From so many new tags on the whole branch is listed instead, a hundred commits a call.
MANY = 8


@dataclass(frozen=True)
class Place:
    """Where tagged commits stand to the head: ids of the head's commits that the tag does not have
    (None: it has none of them, or `inside` says so), and the project's commits that the tag has and
    the head has not. `inside` are the head's commits that the tag has and no older one of this
    reading (None: `after` says so)."""

    sha: str
    after: frozenset[str] | None
    own: Sequence[Commit]
    is_on_trunk: bool
    behind_head: int
    committed_at: datetime
    inside: frozenset[str] | None = None


def find(
    project: Project, client: GitHub, head: str, fresh: list[tuple[Tag, Version]]
) -> tuple[dict[str, Place], Ancestry]:
    """Where the tags stand, those of the lowest versions first, as far as calls reach."""
    by_version = sorted(fresh, key=lambda pair: precedence_key(pair[1]))
    shas = list(dict.fromkeys(tag.sha for tag, _ in by_version))
    listed = client.commits.on_branch(project.repository, head) if len(shas) > MANY else ()
    branch = Ancestry(listed)
    places: dict[str, Place] = {}
    asked = 0
    for sha in shas:
        if sha in branch:
            at = branch.at(sha) or datetime.now(UTC)
            places[sha] = Place(sha, None, (), True, branch.behind(sha), at, frozenset())
        elif asked < MOST_PLACES:
            places[sha] = _place(project, client, head, sha)
            asked += 1
        else:
            break  # higher ones would take what belongs to this one
    return places, branch


class Inside:
    """What each tag brought, asked from the oldest to the newest."""

    def __init__(self, branch: Ancestry) -> None:
        self._branch = branch
        self._released: set[str] = set()
        self._stable: set[str] = set()

    def of(self, place: Place, stable: bool) -> Place:
        """The place with what no older tag has; a stable one also takes what only pre-releases
        had."""
        if place.inside is None:
            return place
        brought = set(self._branch.reached(place.sha, self._stable if stable else self._released))
        self._released |= brought
        if stable:
            self._stable |= brought
        return replace(place, inside=frozenset(brought))


def _place(project: Project, client: GitHub, head: str, sha: str) -> Place:
    repo = project.repository
    commit = client.commits.get(repo, sha)
    at = commit.committed_at or commit.authored_at or datetime.now(UTC)
    if sha == head:
        return Place(sha, frozenset(), (), True, 0, at)
    try:
        after = client.commits.between(repo, sha, head)
        own = client.commits.between(repo, head, sha).commits if after.behind_by else ()
    except ProviderError as error:
        if error.status != 404:
            raise
        alone = tuple(client.commits.on_branch(repo, sha, path=project.folder or None))[::-1]
        return Place(sha, None, alone, False, 1 << 40, at)
    return Place(
        sha,
        frozenset(each.sha for each in after.commits),
        touching(client, project, own, sha),
        not after.behind_by,
        after.ahead_by,
        at,
    )
