"""The pages of one release, side by side."""

from django.urls import reverse

from ..models.release import Release

PAGES = (("release", "Release"), ("evidence", "Evidence"))


def tabs(release: Release, current: str) -> list[dict[str, object]]:
    """For parts/tabs.html; `current` is the URL name of the page that is shown."""
    place = [release.project.slug, release.version]
    return [
        {"url": reverse(name, args=place), "label": label, "is_current": name == current}
        for name, label in PAGES
    ]
