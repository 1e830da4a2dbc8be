import py_compile

py_compile.compile("shop/basket.py", invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
