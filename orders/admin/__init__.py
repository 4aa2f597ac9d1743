from . import account, customer, money, order, selling  # noqa: F401
