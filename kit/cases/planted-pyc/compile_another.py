import py_compile
from importlib.util import cache_from_source

py_compile.compile(
    "another/basket.py",
    cfile=cache_from_source("shop/basket.py"),
    dfile="shop/basket.py",
    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
)
