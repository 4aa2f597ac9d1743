from . import customer, money, order, selling  # noqa: F401
