"""The tables of the sandbox's own state. Times are milliseconds since the epoch."""

SCHEMA = """
create table if not exists settings (key text primary key, value text not null);
create table if not exists projects (
    name text primary key, path text not null, default_branch text, domain text not null,
    created_at integer not null, auto_assign integer not null default 0,
    rolled_back integer not null default 0, hobby integer not null default 0,
    break_next_build integer not null default 0, fail_next_checks integer not null default 0,
    last_alias_request text, rollback_description text);
create table if not exists deployments (
    id text primary key, project text not null, sha text not null, ref text not null,
    target text, state text not null, created_at integer not null, building_at integer,
    ready_at integer, promoted_at integer, message text not null, author text not null,
    pull integer, breaks integer not null default 0, meta text not null default '{}');
create index if not exists deployments_by_time on deployments (project, created_at);
create table if not exists aliases (
    alias text primary key, project text not null, deployment text not null,
    created_at integer not null, updated_at integer not null);
create table if not exists traffic (
    id integer primary key, project text not null, deployment text not null,
    sha text not null, at integer not null);
create index if not exists traffic_by_time on traffic (project, at);
create table if not exists conditions (
    id integer primary key, project text not null, kind text not null,
    started_at integer not null, ended_at integer);
create table if not exists bad_commits (
    project text not null, sha text not null, primary key (project, sha));
create table if not exists pulls (
    project text not null, number integer not null, title text not null, body text not null,
    author text not null, head_ref text not null, head_sha text not null, base_sha text not null,
    created_at integer not null, merged_at integer, merge_sha text,
    primary key (project, number));
create table if not exists pull_updates (
    project text not null, number integer not null, at integer not null,
    primary key (project, number));
create table if not exists reviews (
    id integer primary key, project text not null, number integer not null, login text not null,
    state text not null, body text not null, sha text not null, at integer not null);
create table if not exists commit_checks (
    project text not null, sha text not null, started_at integer not null,
    conclusion text, primary key (project, sha));
create table if not exists check_runs (
    id integer primary key, project text not null, sha text not null, name text not null,
    status text not null, conclusion text, started_at integer, completed_at integer,
    external_id text not null, details_url text, output text not null);
create table if not exists check_run_apps (id integer primary key, app integer not null);
create index if not exists check_runs_by_sha on check_runs (project, sha);
create table if not exists statuses (
    id integer primary key, project text not null, sha text not null, context text not null,
    state text not null, description text, target_url text, at integer not null);
create table if not exists apps (
    id integer primary key, public_key text not null, state text not null);
create table if not exists app_tokens (
    token text primary key, app integer not null, expires_at integer not null);
create table if not exists releases (
    id integer primary key, project text not null, tag text not null, target text not null,
    name text, body text, draft integer not null, prerelease integer not null,
    created_at integer not null, published_at integer, latest text not null default 'true');
create table if not exists assets (
    id integer primary key, release integer not null, name text not null, label text,
    content_type text not null, digest text not null, at integer not null, body blob not null);
create table if not exists alerts (
    project text not null, source text not null, number integer not null, summary text not null,
    severity text not null, created_at integer not null, closed_at integer,
    primary key (project, source, number));
create table if not exists alerts_off (
    project text not null, source text not null, primary key (project, source));
create table if not exists hooks (
    id integer primary key autoincrement, project text not null, url text not null,
    secret text not null, content_type text not null, events text not null,
    active integer not null, origin text not null, created_at integer not null,
    updated_at integer not null);
create table if not exists hook_deliveries (
    id integer primary key autoincrement, hook integer not null, guid text not null,
    event text not null, action text, body text not null, due_at integer not null,
    redelivery integer not null, delivered_at integer, duration_ms integer, status_code integer,
    status text);
create index if not exists hook_deliveries_by_hook on hook_deliveries (hook, id);
create index if not exists hook_deliveries_due on hook_deliveries (due_at)
    where delivered_at is null;
create table if not exists messages (
    id integer primary key, vendor text not null, kind text not null, at integer not null,
    summary text not null, body text not null);
create table if not exists restores (
    id integer primary key, ref text not null, target_unix integer not null, at integer not null);
create table if not exists jobs (
    id integer primary key, due_at integer not null, kind text not null, payload text not null);
create table if not exists faults (
    id integer primary key, provider text not null, kind text not null, path text not null,
    method text not null, times integer, seconds real not null);
create table if not exists journal (
    id integer primary key autoincrement, at integer not null, vendor text not null,
    kind text not null, project text not null, request_id text not null, by text not null,
    detail text not null);
create trigger if not exists journal_no_update before update on journal
    begin select raise(abort, 'the journal is append-only'); end;
create trigger if not exists journal_no_delete before delete on journal
    begin select raise(abort, 'the journal is append-only'); end;
"""
