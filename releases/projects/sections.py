"""The parts of the form: which fields belong together, what for, and which provider is tested."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """`probe` is the name of the connection test, empty where there is nothing to test."""

    key: str
    title: str
    purpose: str
    fields: tuple[str, ...]
    probe: str = ""


SECTIONS = (
    Section("project", "Project", "What people call it.", ("name", "slug")),
    Section(
        "github",
        "GitHub",
        "Commits, pull requests and checks come from here; tags and releases go there.",
        (
            "repository",
            "default_branch",
            "folder",
            "tag_prefix",
            "migrations_path",
            "github_token_name",
        ),
        "github",
    ),
    Section(
        "vercel",
        "Vercel",
        "Builds come from here; promoting and rolling back move its production domains.",
        ("vercel_project_id", "vercel_team_id", "domain", "vercel_token_name"),
        "vercel",
    ),
    Section(
        "app-database",
        "App database",
        "Switches are written to its table config_flags, and its migrations are compared with "
        "those of the repository.",
        ("app_database_url_name",),
        "app-database",
    ),
    Section(
        "supabase",
        "Supabase",
        "How the app's project is, and whether it could be restored.",
        ("supabase_ref", "supabase_token_name"),
        "supabase",
    ),
    Section(
        "prometheus",
        "Prometheus",
        "Error rate, latency and availability: the error budget, and the watch after a promotion.",
        ("prometheus_url", "prometheus_job", "prometheus_token_name"),
        "prometheus",
    ),
    Section(
        "rules",
        "Rules",
        "What a promotion needs beside the evidence.",
        ("approvals_required", "watch_s"),
    ),
)
