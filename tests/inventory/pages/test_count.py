import pytest

from inventory.models import Bin, CountSession, StockEntry
from inventory.services import stock
from tests.inventory.ledger import bins, level
from tests.make import make_location, make_sku


@pytest.fixture
def shelf(berlin, mug):
    bin = Bin.objects.create(location=berlin, code="A-1")
    stock.move(mug, stock.system_bin(berlin, Bin.Kind.DOCK), bin, 10)
    return bin


@pytest.fixture
def session(worker, shelf):
    worker.post("/stock/counts/", {"bin": "a-1"})
    return CountSession.objects.get()


def path(session, what=""):
    return f"/stock/counts/{session.pk}/{what}"


def test_scans_add_up_and_a_typed_number_replaces_them(worker, session, mug):
    for _ in range(3):
        answer = worker.post(path(session), {"code": "mug"})
    assert answer.headers["Location"] == f"{path(session)}?sku={mug.pk}"
    assert session.lines.get().counted == 3
    worker.post(path(session), {"sku": mug.pk, "pieces": "8"})
    assert session.lines.get().counted == 8


def test_who_counts_does_not_see_the_book(log_in_with, session, berlin):
    tea = make_sku(4711, berlin, code="TEA")  # a number that is no id either
    stock.move(tea, stock.system_bin(berlin, Bin.Kind.DOCK), session.bin, 4711)
    client = log_in_with("view_stocklevel", "count_stock")
    client.post(path(session), {"code": "tea"})
    assert "4711" not in client.get(f"{path(session)}?sku={tea.pk}").content.decode()
    assert client.get(path(session, "review/")).status_code == 403
    assert client.post(path(session, "review/"), {"do": "post"}).status_code == 403
    assert CountSession.objects.get().is_open


def test_the_review_shows_differences_and_what_they_are_worth_and_posts(worker, session, mug, berlin, texts):
    worker.post(path(session), {"sku": mug.pk, "pieces": "8"})
    page = worker.get(path(session, "review/")).content.decode()
    assert "-4.00" in page
    answer = worker.post(path(session, "review/"), {"do": "post"})
    assert texts(answer) == [f"Count {session.pk} of A-1 is posted: 1 line differed."]
    assert level(mug, berlin) == (8, 0, 0)
    report = worker.get(path(session, "review/")).content.decode()
    assert "-2" in report
    assert 'name="do"' not in report


def test_a_scanned_bin_goes_on_with_the_count_that_waits_for_it(worker, log_in_with, shelf, mug):
    due = CountSession.objects.create(location=shelf.location, bin=shelf, origin="cycle")
    answer = worker.post("/stock/counts/", {"bin": "a-1"})
    assert answer.headers["Location"] == path(due)
    worker.post(path(due), {"code": "mug"})
    assert worker.post("/stock/counts/", {"bin": "a-1"}).headers["Location"] == path(due), "his own"

    other = log_in_with("view_stocklevel", "count_stock")
    assert other.post("/stock/counts/", {"bin": "a-1"}).headers["Location"] != path(due), "who counts is left alone"
    worker.post(path(due, "review/"), {"do": "post"})
    CountSession.objects.exclude(pk=due.pk).delete()
    CountSession.objects.update(status="recount")
    assert other.post("/stock/counts/", {"bin": "a-1"}).headers["Location"] == path(due)


def test_what_was_not_found_is_booked_off_when_one_says_so(worker, session, mug, berlin):
    assert "In the book for this bin, not counted" in worker.get(path(session, "review/")).content.decode()
    worker.post(path(session, "review/"), {"do": "post", "missing": "1"})
    assert level(mug, berlin) == (0, 0, 0)


def test_what_was_not_found_stays_otherwise(worker, session, mug, berlin):
    cup = make_sku(code="CUP")
    worker.post(path(session), {"code": cup.code})
    worker.post(path(session, "review/"), {"do": "post"})
    assert (level(mug, berlin), level(cup, berlin)) == ((10, 0, 0), (1, 0, 0))


def test_where_nothing_was_counted_the_book_was_not_right(worker, session, texts):
    said = texts(worker.post(path(session, "review/"), {"do": "post"}))
    assert said == ["Nothing was counted: scan what is there, say that none of it is, or throw the count away."]
    assert CountSession.objects.get().is_open


def test_a_bin_that_is_empty_by_the_book_and_in_truth_is_right(worker, berlin, texts):
    empty = Bin.objects.create(location=berlin, code="B-1")
    worker.post("/stock/counts/", {"bin": "b-1"})
    session = CountSession.objects.get(bin=empty)
    answer = worker.post(path(session, "review/"), {"do": "post"})
    assert texts(answer) == [f"Count {session.pk} of B-1 is posted: the book was right."]


