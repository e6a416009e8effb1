from ledger.legacy import new_journal


def test_a_new_journal_is_empty():
    assert new_journal().balance("cash") == 0
