package swimlink.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import swim.actor.ActorSpaceDef;
import swim.api.space.Space;
import swim.kernel.Kernel;
import swim.server.ServerLoader;
import swim.service.web.WebServiceDef;

/**
 * The SwimOS Java host of the interop tests. Prints {@code listening PORT} once it accepts connections, and ends on
 * SIGTERM or the end of its standard input, so that a test runner that dies leaves no host behind.
 */
public final class Main {

  private static final String SPACE = "interop";
  private static final int LISTENS_WITHIN_MS = 30_000;

  private Main() {
  }

  public static void main(String[] args) throws Exception {
    int port = 0;
    boolean auth = false;
    for (int i = 0; i < args.length; i += 1) {
      if ("--port".equals(args[i]) && i + 1 < args.length) {
        i += 1;
        port = Integer.parseInt(args[i]);
      } else if ("--auth".equals(args[i])) {
        auth = true;
      } else {
        System.err.println("unknown argument " + args[i] + "\nusage: Main [--port N] [--auth]");
        System.exit(2);
      }
    }
    if (port == 0) {
      port = freePort();
    }

    final Kernel kernel = ServerLoader.loadServerStack();
    final Space space = kernel.openSpace(ActorSpaceDef.fromName(SPACE));
    final InteropPlane plane = space.openPlane(SPACE, InteropPlane.class);
    if (auth) {
      final InteropPolicy policy = new InteropPolicy();
      plane.planeContext().setPolicy(policy);
      plane.planeContext().addAuthenticator("interop", new TokenAuthenticator(policy));
    }
    kernel.openService(WebServiceDef.standard().address("127.0.0.1").port(port).spaceName(SPACE));
    kernel.start();

    awaitListening(port);
    System.out.println("listening " + port);
    System.out.flush();

    while (System.in.read() >= 0) {
      // Nothing is asked of us: only the end counts.
    }
    System.exit(0);
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  /** The kernel binds on a thread of its own, and says nothing when it has. */
  private static void awaitListening(int port) throws IOException, InterruptedException {
    final long deadline = System.nanoTime() + LISTENS_WITHIN_MS * 1_000_000L;
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
        return;
      } catch (IOException problem) {
        if (System.nanoTime() > deadline) {
          throw problem;
        }
        Thread.sleep(5);
      }
    }
  }

}
