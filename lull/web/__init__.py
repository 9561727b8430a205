"""What is served over HTTP: the API, and how a server is started on it."""

URLS = "lull.web.urls"
MIDDLEWARE = ("lull.web.headers.protected",)
