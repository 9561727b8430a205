"""What mypy's plugin must be told of Django to know the tables; nothing runs on it."""

INSTALLED_APPS = ["lull.store"]
SECRET_KEY = "for mypy alone"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
