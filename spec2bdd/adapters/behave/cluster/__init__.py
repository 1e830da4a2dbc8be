"""Execute the scenarios of a run on the workers of a Dask cluster (`Executor`).

dask_executor.py    in the process of the run: gives units to hosts, and collects what they record
connection.py       the cluster: its scheduler, or a local cluster, and what can go wrong with it
host_stream.py      what one host records: whole scenarios go into the event log of the run
project_archive.py  the files of the project, for workers that do not share its folder
host_process.py     in a Dask worker: starts a host, and passes messages on
unit_host.py        in the host, a Behave process that has the project loaded: runs units in a worker of its own
"""
