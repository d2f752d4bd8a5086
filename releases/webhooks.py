"""What a webhook of GitHub leads to: that which it names is read again, as polling would read it.

Nothing of it is believed but the names. A project that has the repository hears of it; several may.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models.functions import Lower

from agentmesh_release.core import incoming
from agentmesh_release.core.incoming import Arrival, Outcome, Source, Unreadable, Unsigned
from agentmesh_release.core.models import IncomingWebhook
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import webhooks as github

from . import refreshing
from .models.project import Project

SECRETS = ("GITHUB_WEBHOOK_SECRET", "GITHUB_WEBHOOK_SECRET_PREVIOUS")


def identify(headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> Arrival:
    """Check GitHub's signature, and read its headers. Raises Unsigned or Unreadable."""
    signature = headers.get("X-Hub-Signature-256", "")
    if not signature:
        raise Unsigned("There is no X-Hub-Signature-256: give the webhook its secret at GitHub.")
    if not github.is_signed(body, signature, secrets):
        raise Unsigned("The signature is not one of our secret's: set the same secret at GitHub.")
    delivery = headers.get("X-GitHub-Delivery", "")
    event = headers.get("X-GitHub-Event", "")
    if not (0 < len(delivery) <= 100 and 0 < len(event) <= 100):
        raise Unreadable("X-GitHub-Delivery or X-GitHub-Event is missing or too long.")
    return Arrival(delivery, event)


def apply(webhook: IncomingWebhook) -> Outcome:
    """Have read again what it touched. Raises Unreadable."""
    try:
        event = github.read(webhook.event, bytes(webhook.body))
    except ProviderError as error:
        raise Unreadable(str(error)) from None
    about = ", ".join(event.repositories)
    if event.touched is None:
        return incoming.ignored(about, f"Nothing here depends on {webhook.event} events.")
    projects = _with(event.repositories)
    if not projects:
        return incoming.ignored(about, "No project here has that repository.")
    done = [refreshing.refresh(project, event.touched) for project in projects]
    read = [each for each in done if each.is_read]
    sentences = " ".join(dict.fromkeys(each.sentence for each in read or done))
    return (incoming.applied if read else incoming.ignored)(about, sentences)


def _with(repositories: Iterable[str]) -> list[Project]:
    """The projects of these repositories; GitHub's names know no case."""
    names = [name.lower() for name in repositories]
    found = Project.objects.active().annotate(folded=Lower("repository")).filter(folded__in=names)
    return list(found.order_by("slug"))


incoming.sources.register(
    "github", Source("github", "GitHub", github.MOST_BYTES, SECRETS, identify, apply)
)
