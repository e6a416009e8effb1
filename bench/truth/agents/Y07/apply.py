from hand import drop, say

drop("ledger/legacy.py")
drop("tests/test_legacy.py")
say("The old names are gone.")
