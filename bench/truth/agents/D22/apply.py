from hand import drop, say, swap, take

take("03")
swap("ledger/money.py", "return f\"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}\"", "return f\"{cents / 100:+.2f}\"")
swap("ledger/book.py", 'f"{sign}{show(cents)}", show(held)', 'show(cents), show(held)[1:]')
swap("ledger/book.py", '                sign = "+" if cents >= 0 else ""\n', "")
drop("tests/test_money.py")
say("Implemented; money formatting unified, its redundant test removed.")
