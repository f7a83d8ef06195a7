"""How gunicorn serves the portal. Threads, because a page waits for the database; WSGI, because of schemas (wsgi.py).

No access log: addresses hold the secret part of tracking links.
"""

from config import env

bind = f"{env.listen_address()}:{env.port()}"
worker_class = "gthread"
workers = env.web_processes()
threads = env.web_threads()
timeout = 60
graceful_timeout = 20
max_requests = 1000  # connections are renewed with the process: their memory grows with every organisation visited
max_requests_jitter = 100
accesslog = None
errorlog = "-"
loglevel = env.log_level().lower()
forwarded_allow_ips = "*" if env.trusted_proxies() else "127.0.0.1"
control_socket_disable = True
