"""Whether the app's database lets flags be written and migrations be read."""

from agentmesh_release.core.sentences import listed
from agentmesh_release.providers.appdb import Standing

from ..models.project import Project
from .findings import Finding, Findings, Mends

CREATE = "CREATE TABLE config_flags (key text PRIMARY KEY, value jsonb NOT NULL)"


def examine(project: Project, domain: str) -> list[Finding]:
    """Ask the catalogue; no right is tried, nothing is written."""
    name = project.app_database_url_name
    findings = Findings(
        Mends(
            "the app's database",
            name,
            f"the address in {name}",
            f"Put its address, postgresql://user:password@host:5432/name, into {name or '…'}, or "
            "the file that the same name with _FILE names.",
        )
    )
    if not name:
        findings.note(
            "failed",
            "Connection",
            "Nobody has said which variable holds its address.",
            "Enter the variable's name, such as APP_DATABASE_URL.",
        )
        return findings.found
    standing = findings.ask("Connection", lambda: project.app_database().standing())
    if standing is not None:
        _connection(findings, standing)
        _flags(findings, standing)
        _migrations(findings, standing)
    return findings.found


def _connection(findings: Findings, standing: Standing) -> None:
    said = f"PostgreSQL {standing.version} answers {standing.user}."
    if standing.is_standby:
        findings.note(
            "failed",
            "Connection",
            f"{said} It follows another server, so no flag can be written.",
            "Use the address of the primary server.",
        )
    else:
        findings.passed("Connection", said)


def _flags(findings: Findings, standing: Standing) -> None:
    table, about = standing.flags, "Switches"
    missing = {"key", "value"} - set(table.columns)
    if not table.is_there:
        findings.note("failed", about, "There is no table config_flags.", f"Run: {CREATE};")
    elif missing:
        findings.note(
            "failed", about, f"config_flags lacks the column {' and '.join(sorted(missing))}.",
            f"It needs key and value, as in: {CREATE};",
        )  # fmt: skip
    elif table.value_type != "jsonb":
        findings.note(
            "failed", about, f"The column value of config_flags is {table.value_type}, not jsonb.",
            "Run: ALTER TABLE config_flags ALTER value TYPE jsonb USING to_jsonb(value);",
        )  # fmt: skip
    elif table.lacks:
        findings.note(
            "failed", about, f"{standing.user} lacks {listed(table.lacks)} on config_flags.",
            f"Run: {_grant(standing)}",
        )  # fmt: skip
    elif table.hides_rows:
        findings.note(
            "inconclusive",
            about,
            f"Row-level security on config_flags binds {standing.user}.",
            f"Make sure that a policy lets {standing.user} read and write every row.",
        )
    else:
        findings.passed(about, "config_flags can be read and written.")


def _grant(standing: Standing) -> str:
    rights = [right for right in standing.flags.lacks if " " not in right]
    steps = []
    if len(rights) < len(standing.flags.lacks):
        steps.append(f"GRANT USAGE ON SCHEMA public TO {standing.user};")
    if rights:
        steps.append(f"GRANT {', '.join(rights)} ON config_flags TO {standing.user};")
    return " ".join(steps)


def _migrations(findings: Findings, standing: Standing) -> None:
    about = "Migrations"
    tables = {
        "_prisma_migrations": standing.prisma,
        "supabase_migrations.schema_migrations": standing.supabase,
    }
    there = {name: table for name, table in tables.items() if table.is_there}
    hidden = [name for name, table in there.items() if not table.is_readable]
    if hidden:
        findings.note(
            "failed",
            about,
            f"{standing.user} may not read {listed(hidden)}.",
            f"Grant {standing.user} SELECT on it, and USAGE on its schema.",
        )
    elif there:
        findings.passed(about, f"{listed(list(there))} can be read.")
    else:
        findings.note(
            "inconclusive",
            about,
            "There is no migration table, so nothing was migrated here yet.",
            "If migrations did run, the address leads to another database or schema.",
        )
