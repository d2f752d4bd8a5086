from django.urls import path

from .views import audit, roles, settings, sign_in, styleguide, tokens, webhooks

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/link/<str:token>/", sign_in.sign_in_link, name="sign-in-link"),
    path("sign-in/<slug:username>/", sign_in.demo_sign_in, name="demo-sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("theme/", sign_in.theme, name="theme"),
    path("more/", sign_in.more, name="more"),
    path("audit/", audit.audit_log, name="audit"),
    path("settings/", settings.settings_page, name="settings"),
    path("settings/roles/", roles.roles, name="roles"),
    path("settings/webhooks/", webhooks.webhooks, name="webhooks"),
    path("settings/webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("settings/webhooks/<int:pk>/replay/", webhooks.replay, name="webhook-replay"),
    path("webhooks/<slug:source>", webhooks.receive, name="webhook-door"),
    path("settings/tokens/", tokens.token_list, name="tokens"),
    path("settings/tokens/new/", tokens.token_new, name="token-new"),
    path("settings/tokens/<int:pk>/revocation/", tokens.token_revocation, name="token-revocation"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
