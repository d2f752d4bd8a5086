"""Acts on the providers themselves and on the sandbox."""

from .. import faults, registration
from ..journal import Cause
from ..sandbox import Sandbox
from ..wire import Json
from . import values as read
from .acts import act
from .values import Wrong


@act("repositories/refresh")
def refresh(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Fetch from the source's path again."""
    return registration.refresh(sandbox, read.project(sandbox, values), cause)


@act("faults")
def set_fault(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Make a provider misbehave, or recover."""
    provider = read.choice(values, "provider", (*faults.PROVIDERS, "*"))
    kind = str(values.get("kind", ""))
    if kind == "recover":
        sandbox.faults.clear(provider)
        return {"provider": provider, "kind": "recover"}
    if kind not in (*faults.STATUSES, *faults.WORDS):
        raise Wrong(f"kind is not one of {', '.join((*faults.STATUSES, *faults.WORDS))}, recover.")
    times = read.number(values, "times")
    fault = sandbox.faults.set(
        provider,
        kind,
        path=read.text(values, "path", ""),
        method=read.text(values, "method", ""),
        times=int(times) if times else None,
        seconds=read.number(values, "seconds"),
    )
    return {"id": fault, "provider": provider, "kind": kind}


@act("faults/clear")
def clear_faults(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Heal one provider or all."""
    sandbox.faults.clear(read.text(values, "provider", ""))
    return {}


@act("speed")
def set_speed(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """How long builds, checks and alias jobs take from now on."""
    for name in ("build_seconds", "check_seconds", "alias_seconds"):
        seconds = read.number(values, name)
        if seconds is not None:
            sandbox.store.keep(name, str(seconds))
    return {
        name: sandbox.seconds(name) for name in ("build_seconds", "check_seconds", "alias_seconds")
    }


@act("requests/reset")
def reset_requests(sandbox: Sandbox, cause: Cause, values: Json) -> Json:
    """Forget the request log."""
    sandbox.requests.reset()
    return {}
