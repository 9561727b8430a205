"""Where what is."""

from django.urls import path

from lull.web.api import api
from lull.web.confirm import confirm
from lull.web.missing import not_found, server_fault
from lull.web.pages.urls import PAGES

urlpatterns = [path("api/", api.urls), path("confirm/<str:token>", confirm), *PAGES]
handler404 = not_found
handler500 = server_fault
