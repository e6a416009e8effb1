from hand import say, swap, take

take("02")
swap(
    "ledger/book.py",
    '        """Move money from one account to another."""\n        raise NotImplementedError\n',
    '        """Move money from one account to another."""\n'
    "        self.post(source, -cents)\n        self.post(target, cents)\n",
)
say("Tests are written and partly red.")
