from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from orders.models import Connection
from orders.services.receive_document import receive


class Command(BaseCommand):
    help = "Put documents from files into the inbox of a channel, as if they had come by webhook; a worker works them."

    def add_arguments(self, parser):
        parser.add_argument("channel", help="code of a channel that has a connection")
        parser.add_argument("files", nargs="+", help="JSON, XML or EDI, as it came; a file that is known is left alone")

    def handle(self, *, channel, files, **options):
        connection = Connection.objects.filter(channel__code__iexact=channel).first()
        if connection is None:
            raise CommandError(f"Channel {channel} has no connection: make one in the console.")
        new = 0
        for file in files:
            try:
                body = Path(file).read_bytes()
            except OSError as error:
                raise CommandError(f"{file}: {error.strerror}.") from None
            new += receive(connection, body=body, topic="file")[1]
        self.stdout.write(f"{new} of {len(files)} files are new.")
