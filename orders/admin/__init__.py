from . import account, channel, channel_out, customer, edi, money, order, selling, strategy  # noqa: F401