def test_a_bin_scanned_twice_is_one_count(worker, session):
    answer = worker.post("/stock/counts/", {"bin": "A-1"})
    assert answer.headers["Location"] == path(session)
    assert CountSession.objects.count() == 1


def test_a_count_across_bins_begun_twice_is_one_until_it_is_posted(worker, log_in_with, shelf, mug):
    begun = [worker.post("/stock/counts/", {"whole": "1"}).headers["Location"] for _ in range(2)]
    other = log_in_with("view_stocklevel", "count_stock")
    begun.append(other.post("/stock/counts/", {"whole": "1"}).headers["Location"])
    CountSession.objects.update(status="recount")
    begun.append(other.post("/stock/counts/", {"whole": "1"}).headers["Location"])
    assert begun[0] == begun[1]
    assert len(set(begun)) == 3


def test_a_count_can_be_thrown_away(worker, session, mug, berlin):
    worker.post(path(session), {"sku": mug.pk, "pieces": "8"})
    page = worker.post(path(session, "review/"), {"do": "cancel"}, follow=True).content.decode()
    assert "It was thrown away" in page
    assert "-2" in page
    assert CountSession.objects.get().status == "cancelled"
    assert level(mug, berlin) == (10, 0, 0)


def test_across_bins_each_scan_may_name_its_bin(worker, shelf, mug, berlin):
    worker.post("/stock/counts/", {"whole": "1"})
    session = CountSession.objects.get()
    cup = make_sku(code="CUP")
    worker.post(path(session), {"code": "cup", "where": "a-1"})
    worker.post(path(session), {"sku": cup.pk, "where": "a-1", "pieces": "4"})
    worker.post(path(session, "review/"), {"do": "post"})
    assert bins(cup, berlin) == {"A-1": 4}


@pytest.mark.parametrize(
    "data", [{"code": "NONE"}, {"code": ""}, {"sku": "1", "pieces": "x"}, {"code": "mug", "where": "A-9"}]
)
def test_nonsense_is_said_and_counts_nothing(worker, shelf, data, texts):
    worker.post("/stock/counts/", {"whole": "1"})
    session = CountSession.objects.get()
    answer = worker.post(path(session), data)
    assert (answer.status_code, len(texts(answer))) == (302, 1)
    assert not session.lines.exists()


def test_no_bin_no_count(worker, berlin, texts):
    assert texts(worker.post("/stock/counts/")) == ["Scan the bin to be counted."]
    assert texts(worker.post("/stock/counts/", {"bin": "A-9"}))[-1] == "BER has no bin A-9."
    assert not CountSession.objects.exists()


def test_the_count_of_another_place_does_not_exist_here(worker, session):
    hamburg = make_location("HAM")
    worker.post("/stock/place/", {"place": hamburg.pk})
    assert worker.get(path(session)).status_code == 404
    assert worker.post(path(session, "review/"), {"do": "post"}).status_code == 404
    assert not StockEntry.objects.filter(reason="recount").exists()


def test_a_large_difference_is_counted_again_blind(log_in_with, worker, session, mug, berlin, texts):
    berlin.recount_pieces = 1
    berlin.save()
    worker.post(path(session), {"sku": mug.pk, "pieces": "6"})
    assert "Somebody else counts" in texts(worker.post(path(session, "review/"), {"do": "post"}))[-1]
    assert level(mug, berlin) == (10, 0, 0)
    other = log_in_with("view_stocklevel", "count_stock")
    page = other.get(f"{path(session)}?sku={mug.pk}").content.decode()
    assert "Count again" in page
    assert '<td class="number">?</td>' in page
    assert 'value="6"' not in page
    other.post(path(session), {"sku": mug.pk, "pieces": "9"})
    lead = log_in_with("view_stocklevel", "adjust_stock")
    assert "first counted 6" in lead.get(path(session, "review/")).content.decode()
    lead.post(path(session, "review/"), {"do": "post"})
    assert level(mug, berlin) == (9, 0, 0)


def test_a_great_value_is_approved_by_one_who_may(log_in_with, worker, session, mug, berlin, texts):
    berlin.approve_count_over = 1
    berlin.save()
    worker.post(path(session), {"sku": mug.pk, "pieces": "6"})
    worker.post(path(session, "review/"), {"do": "post"})
    assert "A lead approves it" in worker.get(path(session, "review/")).content.decode()
    assert worker.post(path(session, "review/"), {"do": "approve"}).status_code == 403
    assert level(mug, berlin) == (10, 0, 0)
    lead = log_in_with("view_stocklevel", "adjust_stock", "approve_count")
    assert "Approve and post" in lead.get(path(session, "review/")).content.decode()
    lead.post(path(session, "review/"), {"do": "approve"})
    assert level(mug, berlin) == (6, 0, 0)
