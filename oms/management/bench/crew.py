"""Who works on a bench's day: people with badges at their devices, and a wave of lists that they work off."""

from concurrent.futures import ThreadPoolExecutor
from queue import Queue

from django.contrib.auth.models import Group, User

from fulfilment.models import Station
from fulfilment.services import badges
from inventory.models import Bin, Sku, SkuBarcode
from oms.management.bench.device import Device
from oms.management.bench.packers import Packer
from oms.management.bench.pickers import Picker, Shift
from oms.roles import PACKER, PICKER, sync_roles

PACKERS = 2


class Crew:
    """Pickers, one of whom loses his connection, and packers, all at work at once; `shift` are fields of a Shift."""

    def __init__(self, place, port, *, pickers, seed, **shift):
        sync_roles()
        self.station = Station.objects.create(location=place, code="FLOOR-1")
        codes = _codes()
        bins = list(Bin.objects.filter(location=place, kind=Bin.Kind.SHELF).values_list("code", flat=True))
        self.shift = Shift(port, codes=sorted(codes), bins=bins, **shift)
        self.pickers = [
            Picker(self._device(PICKER, number), self.shift, seed=seed + number, loses_connection=number == 0)
            for number in range(pickers)
        ]
        self.packers = [Packer(self._device(PACKER, number), codes) for number in range(PACKERS)]

    def work_off(self, backlog):
        """Pick and pack all lists that wait, while `backlog` sees to the deliveries."""
        self.shift.totes = totes = Queue()
        with ThreadPoolExecutor(len(self.pickers) + PACKERS) as pool:
            packing = [pool.submit(packer.work, totes) for packer in self.packers]
            picking = [pool.submit(picker.work) for picker in self.pickers]
            backlog.until(picking)
            totes.put(None)
            backlog.until(packing)
        for future in [*picking, *packing]:
            future.result()

    def sum(self, name):
        """Return what all who count `name` counted."""
        return sum(getattr(one, name, 0) for one in [*self.pickers, *self.packers])

    def _device(self, role, number):
        user = User.objects.create_user(f"{role.lower()}{number}", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        badge = badges.issue(user, actor="system")
        return Device(self.shift.port, station=self.station, badge=badge)


def _codes():
    """Return {SKU code: {code: pieces}} of all that a scanner can read off the goods."""
    codes = {code: {code: 1} for code in Sku.objects.values_list("code", flat=True)}
    for sku, code, pieces in SkuBarcode.objects.values_list("sku__code", "code", "pieces"):
        codes[sku][code] = pieces
    return codes
