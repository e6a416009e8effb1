"""Layers 4 and 5: the suite by test id: red, green, on base and delivered, doubted."""
