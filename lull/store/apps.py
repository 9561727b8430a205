"""The Django app's name."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """The store."""

    name = "lull.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
