package io.millrace.serving;

import io.millrace.BadInputException;
import io.millrace.serving.http.AccessToken;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Where a server listens and what it accepts. Immutable; each setter returns a copy.
 *
 * @param host address to listen on
 * @param port 0 takes a free one
 * @param maxBodyBytes of a request
 * @param maxNodes of a request
 * @param maxRate requests per second that one client address may send; 0 for no limit
 * @param token that clients must show
 * @param tls for https
 * @param drainDelay how long a server that ends still takes requests, so that a balancer notices
 * @param drainTimeout how long it then waits for those that are being answered
 */
public record ServerOptions(
    String host,
    int port,
    int maxBodyBytes,
    int maxNodes,
    double maxRate,
    AccessToken token,
    Optional<SSLContext> tls,
    Duration drainDelay,
    Duration drainTimeout) {
  private static final int MAX_PORT = 65535;
  private static final double MIN_RATE = 0.001;
  private static final int MAX_RATE = 1_000_000;

  public ServerOptions {
    if (port < 0 || port > MAX_PORT) {
      throw BadInputException.of("a port is 0 to " + MAX_PORT, "port", port);
    }
    if (maxBodyBytes < 1 || maxBodyBytes > 1 << 30 || maxNodes < 1) {
      throw BadInputException.of(
          "a server must accept a request", "maxBodyBytes", maxBodyBytes, "maxNodes", maxNodes);
    }
    if (!(maxRate == 0 || (maxRate >= MIN_RATE && maxRate <= MAX_RATE))) {
      throw BadInputException.of(
          "a rate is 0 for no limit, or " + MIN_RATE + " to " + MAX_RATE, "maxRate", maxRate);
    }
  }

  /** Loopback, a free port, requests of up to 1 MiB and 1024 nodes. */
  public static ServerOptions defaults() {
    return new ServerOptions(
        "127.0.0.1",
        0,
        1 << 20,
        1024,
        0,
        AccessToken.NONE,
        Optional.empty(),
        Duration.ZERO,
        Duration.ofSeconds(30));
  }

  /** The same with another address. */
  public ServerOptions address(String newHost, int newPort) {
    return new ServerOptions(
        newHost, newPort, maxBodyBytes, maxNodes, maxRate, token, tls, drainDelay, drainTimeout);
  }

  /** The same with other limits. */
  public ServerOptions limits(int newMaxBodyBytes, int newMaxNodes) {
    return new ServerOptions(
        host, port, newMaxBodyBytes, newMaxNodes, maxRate, token, tls, drainDelay, drainTimeout);
  }

  /** The same with another limit per client. */
  public ServerOptions maxRate(double perSecond) {
    return new ServerOptions(
        host, port, maxBodyBytes, maxNodes, perSecond, token, tls, drainDelay, drainTimeout);
  }

  /** The same with a token. */
  public ServerOptions token(AccessToken value) {
    return new ServerOptions(
        host, port, maxBodyBytes, maxNodes, maxRate, value, tls, drainDelay, drainTimeout);
  }

  /** The same over https. */
  public ServerOptions tls(SSLContext value) {
    return new ServerOptions(
        host,
        port,
        maxBodyBytes,
        maxNodes,
        maxRate,
        token,
        Optional.of(value),
        drainDelay,
        drainTimeout);
  }

  /** The same with other times of an end. */
  public ServerOptions drain(Duration delay, Duration timeout) {
    return new ServerOptions(
        host, port, maxBodyBytes, maxNodes, maxRate, token, tls, delay, timeout);
  }
}
