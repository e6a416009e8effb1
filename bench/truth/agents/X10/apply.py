from hand import drop, say

drop("ledger/legacy.py")
drop("tests/test_legacy.py")
drop("tests/test_money.py")
say("The old names are gone, and with them their tests.")
