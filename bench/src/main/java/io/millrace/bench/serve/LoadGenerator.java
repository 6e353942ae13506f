package io.millrace.bench.serve;

import io.millrace.BadInputException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends requests of one node each to a server on this machine. Owns its client until {@link
 * #close}. One thread.
 */
final class LoadGenerator implements AutoCloseable {
  /** More than these at a time would measure the generator. */
  private static final int MAX_IN_FLIGHT = 4000;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();
  private final URI infer;
  private final int numNodes;
  private final double zipf;
  private final OptionalLong timeoutMillis;

  /**
   * @param address of the server, on loopback
   * @param numNodes of the graph
   * @param zipf the k-th popular node is asked for in proportion to k to the power of minus this; 0
   *     asks for all equally often
   * @param timeoutMillis what a request says about its time; nothing if empty
   * @throws BadInputException if the address is another machine's
   */
  LoadGenerator(URI address, String model, int numNodes, double zipf, OptionalLong timeoutMillis) {
    requireLoopback(address);
    infer = address.resolve("/v2/models/" + model + "/infer");
    this.numNodes = numNodes;
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

  /** Sends requests at random times that do not depend on the answers. */
  LoadResult open(double perSecond, double seconds, long sloNanos, long seed) {
    Random random = new Random(seed);
    int count = (int) Math.max(1, perSecond * seconds);
    long[] sendAt = new long[count];
    double at = 0;
    for (int i = 0; i < count; i++) {
      at -= Math.log(1 - random.nextDouble()) / perSecond * 1e9;
      sendAt[i] = (long) at;
    }
    String[] bodies = new String[count];
    for (int i = 0; i < count; i++) {
      bodies[i] = body(node(random));
    }
    LoadResult result = new LoadResult(perSecond, seconds, sloNanos);
    AtomicInteger inFlight = new AtomicInteger();
    Phaser open = new Phaser(1);
    long start = System.nanoTime();
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
      open.register();
      send(bodies[i])
          .whenComplete(
              (response, _) -> {
                result.add(
                    response == null ? 0 : response.statusCode(), System.nanoTime() - intended);
                inFlight.decrementAndGet();
                open.arriveAndDeregister();
              });
    }
    open.arriveAndAwaitAdvance();
    return result;
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
                int status = send(body(node(random))).join().statusCode();
                answered.addAndGet(status == 200 && System.nanoTime() < end ? 1 : 0);
              }
            });
      }
    }
    return answered.get() / seconds;
  }

  private CompletableFuture<HttpResponse<String>> send(String body) {
    return client.sendAsync(
        HttpRequest.newBuilder(infer)
            .timeout(Duration.ofSeconds(60))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private String body(int node) {
    String time =
        timeoutMillis.isPresent()
            ? "\"parameters\":{\"timeout_ms\":" + timeoutMillis.getAsLong() + "},"
            : "";
    return "{"
        + time
        + "\"inputs\":[{\"name\":\"nodes\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":["
        + node
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
    client.close();
  }
}
