"""Which commits at GitHub touch the folder that a project is made of."""

from collections.abc import Sequence
from datetime import UTC, datetime

from agentmesh_release.providers.github import Commit, GitHub
from agentmesh_release.providers.github.commits import MOST_FILES

from ..history.folders import holds
from ..models.project import Project

# Each costs a call, which several projects of one repository share (it answers 304 to the second).
# Of more than these GitHub's own list is taken, which leaves out work that came to nothing.
MOST_ASKED = 60
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def touching(
    client: GitHub, project: Project, commits: Sequence[Commit], head: str
) -> tuple[Commit, ...]:
    """Those of the commits, which `head` reaches, that touch the project's folder: all where it is
    the whole repository. Raises ProviderError."""
    if not project.folder:
        return tuple(commits)
    if len(commits) <= MOST_ASKED:
        return tuple(each for each in commits if _touches(client, project, each.sha))
    since = min(each.committed_at or _LONG_AGO for each in commits)
    listed = client.commits.on_branch(project.repository, head, since=since, path=project.folder)
    known = {each.sha for each in listed}
    return tuple(each for each in commits if each.sha in known)


def _touches(client: GitHub, project: Project, sha: str) -> bool:
    """A commit of so many files that GitHub does not list them all may touch it, and counts."""
    listed = 0
    for file in client.commits.files(project.repository, sha):
        if any(holds(project.folder, path) for path in (file.path, file.previous_path or "")):
            return True
        listed += 1
    return listed >= MOST_FILES
