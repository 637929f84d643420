"""The configuration of the balancer: one address in front of several nodes.

Source: HAProxy 2.6 configuration manual, `retry-on`, `option httpchk`, `option forwardfor`.
"""

from collections.abc import Iterable

_HEAD = """\
global
    maxconn 2000
    hard-stop-after 30s

defaults
    mode http
    timeout connect 2s
    timeout client 75s
    timeout server 75s
    timeout queue 10s
    timeout http-request 15s
    timeout http-keep-alive 30s
    retries 3
    option redispatch 1
    http-error status 503 content-type text/plain hdr Retry-After 5 string "ask again\\n"

frontend site
    bind {host}:{port}
    # Nobody from outside says where a request came from.
    http-request del-header X-Forwarded-For
    http-request set-header X-Forwarded-Proto http
    option forwardfor
    default_backend nodes

backend nodes
    balance leastconn
    # A node that stops says so before it closes its door.
    option httpchk
    http-check send meth GET uri /readyz
    http-check expect status 200
    default-server check inter 500ms fall 1 rise 1 pool-purge-delay 30s
    # What only reads, and what carries a key, is safe to repeat on another node.
    retry-on conn-failure empty-response response-timeout 503
    http-request disable-l7-retry unless METH_GET or {{ req.hdr(Idempotency-Key) -m found }}
"""


def balancer_config(port: int, nodes: Iterable[tuple[str, int]], host: str = "127.0.0.1") -> str:
    """Return HAProxy's configuration for nodes on this machine, by name and port."""
    servers = "".join(f"    server {name} 127.0.0.1:{at}\n" for name, at in nodes)
    return _HEAD.format(host=host, port=port) + servers
