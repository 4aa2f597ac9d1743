from . import account, channel, channel_out, customer, money, order, selling, strategy  # noqa: F401
