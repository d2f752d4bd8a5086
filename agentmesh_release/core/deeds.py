"""Audit verbs in words: `promotion.approve` is "approved the promotion"."""

WHOLE = {
    "refused": "was refused",
    "sign_in": "signed in",
    "sign_out": "signed out",
    "sign_in.fail": "gave a wrong password",
    "promotion.ask": "asked for the promotion",
    "promotion.execute": "promoted it",
    "production.outside": "saw production change from outside",
    "release.cut": "cut the release",
    "changelog.open": "showed the changelog to everybody",
    "changelog.close": "took the changelog back from the public",
    "policy.change": "changed how versions are made",
    "notes.edit": "edited the notes",
    "notes.restore": "went back to the generated notes",
    "release.publish": "began to publish the release",
    "release.complete": "published the release",
    "release.fail": "could not publish the release",
    "release.cancel": "stopped publishing the release",
    "release.mark": "asked GitHub again to show the withdrawal",
    "membership.grant": "gave a role",
    "evidence.ask": "had the evidence read again",
    "evidence.export": "took the evidence along",
    "known_issue.add": "noted a known issue",
    "known_issue.close": "closed a known issue",
    "membership.revoke": "took a role away",
    "production.close_bypass": "closed the bypass",
    "trunk_report.on": "had verdicts reported to GitHub",
    "trunk_report.off": "stopped the reports to GitHub",
    "webhook.replay": "had a webhook applied again",
    "api_token.issue": "made the API token",
    "api_token.revoke": "revoked the API token",
}
IRREGULAR = {
    "off": "turned off",
    "on": "turned on",
    "withdraw": "withdrew",
    "cancel": "cancelled",
    "set": "set",
    "cut": "cut",
}
DOUBLED = {"flip", "replan"}


def said(verb: str) -> str:
    """What the audit verb says that somebody did, without a subject or full stop."""
    if verb in WHOLE:
        return WHOLE[verb]
    noun, _, act = verb.replace("_", " ").rpartition(".")
    return f"{past(act)} the {noun}" if noun else past(act)


def past(act: str) -> str:
    """The past tense of an act."""
    if act in IRREGULAR:
        return IRREGULAR[act]
    if act in DOUBLED:
        return f"{act}{act[-1]}ed"
    return f"{act}d" if act.endswith("e") else f"{act}ed"
