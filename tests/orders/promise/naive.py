"""What can be promised, by looking at every moment: slow and plain, to check the timeline with."""


def net(events, at):
    """Pieces that are there at a moment: all that came less all that went."""
    return sum(pieces for moment, pieces in events if moment <= at)


def earliest(events, pieces, *, now):
    """The first moment from `now` on from which there are never fewer than `pieces`; None: there is none."""
    moments = sorted({now, *(moment for moment, _ in events if moment > now)})
    for i, moment in enumerate(moments):
        if all(net(events, later) >= pieces for later in moments[i:]):
            return moment
    return None


def overpromised(events, *, now):
    """The moments from `now` on at which more was promised than is there."""
    return [moment for moment in {now, *(at for at, _ in events if at > now)} if net(events, moment) < 0]
