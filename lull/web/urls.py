"""Where what is."""

from django.urls import path

from lull.web.api import api
from lull.web.api.errors import not_found, server_fault
from lull.web.confirm import confirm

urlpatterns = [path("api/", api.urls), path("confirm/<str:token>", confirm)]
handler404 = not_found
handler500 = server_fault
