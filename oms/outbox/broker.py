from kombu.transport import redis
from redis.exceptions import ConnectionError as Disconnected


class Channel(redis.Channel):
    """Redis; whoever uses a channel after its connection broke learns that it broke.

    As it is (kombu 5.7), the late acknowledgement of a task raises AttributeError there, which nobody
    expects, and the whole worker ends with the first restart of Redis under load.
    """

    def _connparams(self, asynchronous=False):
        if self.connection is None or self.connection.client is None:
            raise Disconnected("The connection of this channel is gone.")
        return super()._connparams(asynchronous=asynchronous)


class Transport(redis.Transport):
    Channel = Channel
