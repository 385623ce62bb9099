"""Drives the package swimos by lines of JSON: a request {id, op, ...} on standard input is answered by {id, result} or {id, error}."""

import json
import sys
import traceback

from swimos import SwimClient

host_uri = sys.argv[1]
clients = []
opened = {}
authenticated = []


def new_client():
    client = SwimClient(debug=True)
    client.start()
    clients.append(client)
    return client


def plain(value):
    """A value of the package as JSON can say it."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if type(value).__name__ == '_Absent':
        return None
    return {'@' + type(value).__name__: None, **{key: plain(item) for key, item in vars(value).items()}}


class Opened:
    def __init__(self, kind, node, lane):
        self.kind = kind
        self.told = []
        self.events = []
        self.entries = {}
        self.value = None
        self.synced = False
        self.linked = False
        self.unlinked = False
        # A client of its own: the package takes the second downlink of a client to be closed as soon as it is open.
        client = new_client()
        make = {'map': client.downlink_map, 'value': client.downlink_value, 'event': client.downlink_event}[kind]
        self.downlink = make()
        self.downlink.set_host_uri(host_uri)
        self.downlink.set_node_uri(node)
        self.downlink.set_lane_uri(lane)
        self.downlink.did_link(self.did_link)
        self.downlink.did_unlink(self.did_unlink)
        if kind == 'event':
            self.downlink.on_event(self.on_event)
        else:
            self.downlink.did_sync(self.did_sync)
        if kind == 'map':
            self.downlink.did_update(self.did_update)
            self.downlink.did_remove(self.did_remove)
        if kind == 'value':
            self.downlink.did_set(self.did_set)
        self.downlink.open()

    def did_link(self):
        self.linked = True

    def did_unlink(self):
        self.unlinked = True

    def did_sync(self):
        self.synced = True

    def did_update(self, key, value, _old):
        self.entries[json.dumps(plain(key), sort_keys=True)] = [plain(key), plain(value)]
        self.told.append(['update', plain(key), plain(value)])

    def did_remove(self, key, _old):
        self.entries.pop(json.dumps(plain(key), sort_keys=True), None)
        self.told.append(['remove', plain(key)])

    def did_set(self, value, _old):
        self.value = plain(value)
        self.told.append(['set', plain(value)])

    def on_event(self, event):
        self.events.append(plain(event))

    def state(self):
        return {
            'synced': self.synced,
            'linked': self.linked,
            'unlinked': self.unlinked,
            'authenticated': len(authenticated) > 0,
            'told': list(self.told),
            'events': list(self.events),
            'entries': list(self.entries.values()),
            'value': self.value,
        }


def run(op, args):
    if op == 'open':
        opened[args['as']] = Opened(args['kind'], args['node'], args['lane'])
        return None
    if op == 'command':
        commander.command(host_uri, args['node'], args['lane'], args['body'])
        return None
    if op == 'authenticate':
        commander.did_auth(lambda _host, _message: authenticated.append(True))
        commander.authenticate(host_uri, args['credentials'])
        return None
    it = opened[args['as']]
    if op == 'state':
        return it.state()
    if op == 'put':
        it.downlink.put(args['key'], args['value'])
    elif op == 'remove':
        it.downlink.remove(args['key'])
    elif op == 'set':
        it.downlink.set(args['value'])
    elif op == 'close':
        it.downlink.close()
    else:
        raise ValueError('the package has no ' + op)
    return None


def answer(line):
    sys.stdout.write(json.dumps(line) + '\n')
    sys.stdout.flush()


commander = new_client()
answer({'id': 0, 'result': 'ready'})
for text in sys.stdin:
    request = json.loads(text)
    number, op = request.pop('id'), request.pop('op')
    try:
        answer({'id': number, 'result': run(op, request)})
    except Exception:
        answer({'id': number, 'error': traceback.format_exc()})
for client in clients:
    client.stop()
