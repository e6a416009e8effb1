"""Tests that notice nothing of the product, or next to nothing."""
