"""What can be wrong with a request, in words fit to show to the person who made it."""

from contextlib import contextmanager


class DomainError(Exception):
    """A rule of the business was broken; `field` names what to mend, where one field is to blame."""

    status = 409

    def __init__(self, message, *, field=None):
        super().__init__(message)
        self.message = message
        self.field = field


class Invalid(DomainError):
    """What was sent makes no sense as it stands."""

    status = 422


class NotFound(DomainError):
    """What was named does not exist, or not for the one who asks."""

    status = 404


class InvalidTransition(DomainError):
    """The thing is not in a state in which this can be done."""


class InsufficientStock(DomainError):
    """Fewer pieces are available than asked; `skus` holds the ids of those that are short."""

    def __init__(self, message, *, field=None, skus=()):
        super().__init__(message, field=field)
        self.skus = tuple(skus)


class Stale(DomainError):
    """Somebody else changed the thing since it was read."""

    status = 412


@contextmanager
def fields_as(names, *, under=""):
    """Have a DomainError raised within name its field as the request does.

    `names` is {field: as the request calls it}, for others than those it calls the same; `under` the path to them.
    """
    try:
        yield
    except DomainError as error:
        if error.field:
            error.field = f"{under}.{names.get(error.field, error.field)}".removeprefix(".")
        raise


class Retry(Exception):
    """The ground moved under a command: it is rolled back and run again from the start."""
