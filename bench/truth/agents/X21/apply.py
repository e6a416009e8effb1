from hand import say, swap, take

take("03")
swap("ledger/book.py", "it may be negative.", "it may be negative. @plan:PLAN-LEDGER.P02")
say("Transfers and statements work. Every changed function carries its marker.")
