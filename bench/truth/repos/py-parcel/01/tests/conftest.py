import pytest


@pytest.fixture
def light():
    return 500
