"""What the person who imports a repository may say about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wishes:
    """Empty means: not said. What is said holds also for a project that is there already.

    `branch` is the default branch, `folder` the part of the repository that the project is made of
    (each is a project of its own), `tag_prefix` what its tags have before the version; the others
    say where the providers know it (a demo world fills them by itself).
    """

    name: str = ""
    slug: str = ""
    branch: str = ""
    folder: str = ""
    tag_prefix: str = ""
    repository: str = ""
    vercel_project_id: str = ""
    vercel_team_id: str = ""
    domain: str = ""
    prometheus_url: str = ""
    prometheus_job: str = ""

    def said(self) -> dict[str, str]:
        """What was said, by the field of `Project` that keeps it."""
        fields = {**vars(self), "default_branch": self.branch}
        for other in ("name", "slug", "branch", "folder", "domain"):
            del fields[other]
        return {name: value for name, value in fields.items() if value}


NOTHING_SAID = Wishes()
