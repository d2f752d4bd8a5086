from django.urls import path

from .views import (
    artifact,
    comparison,
    draft,
    evidence,
    feeds,
    history,
    known_issue,
    notes,
    overview,
    policy,
    production,
    project_settings,
    projects,
    promotion,
    publication,
    release,
    roles,
    rollback,
)

PROJECT = "projects/<slug:slug>/"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("releases/", history.history, name="history"),
    path("releases/feed.atom", feeds.feed, {"form": "atom"}, name="feed-atom"),
    path("releases/feed.json", feeds.feed, {"form": "json"}, name="feed-json"),
    path("projects/", projects.projects, name="projects"),
    path("projects/new/", projects.new, name="project-new"),
    path(f"{PROJECT}settings/", project_settings.project_settings, name="project-settings"),
    path(f"{PROJECT}settings/gates/", project_settings.gates, name="project-gates"),
    path(f"{PROJECT}settings/bypass/", project_settings.close_bypass, name="project-bypass"),
    path(f"{PROJECT}settings/archive/", project_settings.archive, name="project-archive"),
    path(f"{PROJECT}settings/roles/", roles.project_roles, name="project-roles"),
    path(f"{PROJECT}feed.atom", feeds.feed, {"form": "atom"}, name="project-feed-atom"),
    path(f"{PROJECT}feed.json", feeds.feed, {"form": "json"}, name="project-feed-json"),
    path(f"{PROJECT}artifacts/<int:pk>", artifact.artifact, name="artifact"),
    path(f"{PROJECT}draft/", draft.draft, name="draft"),
    path(f"{PROJECT}draft/cut/", draft.cut, name="cut"),
    path(f"{PROJECT}draft/notes/", notes.draft_notes, name="draft-notes"),
    path(f"{PROJECT}releases/<str:version>/notes/", notes.release_notes, name="release-notes"),
    path(f"{PROJECT}policy/", policy.policy, name="policy"),
    path(f"{PROJECT}releases/<str:version>/", release.release, name="release"),
    path(f"{PROJECT}releases/<str:version>/comparison/", comparison.comparison, name="comparison"),
    path(
        f"{PROJECT}releases/<str:version>/changelog.md",
        feeds.changelog_markdown,
        name="changelog-markdown",
    ),
    path(f"{PROJECT}releases/<str:version>/evidence/", evidence.evidence, name="evidence"),
    path(
        f"{PROJECT}releases/<str:version>/evidence/reading/",
        evidence.reading,
        name="evidence-reading",
    ),
    path(f"{PROJECT}releases/<str:version>/evidence/record/", evidence.record, name="record"),
    path(
        f"{PROJECT}releases/<str:version>/evidence/record.md",
        evidence.as_markdown,
        name="record-markdown",
    ),
    path(
        f"{PROJECT}releases/<str:version>/evidence/evidence.json",
        evidence.as_json,
        name="evidence-json",
    ),
    path(f"{PROJECT}builds/<str:vercel_id>/build.log", evidence.build_log, name="build-log"),
    path(f"{PROJECT}releases/<str:version>/known-issues/new/", known_issue.new, name="known-issue"),
    path(
        f"{PROJECT}releases/<str:version>/known-issues/<int:pk>/closing/",
        known_issue.close,
        name="known-issue-closing",
    ),
    path(f"{PROJECT}releases/<str:version>/request/", release.request_promotion, name="request"),
    path(
        f"{PROJECT}releases/<str:version>/publication/", publication.publication, name="publication"
    ),
    path(
        f"{PROJECT}releases/<str:version>/publication/stop/",
        publication.stop,
        name="publication-stop",
    ),
    path(
        f"{PROJECT}releases/<str:version>/withdrawal/",
        publication.withdrawal,
        name="release-withdrawal",
    ),
    path(f"{PROJECT}releases/<str:version>/rollback/", rollback.start, name="rollback-start"),
    path(f"{PROJECT}promotions/<int:pk>/", promotion.promotion, name="promotion"),
    path(f"{PROJECT}promotions/<int:pk>/approval/", promotion.approval, name="approval"),
    path(f"{PROJECT}promotions/<int:pk>/execution/", promotion.execution, name="execution"),
    path(f"{PROJECT}promotions/<int:pk>/check/", promotion.check, name="check"),
    path(f"{PROJECT}promotions/<int:pk>/withdrawal/", promotion.withdrawal, name="withdrawal"),
    path(
        f"{PROJECT}promotions/<int:pk>/cancellation/", promotion.cancellation, name="cancellation"
    ),
    path(f"{PROJECT}rollbacks/<int:pk>/", rollback.rollback, name="rollback"),
    path(f"{PROJECT}production/adoption/", production.adoption, name="adoption"),
]
