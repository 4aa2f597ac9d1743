from django.db import models


class ImmutableError(TypeError):
    """Somebody tried to change or delete what is written once; a programming error, never a user's."""


class ImmutableQuerySet(models.QuerySet):
    def update(self, **changes):
        raise ImmutableError(f"{self.model._meta.verbose_name_plural} never change: write a credit note instead.")

    def bulk_update(self, *args, **kwargs):
        self.update()

    def delete(self):
        raise ImmutableError(f"{self.model._meta.verbose_name_plural} are never deleted.")


class Immutable(models.Model):
    """A row that is written once; saving it again, or deleting it, raises ImmutableError."""

    objects = ImmutableQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            type(self).objects.none().update()
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        return type(self).objects.none().delete()
