"""What broke production: known to a higher layer, which registers where it is asked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from agentmesh_release.core.registries import Registry

from ..models.project import Project

# What went live longer before a failure began is not taken for its cause.
SUSPECT = timedelta(hours=2)


@dataclass(frozen=True)
class Failure:
    """Users were hurt from `began` to `restored`, which is None while they are."""

    name: str
    url: str
    began: datetime
    restored: datetime | None

    def lasts_at(self, moment: datetime) -> bool:
        return self.began <= moment and (self.restored is None or moment < self.restored)


FailureSource = Callable[[Project, datetime], Iterable[Failure]]
sources: Registry[FailureSource] = Registry("source of failures")


def failures_of(project: Project, since: datetime) -> list[Failure]:
    """All failures of the project that began since then, the earliest first."""
    found = [failure for source in sources for failure in source(project, since)]
    return sorted(found, key=lambda failure: failure.began)
