"""What is typed into the fields of a project: what will do, and what is refused and forgotten."""

import pytest
from django.conf import LazySettings
from django.http import QueryDict

from releases.projects.form import ProjectForm

from .conftest import TYPED

pytestmark = pytest.mark.django_db

SECRETS = {
    "GitHub, classic": "ghp_" + "a1B2" * 9,
    "GitHub, fine-grained": "github_pat_" + "11ABCDEFG0" * 6,
    "Supabase": "sbp_" + "0123456789abcdef" * 2,
    "a JWT": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "a token without a mark": "aB3dE5gH7jK9mN1pQ2rS4tU6",
    "an address with a password": "postgresql://app:hunter2@db.example.com/app",
    "a key": "-----BEGIN PRIVATE KEY-----",
}


def form_of(**typed: str) -> ProjectForm:
    data = QueryDict(mutable=True)
    data.update({**TYPED, **typed})
    return ProjectForm(data)


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize(
    "field", ["github_token_name", "app_database_url_name", "name", "repository", "prometheus_url"]
)
def test_a_secret_is_refused_and_not_shown_again(field: str, secret: str) -> None:
    form = form_of(**{field: secret})
    assert not form.is_valid()
    assert "It was not kept." in str(form.errors[field])
    page = "".join(str(each) for each in form) + str(form.errors) + str(form.seen)
    assert secret not in page
    assert form[field].value() == ""


@pytest.mark.parametrize(
    ("field", "name", "said"),
    [
        ("github_token_name", "github_token", "is no name of a variable"),
        ("github_token_name", "VERCEL_TOKEN", "has to have GITHUB in it"),
        ("github_token_name", "GITHUB_TOKEN_FILE", "Leave _FILE away"),
        ("prometheus_token_name", "GITHUB_TOKEN", "has to have PROMETHEUS in it"),
        ("prometheus_token_name", "SECRET_KEY", "a secret of AgentMesh Release itself"),
        ("app_database_url_name", "DATABASE_URL", "a secret of AgentMesh Release itself"),
        ("app_database_url_name", "AUDIT_KEY", "a secret of AgentMesh Release itself"),
    ],
)
def test_the_secret_of_one_is_not_sent_to_another(field: str, name: str, said: str) -> None:
    form = form_of(**{field: name})
    assert not form.is_valid()
    assert said in str(form.errors[field])


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("repository", "https://github.com/acme/front.git", "acme/front"),
        ("repository", "git@github.com:acme/front.git", "acme/front"),
        ("domain", "https://API.example.com/docs", "api.example.com"),
        ("folder", "/packages/front/", "packages/front"),
        ("migrations_path", "db/migrations/", "db/migrations"),
        ("prometheus_url", "https://prometheus.example.com/", "https://prometheus.example.com"),
        ("github_token_name", " FRONT_GITHUB_TOKEN ", "FRONT_GITHUB_TOKEN"),
        ("app_database_url_name", "FRONT_DATABASE_URL", "FRONT_DATABASE_URL"),
    ],
)
def test_what_people_paste_is_understood(field: str, typed: str, kept: str) -> None:
    form = form_of(**{field: typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data[field] == kept


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("repository", "front"),
        ("repository", "acme/front/main"),
        ("repository", "acme/.."),
        ("default_branch", "a b"),
        ("default_branch", "../main"),
        ("default_branch", "-main"),
        ("tag_prefix", "front:"),
        ("folder", "../../etc"),
        ("migrations_path", "../etc"),
        ("vercel_project_id", "prj api"),
        ("domain", "not a host"),
        ("domain", "127.0.0.1"),
        ("prometheus_url", "ftp://prometheus"),
        ("prometheus_url", "http://prometheus.example.com"),
        ("prometheus_url", "https://10.0.0.1"),
        ("prometheus_url", "https://127.0.0.1:9090"),
        ("prometheus_url", "https://169.254.169.254/latest/meta-data"),
        ("prometheus_url", "https://[::1]/"),
        ("prometheus_url", "https://prometheus.example.com?x=1"),
        ("approvals_required", "0"),
        ("watch_s", "-1"),
        ("name", "a\x00b"),
        ("name", "a\nb"),
        ("name", "\u202egnp.exe"),
    ],
)
def test_what_will_not_do_is_refused_beside_its_field(field: str, typed: str) -> None:
    form = form_of(**{field: typed})
    assert not form.is_valid()
    assert list(form.errors) == [field]


def test_a_private_prometheus_is_for_the_operator_to_allow(settings: LazySettings) -> None:
    settings.ALLOWED_PRIVATE_ADDRESSES = ["10.0.0.0/8"]
    assert form_of(prometheus_url="http://10.1.2.3:9090").is_valid()
    assert form_of(prometheus_url="http://prometheus.internal:9090").is_valid()
    assert not form_of(prometheus_url="http://192.168.1.1:9090").is_valid()


def test_the_tags_of_a_folder_get_its_name() -> None:
    form = form_of(folder="packages/front")
    assert form.is_valid()
    assert form.cleaned_data["tag_prefix"] == "front-"
