"""Acts on security alerts: opened, closed, and the reading of a whole source switched off."""

from ..github import securityalerts
from ..github.securityalerts import SEVERITIES, SOURCES
from ..journal import Cause
from ..sandbox import Sandbox
from ..wire import Json
from . import values as read
from .acts import act
from .values import Wrong

USUAL = {
    "code-scanning": "SQL query built from user input",
    "dependabot": "lodash: prototype pollution",
    "secret-scanning": "Stripe API key",
}


@act("alerts")
def open_alert(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """GitHub finds something."""
    owner, source = read.project(sandbox, values), read.choice(values, "source", SOURCES)
    severity = read.choice({"severity": values.get("severity") or "high"}, "severity", SEVERITIES)
    summary = read.text(values, "summary", USUAL[source])
    number = securityalerts.raise_alert(sandbox, owner, source, summary, severity, cause)
    return {"source": source, "number": number}


@act("alerts/close")
def close_alert(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Somebody has mended it."""
    owner, source = read.project(sandbox, values), read.choice(values, "source", SOURCES)
    number = int(read.number(values, "number") or 0)
    if not securityalerts.close(sandbox, owner, source, number, cause):
        raise Wrong("There is no such open alert.")
    return {"source": source, "number": number}


@act("alerts/reading")
def switch_source(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Switch the feature on or off for the repository; off, GitHub refuses to list its alerts."""
    owner, source = read.project(sandbox, values), read.choice(values, "source", SOURCES)
    on = read.flag(values, "on", default=True)
    securityalerts.switch(sandbox, owner, source, on=on)
    return {"source": source, "on": on}
