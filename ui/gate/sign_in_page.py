"""The page that asks who somebody is, as safe HTML. A pure function."""

from html import escape

from shawahid.assistant.types import Language
from shawahid.ui.html import tell


def render_sign_in(language: Language, name: str = "", problem: str = "") -> str:
    """`name` and `problem`: what was given, and why it did not do."""
    other, label = ("en", "English") if language == "ar" else ("ar", "العربية")
    told = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    styles = "".join(f'<link rel="stylesheet" href="page/{style}.css">' for style in ("fonts", "frame", "sign-in"))
    title = tell("page_title", language)
    return (
        f'<!doctype html><html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"><head>'
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{tell("sign_in", language)} · {title}</title><link rel="icon" href="favicon.ico">{styles}'
        f'<script type="module" src="page/sign-in.js"></script></head><body><main><h1>{title}</h1>'
        f'<p class="tagline">{tell("tagline", language)}</p><form method="post" action="sign-in?lang={language}">{told}'
        f'<label>{tell("user_name", language)}<input name="name" value="{escape(name)}" dir="auto" required autofocus'
        f' autocomplete="username" autocapitalize="none" spellcheck="false"></label>'
        f'<label>{tell("password", language)}<input name="password" type="password" dir="ltr" required'
        f' autocomplete="current-password"></label><button type="submit">{tell("sign_in", language)}</button></form>'
        f'<p class="help">{tell("sign_in_help", language)}</p>'
        f'<a class="language" href="?lang={other}" hreflang="{other}" lang="{other}">{label}</a></main></body></html>'
    )
