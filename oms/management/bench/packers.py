"""Packers at the bench: scan the tote, the items, take the carton that is proposed, weigh, ship."""

from oms.management.bench.device import Page

PACK = "/floor/pack/"
OWN_BOX = {"length_mm": 610, "width_mm": 410, "height_mm": 414}  # where nothing is proposed


class Packer:
    """One packer; `codes` are {SKU code: {code: pieces}}, all that a scanner can read."""

    def __init__(self, device, codes):
        self.device, self.codes = device, codes
        self.shipped = self.stopped = self.scans = self.measured = 0

    def work(self, totes):
        """Pack tote after tote out of the queue `totes`, until None is among them."""
        while tote := totes.get():
            page = self.device.post(PACK, scan=tote)
            if page.alarms or page.path == PACK:
                raise RuntimeError(f"Tote {tote}: {page.alarms}")
            if page.is_stopped:
                self.device.post(page.path, do="accept")
                self.stopped += 1
            else:
                self._pack(page)
        totes.put(None)  # for the next packer

    def _pack(self, page):
        while page.items:
            page = self._fill(page)
        after = self._close(page, "send")
        if not after.path.endswith("/sent/"):
            raise RuntimeError(f"{page.path} did not ship: {after.alarms}")
        self.shipped += 1

    def _fill(self, page):
        """Fill one parcel: all there is, or what the bench says goes into the first of several."""
        sku = next(iter(page.items))
        page, pieces = self._scan(page, sku, page.items[sku])
        wanted = page.first_box
        if wanted is None:
            while page.items:
                sku = next(iter(page.items))
                page, _ = self._scan(page, sku, page.items[sku])
            return page
        if wanted[sku] < pieces:
            for _ in range(pieces):
                page = self.device.post(page.path, do="undo", line=page.value("line"))
        else:
            wanted[sku] -= pieces
        for code in +wanted:
            while wanted[code]:
                page, pieces = self._scan(page, code, wanted[code])
                wanted[code] -= pieces
        return self._close(page, "close") if page.items else page

    def _scan(self, page, sku, left):
        """Scan the largest pack of a SKU that is wanted; returns (the next page, its pieces)."""
        code, pieces = max(self.codes[sku].items(), key=lambda row: (row[1] <= left, row[1]))
        self.scans += 1
        after = self.device.post(page.path, do="scan", scan=code)
        if after.alarms:
            raise RuntimeError(f"{sku}: {after.alarms}")
        return after, pieces

    def _close(self, page: Page, do):
        """Take the carton that is proposed, and the weight that the scale shows; else measure the box."""
        form = {"carton": page.carton} if page.carton else OWN_BOX
        self.measured += not page.carton
        after = self.device.post(page.path, do=do, weight_g=page.weight_g or 1000, **form)
        if after.alarms:
            raise RuntimeError(f"{page.path}: {after.alarms}")
        return after
