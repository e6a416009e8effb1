from hand import say, swap, take

take("03")
swap("ledger/book.py", "to another.", "to another. @plan:PLAN-LEDGER.P02")
swap("ledger/book.py", "lines of an account.", "lines of an account. @plan:PLAN-LEDGER.P02")
say()
