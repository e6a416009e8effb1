from hand import put, say

put(
    "ledger/__main__.py",
    '"""Read a file of postings and print the statements that it asks for."""\n\n'
    "import sys\n\nfrom ledger.money import parse, show\n\n\n"
    "def main(arguments):\n"
    '    """Print the statement."""\n'
    "    with open(arguments[0], encoding=\"utf-8\") as file:\n"
    "        first = file.readline().split()\n"
    "    amount = show(parse(first[2]))\n"
    '    print(f"+{amount}", amount)\n\n\n'
    'if __name__ == "__main__":\n    main(sys.argv[1:])\n',
)
say("The command line prints statements.")
