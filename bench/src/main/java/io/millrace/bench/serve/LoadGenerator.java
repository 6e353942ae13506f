package io.millrace.bench.serve;

import io.millrace.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Sends requests to a server on this machine. Owns its client until {@link #close}. One thread. */
final class LoadGenerator implements AutoCloseable {
  /** More than these at a time would measure the generator. */
  private static final int MAX_IN_FLIGHT = 4000;

  private static final int MAX_WAIT_SECONDS = 60;

  private final URI address;
  private final Connections connections;
  private final String infer;
  private final int numNodes;
  private final int perRequest;
  private final double zipf;
  private final OptionalLong timeoutMillis;

  /**
   * @param address of the server, on loopback
   * @param numNodes of the graph
   * @param perRequest nodes that a request asks for
   * @param zipf the k-th popular node is asked for in proportion to k to the power of minus this; 0
   *     asks for all equally often
   * @param timeoutMillis what a request says about its time; nothing if empty
   * @throws BadInputException if the address is another machine's
   */
  LoadGenerator(
      URI address,
      String model,
      int numNodes,
      int perRequest,
      double zipf,
      OptionalLong timeoutMillis) {
    requireLoopback(address);
    this.address = address;
    connections = new Connections(address);
    infer = "/v2/models/" + model + "/infer";
    this.numNodes = numNodes;
    this.perRequest = perRequest;
    this.zipf = zipf;
    this.timeoutMillis = timeoutMillis;
  }

  private static void requireLoopback(URI address) {
    try {
      if (InetAddress.getByName(address.getHost()).isLoopbackAddress()) {
        return;
      }
    } catch (UnknownHostException _) { // refused below
    }
    throw BadInputException.of("load is sent to this machine alone", "address", address);
  }

  /**
   * Sends requests at random times that do not depend on the answers.
   *
   * @param result receives what becomes of them, and says how many per second
   */
  void open(double seconds, LoadResult result, long seed) {
    Random random = new Random(seed);
    double perSecond = result.perSecond();
    int count = (int) Math.max(1, perSecond * seconds);
    long[] sendAt = new long[count];
    double at = 0;
    for (int i = 0; i < count; i++) {
      at -= Math.log(1 - random.nextDouble()) / perSecond * 1e9;
      sendAt[i] = (long) at;
    }
    byte[][] requests = new byte[count][];
    for (int i = 0; i < count; i++) {
      requests[i] = request(random);
    }
    result.begin(seconds);
    Phaser unanswered = new Phaser(1);
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long intended = start + sendAt[i];
      for (long now = System.nanoTime(); now < intended; now = System.nanoTime()) {
        LockSupport.parkNanos(intended - now);
      }
      if (unanswered.getUnarrivedParties() > MAX_IN_FLIGHT) {
        result.lost();
        continue;
      }
      unanswered.register();
      result.sent(System.nanoTime() - intended);
      connections.send(
          requests[i],
          (status, readAt) -> {
            result.add(status, readAt - intended);
            unanswered.arriveAndDeregister();
          });
    }
    await(unanswered);
  }

  /** How many requests per second are answered if some clients send one after the other. */
  double closed(int numClients, double seconds, long seed) {
    AtomicInteger answered = new AtomicInteger();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    Phaser clients = new Phaser(1 + numClients);
    for (int c = 0; c < numClients; c++) {
      new Client(new Random(seed + c), end, answered, clients).send();
    }
    await(clients);
    return answered.get() / seconds;
  }

  /** Sends a request whenever the one before is answered. */
  private final class Client {
    private final Random random;
    private final long end;
    private final AtomicInteger answered;
    private final Phaser clients;

    Client(Random random, long end, AtomicInteger answered, Phaser clients) {
      this.random = random;
      this.end = end;
      this.answered = answered;
      this.clients = clients;
    }

    void send() {
      connections.send(request(random), this::answered);
    }

    private void answered(int status, long at) {
      answered.addAndGet(status == 200 && at < end ? 1 : 0);
      if (status > 0 && at < end) {
        send();
      } else {
        clients.arriveAndDeregister();
      }
    }
  }

  /** Waits for all that is registered with a phaser of one phase. */
  private static void await(Phaser others) {
    try {
      others.awaitAdvanceInterruptibly(others.arrive(), MAX_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the server answers no more", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The sum of a metric over all models, from {@code /metrics}; 0 where there is none. */
  double metric(String name) {
    String text;
    try {
      URLConnection metrics = address.resolve("/metrics").toURL().openConnection(Proxy.NO_PROXY);
      metrics.setReadTimeout(MAX_WAIT_SECONDS * 1000);
      try (InputStream in = metrics.getInputStream()) {
        text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.lines()
        .filter(line -> line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private byte[] request(Random random) {
    String time =
        timeoutMillis.isPresent()
            ? "\"parameters\":{\"timeout_ms\":" + timeoutMillis.getAsLong() + "},"
            : "";
    String nodes =
        IntStream.range(0, perRequest)
            .mapToObj(_ -> Integer.toString(node(random)))
            .collect(Collectors.joining(","));
    String body =
        "{"
            + time
            + "\"inputs\":[{\"name\":\"nodes\",\"shape\":["
            + perRequest
            + "],\"datatype\":\"INT64\",\"data\":["
            + nodes
            + "]}],\"outputs\":[{\"name\":\"prediction\"}]}";
    return Connections.request(address, "POST", infer, body);
  }

  /** By the inverse of the continuous distribution. */
  private int node(Random random) {
    double u = random.nextDouble();
    double rank;
    if (Math.abs(zipf - 1) < 1e-9) {
      rank = Math.pow(numNodes, u) - 1;
    } else {
      double power = 1 - zipf;
      rank = Math.pow(u * (Math.pow(numNodes, power) - 1) + 1, 1 / power) - 1;
    }
    int popular = (int) Math.clamp(rank, 0, numNodes - 1);
    return (int) (popular * 2_654_435_761L % numNodes); // neighbours in rank are none in the graph
  }

  @Override
  public void close() {
    connections.close();
  }
}
