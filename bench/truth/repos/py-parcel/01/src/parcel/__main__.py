"""The command line."""

import argparse

from parcel.zones import zone


def parser():
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="parcel")
    verbs = top.add_subparsers(dest="verb", required=True)
    zones = verbs.add_parser("zone")
    zones.add_argument("country")
    zones.set_defaults(run=show_zone)
    return top


def show_zone(told):
    """Print the zone of a country."""
    print(zone(told.country))


def main(words=None):
    """Run a command."""
    told = parser().parse_args(words)
    told.run(told)


if __name__ == "__main__":
    main()
