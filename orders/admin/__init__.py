from . import account, customer, money, order, selling, strategy  # noqa: F401
