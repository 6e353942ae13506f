package io.millrace.bench.serve;

import io.millrace.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Sends requests to a server on this machine. Owns its client until {@link #close}. One thread. */
final class LoadGenerator implements AutoCloseable {
  /** More than these at a time would measure the generator. */
  private static final int MAX_IN_FLIGHT = 4000;

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
    String[] bodies = new String[count];
    for (int i = 0; i < count; i++) {
      bodies[i] = body(random);
    }
    result.begin(seconds);
    AtomicInteger inFlight = new AtomicInteger();
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        long intended = start + sendAt[i];
        for (long now = System.nanoTime(); now < intended; now = System.nanoTime()) {
          LockSupport.parkNanos(intended - now);
        }
        if (inFlight.get() >= MAX_IN_FLIGHT) {
          result.lost();
          continue;
        }
        inFlight.incrementAndGet();
        String body = bodies[i];
        threads.submit(
            () -> {
              result.add(status(body), System.nanoTime() - intended);
              inFlight.decrementAndGet();
            });
      }
    }
  }

  /** How many requests per second are answered if some clients send one after the other. */
  double closed(int numClients, double seconds, long seed) {
    AtomicInteger answered = new AtomicInteger();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int c = 0; c < numClients; c++) {
        Random random = new Random(seed + c);
        threads.submit(
            () -> {
              while (System.nanoTime() < end) {
                int status = status(body(random));
                answered.addAndGet(status == 200 && System.nanoTime() < end ? 1 : 0);
              }
            });
      }
    }
    return answered.get() / seconds;
  }

  /** The sum of a metric over all models, from {@code /metrics}; 0 where there is none. */
  double metric(String name) {
    String text;
    try {
      text = connections.send("GET", "/metrics", "").text();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.lines()
        .filter(line -> line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** The status of the answer to a request; 0 if there is none. */
  private int status(String body) {
    try {
      return connections.send("POST", infer, body).status();
    } catch (IOException _) {
      return 0;
    }
  }

  private String body(Random random) {
    String time =
        timeoutMillis.isPresent()
            ? "\"parameters\":{\"timeout_ms\":" + timeoutMillis.getAsLong() + "},"
            : "";
    String nodes =
        IntStream.range(0, perRequest)
            .mapToObj(_ -> Integer.toString(node(random)))
            .collect(Collectors.joining(","));
    return "{"
        + time
        + "\"inputs\":[{\"name\":\"nodes\",\"shape\":["
        + perRequest
        + "],\"datatype\":\"INT64\",\"data\":["
        + nodes
        + "]}],\"outputs\":[{\"name\":\"prediction\"}]}";
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
