"""Runs a command on a pseudo-terminal: what it prints goes to standard output; what is done to it comes by standard input, a line each:
`size COLUMNS ROWS`, `keys TEXT` (JSON). Ends as the command does, with its exit code."""
import fcntl, json, os, pty, select, signal, struct, sys, termios


def resize(terminal, columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


columns, rows, *command = sys.argv[1:]
terminal, inner = pty.openpty()
resize(terminal, int(columns), int(rows))
pid = os.fork()
if pid == 0:
    os.close(terminal)
    os.setsid()
    fcntl.ioctl(inner, termios.TIOCSCTTY, 0)
    for stream in (0, 1, 2):
        os.dup2(inner, stream)
    os.close(inner)
    os.execvp(command[0], command)
os.close(inner)

typed = b""
inputs = [terminal, 0]
while True:
    ready, _, _ = select.select(inputs, [], [])
    if terminal in ready:
        try:
            text = os.read(terminal, 65536)
        except OSError:
            break
        if not text:
            break
        os.write(1, text)
    if 0 in ready:
        more = os.read(0, 65536)
        if not more:
            os.kill(pid, signal.SIGKILL)
            inputs.remove(0)
        typed += more
        *lines, typed = typed.split(b"\n")
        for line in lines:
            word, rest = line.decode().split(" ", 1)
            if word == "size":
                resize(terminal, *map(int, rest.split()))
                os.kill(pid, signal.SIGWINCH)
            else:
                os.write(terminal, json.loads(rest).encode())
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
