"""A trace for people, programs and other tools: one value, five forms."""

from weighlock.views.trace.csv_table import csv_table
from weighlock.views.trace.data import data
from weighlock.views.trace.detail import detail, serving
from weighlock.views.trace.page import page
from weighlock.views.trace.reqif import reqif
from weighlock.views.trace.text import text

__all__ = ["csv_table", "data", "detail", "page", "reqif", "serving", "text"]
