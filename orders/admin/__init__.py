from . import account, channel, customer, money, order, selling, strategy  # noqa: F401
