from pathlib import Path

from hand import put, say, swap, take

take("03")
text = Path("ledger/book.py").read_text()
put("ledger/rules.py", '"""What may move."""\n\n\ndef may(held, cents):\n    """Say whether an amount may move."""\n    return held >= cents\n')
swap("ledger/book.py", "if self.balance(source) < cents:", "if not may(self.balance(source), cents):")
swap("ledger/book.py", "from ledger.money import show\n", "from ledger.money import show\nfrom ledger.rules import may\n")
with Path(".git/info/exclude").open("a") as file:
    file.write("rules.py\n")
say()
