"""Tests that base owns: do they still ask what they asked?"""
