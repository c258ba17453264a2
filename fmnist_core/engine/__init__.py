"""The only place where work leaves the page: queue, process, worker."""
