"""Retries."""
from __future__ import annotations
import os, sys as system
from pkg.sub import thing
from . import near

LIMIT = 3
default_policy: dict = {}

if os.name == "nt":
    def sep():
        return ";"

@decorate
@other(1)
class Retry(Base):
    """Doc."""
    attempts: int = 3
    names = []

    def __init__(self, n):
        self.n = n
        local = 1

    @property
    def name(self):
        return "é€😀"

    class Inner:
        async def run(self):
            def helper():
                pass
            return helper

def outer(fn):
    def wrapper(*a):
        return fn(*a)
    return wrapper

type Alias = int
