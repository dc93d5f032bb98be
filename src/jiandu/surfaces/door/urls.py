"""The pages of the door. Of allauth only what is needed is mounted: no sign-up, no mail, no reset by mail."""

from allauth.mfa.recovery_codes.views import download_recovery_codes
from django.urls import URLPattern, URLResolver, include, path

from jiandu.surfaces.door import browser, demo, entrance, factors, proving
from jiandu.surfaces.door.routes import Open, Signed, declared

FORM = ("GET", "HEAD", "POST")
POST = ("POST",)

own: list[URLPattern | URLResolver] = [
    Open("language/", browser.language, name="language", methods=POST),
    Open("text/", browser.text, name="text", methods=POST),
    Open("demo/", demo.enter, name="demo", methods=FORM),
    Signed("account/go-on/", proving.go_on, name="go-on"),
    Signed("watermark.svg", browser.watermark, name="watermark", quiet=True),
]

urlpatterns: list[URLPattern | URLResolver] = declared(
    [
        path("", include((own, "door"))),
        Open("account/sign-in/", entrance.SignIn.as_view(), name="account_login", methods=FORM),
        Open("account/sign-in/code/", entrance.Code.as_view(), name="mfa_authenticate", methods=FORM),
        Open("account/sign-in/key/", factors.KeySignIn.as_view(), name="mfa_login_webauthn", methods=FORM),
        Open("account/sign-out/", entrance.SignOut.as_view(), name="account_logout", methods=FORM),
        *(
            Signed(f"account/{route}", view.as_view(), name=name, methods=FORM, early=True)
            for route, view, name in (
                ("confirm/", entrance.ConfirmPassword, "account_reauthenticate"),
                ("confirm/code/", entrance.ConfirmCode, "mfa_reauthenticate"),
                ("confirm/key/", factors.ConfirmKey, "mfa_reauthenticate_webauthn"),
                ("password/", entrance.ChangePassword, "account_change_password"),
                ("factors/app/add/", factors.AddApp, "mfa_activate_totp"),
                ("factors/app/remove/", factors.RemoveApp, "mfa_deactivate_totp"),
                ("factors/recovery/new/", factors.NewRecoveryCodes, "mfa_generate_recovery_codes"),
                ("factors/keys/add/", factors.AddKey, "mfa_add_webauthn"),
                ("factors/keys/<int:pk>/rename/", factors.RenameKey, "mfa_edit_webauthn"),
                ("factors/keys/<int:pk>/remove/", factors.RemoveKey, "mfa_remove_webauthn"),
            )
        ),
        Signed("account/factors/", factors.Overview.as_view(), name="mfa_index", early=True),
        Signed("account/factors/keys/", factors.Keys.as_view(), name="mfa_list_webauthn", early=True),
        Signed(
            "account/factors/recovery/", factors.RecoveryCodes.as_view(), name="mfa_view_recovery_codes", early=True
        ),
        Signed(
            "account/factors/recovery/codes.txt",
            download_recovery_codes,
            name="mfa_download_recovery_codes",
            early=True,
        ),
    ]
)
