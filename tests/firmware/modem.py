"""A modem at the other end of a board's serial line: the part of ESP-AT that examples/transports/at_modem.hpp uses.

TLS ends here, by Python's ssl: the certificate and the host's name are checked, as the modem's firmware would do it.
"""
import re
import select
import socket
import ssl
import threading

LARGEST_DATA = 1460


class Modem(threading.Thread):
    """Serves one board. `reroute` maps a host that the board asks for to (host, port) that is meant."""

    def __init__(self, ca, reroute):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.ca, self.reroute = ca, reroute
        self.commands = []  # what the board said, but for the data
        self.received = b""  # that data
        self.verify, self.name, self.link = False, None, None

    def run(self):
        self.board, _ = self.listener.accept()
        self.board.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self.serve()
        except OSError:
            pass  # the board was switched off
        for one in [self.listener, self.board, self.link]:
            if one:
                one.close()

    def serve(self):
        heard = b""
        while True:
            if self.link and self.link.pending():
                self.from_link()
                continue
            ready, _, _ = select.select([self.board, *([self.link] if self.link else [])], [], [], 30)
            if not ready:
                return
            if self.link in ready:
                self.from_link()
            if self.board in ready:
                piece = self.board.recv(4096)
                if not piece:
                    return
                heard += piece
                while b"\n" in heard:
                    line, heard = heard.split(b"\n", 1)
                    heard = self.obey(line.strip().decode(), heard)

    def say(self, text):
        self.board.sendall(text.encode())

    def obey(self, command, heard):
        """Does one command; returns what came behind it and is not its data."""
        if not command:
            return heard
        self.commands.append(command)
        sized = re.fullmatch(r"AT\+CIPSEND=(\d+)", command)
        start = re.fullmatch(r'AT\+CIPSTART="SSL","([^"]+)",(\d+)', command)
        name = re.fullmatch(r'AT\+CIPSSLCSNI="([^"]+)"', command)
        if command == "AT+CIPSSLCCONF=2":
            self.verify = True
            self.say("\r\nOK\r\n")
        elif name:
            self.name = name[1]
            self.say("\r\nOK\r\n")
        elif start:
            self.connect(start[1])
        elif sized and self.link:
            return self.send(int(sized[1]), heard)
        elif command == "AT+CIPCLOSE" and self.link:
            self.hang_up("OK\r\n")
        else:
            self.say("\r\nERROR\r\n")
        return heard

    def connect(self, host):
        if not self.verify or self.name != host or host not in self.reroute:
            return self.say("\r\nERROR\r\n")
        context = ssl.create_default_context(cafile=self.ca)
        target = self.reroute[host]
        try:
            self.link = context.wrap_socket(socket.create_connection(target, timeout=10), server_hostname=target[0])
        except (OSError, ssl.SSLError):
            return self.say("CLOSED\r\n\r\nERROR\r\n")
        return self.say("CONNECT\r\n\r\nOK\r\n")

    def send(self, size, heard):
        self.say("\r\nOK\r\n\r\n>")
        while len(heard) < size:
            piece = self.board.recv(4096)
            if not piece:
                raise OSError("the board is gone")
            heard += piece
        self.link.sendall(heard[:size])
        self.received += heard[:size]
        self.say(f"\r\nRecv {size} bytes\r\n\r\nSEND OK\r\n")
        return heard[size:]

    def from_link(self):
        try:
            data = self.link.recv(LARGEST_DATA)
        except OSError:
            data = b""
        if data:
            self.board.sendall(b"\r\n+IPD,%d:" % len(data) + data)
        else:
            self.hang_up("")

    def hang_up(self, more):
        self.link.close()
        self.link = None
        self.say("\r\nCLOSED\r\n" + more)
