"""The partner API: every resource under /api/v1/."""

from rest_framework.routers import DefaultRouter

router = DefaultRouter()
