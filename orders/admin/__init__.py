from . import account, channel, customer, edi, money, order, selling, strategy  # noqa: F401
