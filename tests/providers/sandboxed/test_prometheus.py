"""Prometheus in the sandbox: numbers for what is live, and no number otherwise."""

from __future__ import annotations

import pytest

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.prometheus import NoData, Prometheus, Sample
from tests.providers.sandboxed.conftest import PATIENT, fault
from tests.sandbox.conftest import Registered


def test_prometheus_answers_for_what_is_live(project: Registered) -> None:
    prometheus = Prometheus(f"{project.sandbox.url}/prometheus", timeouts=PATIENT)
    job = project.facts["prometheus_job"]
    assert isinstance(prometheus.value(f'up{{job="{job}"}}'), Sample)
    assert isinstance(prometheus.value('up{job="nobody"}'), NoData)
    fault(project, "prometheus", "html")
    with pytest.raises(ProviderError, match="web page"):
        prometheus.value(f'up{{job="{job}"}}')
