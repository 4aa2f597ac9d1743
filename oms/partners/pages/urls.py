from django.urls import path

from oms.partners.pages import endpoint, key, status

app_name = "partners"
ENDPOINT = "partners/endpoints/<int:pk>/"

urlpatterns = [
    path("partners/<int:pk>/status/", status.status, name="status"),
    path("partners/keys/<int:pk>/addresses/", key.restrict, name="restrict"),
    path(ENDPOINT, endpoint.log, name="endpoint"),
    path(f"{ENDPOINT}test/", endpoint.test, name="test"),
    path(f"{ENDPOINT}replay/", endpoint.replay_range, name="replay"),
    path(f"{ENDPOINT}rotate/", endpoint.rotate, name="rotate"),
    path(f"{ENDPOINT}off/", endpoint.off, name="off"),
    path(f"{ENDPOINT}on/", endpoint.on, name="on"),
    path("partners/messages/<int:pk>/redeliver/", endpoint.redeliver_one, name="redeliver"),
]
