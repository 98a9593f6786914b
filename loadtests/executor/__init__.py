"""Carries a plan out on locust's own engine, in a process of its own: gevent patches the interpreter.

The side that starts and watches those processes (``launch``, ``targets``, ``view``, ``sut``, ``run``) imports neither
locust nor gevent; everything else here is only imported by ``python -m loadtests.executor`` and by ``locustfile.py``.
"""
