"""The truth bench: does a judge tell done from "done"?"""
