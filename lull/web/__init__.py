"""What is served over HTTP: the API and the pages, and how a server is started on them."""

from importlib.resources import files

URLS = "lull.web.urls"
MIDDLEWARE = ("lull.web.headers.protected", "lull.web.headers.compressed")
SETTINGS = {
    "TEMPLATES": [{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [str(files("lull.web").joinpath("templates"))],
        "OPTIONS": {"builtins": ["lull.web.pages.tags"]},
    }],
    "LOCALE_PATHS": [str(files("lull.web").joinpath("locale"))],
    "LANGUAGES": [("en", "English"), ("ar", "Arabic")],
    "LANGUAGE_CODE": "en",
    "USE_I18N": True,
}
"""What the pages need of Django beside what a store needs."""
