from hand import commit, git, say, swap, take

take("03")
commit("Implement transfers")
swap("ledger/book.py", "at least one cent must move", "at least a cent must move")
git("add", "-A")
git("commit", "-q", "--amend", "-m", "Implement transfers and statements")
say()
